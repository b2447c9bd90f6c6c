"""What the gateway's installer looks at before it changes anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lab.host import Host
from lab.products.db2 import client
from lab.products.gateway import layout, response
from lab.products.was.installation import packages, product, profile_registry, profiles
from lab.products.was.installation.profile_request import in_the_way
from lab.products.was.layout import Installation, join

LOWEST_WAS = "6.1.0.11"


def problems(installation: Installation, values: Mapping[str, str]) -> Iterator[str]:
    """What prevents the installation of a valid response file."""
    if values[response.LICENCE] != "true":
        yield "The license agreement is not accepted."
        return
    host = installation.host
    if not host.user.administrator:
        yield "The user must be root or a member of Administrators."
    yield from _was_problems(installation, values.get("WAS_MEDIA_PATH", ""))
    yield from _target_problems(installation)
    if host.resolve(values["HOST_NAME"]) is None:
        yield f"HOST_NAME: the host name {values['HOST_NAME']} cannot be resolved."
    if values["INSTALL_TYPE"] in response.WITH_DATABASE:
        yield from _database_problems(host, values)


def _was_problems(installation: Installation, media: str) -> Iterator[str]:
    root = installation.root
    found = product.read(installation, "WAS")
    if found is not None:
        if found.id != "ND" or product.numbers(found.version) < product.numbers(LOWEST_WAS):
            yield f"{root} holds WebSphere {found.id} {found.version}; ND {LOWEST_WAS} or later is needed."
        if list(profiles.processes_of(installation, root)):
            yield f"Processes of WebSphere in {root} are running."
        return
    folder = installation.file()
    if folder.exists() and any(folder.iterdir()):
        yield f"{root} is not empty and holds no WebSphere."
    if not media:
        yield f"{root} holds no WebSphere, and WAS_MEDIA_PATH is not given."
        return
    host = installation.host
    if not host.path(join(host, media, "WAS", layout.was_installer(host))).is_file():
        yield f"WAS_MEDIA_PATH: {media} holds no image of WebSphere."
    for package in packages.fix_packs(host.platform):
        if packages.read(layout.package_file(host, media, package.id)) is None:
            yield f"WAS_MEDIA_PATH: {media} lacks the package {package.id}."


def _target_problems(installation: Installation) -> Iterator[str]:
    host, root = installation.host, installation.root
    if product.read(installation, layout.PRODUCT) is not None:
        yield f"A gateway is installed in {root}."
    path = layout.profile_path(installation)
    if any(entry.name == layout.PROFILE for entry in profile_registry.read(installation)):
        yield f"The profile {layout.PROFILE} is registered in {root}."
    if in_the_way(host.path(path)):
        yield f"The directory {path} exists and is not empty."


def _database_problems(host: Host, values: Mapping[str, str]) -> Iterator[str]:
    where = f"{values['DB_NAME']} on {values['DB_HOST']}:{values['DB_PORT']}"
    for user, password in (("DB_USER", "DB_PASSWORD"), ("DB_SCHEMA_USER", "DB_SCHEMA_PASSWORD")):
        try:
            connection = client.connect(
                host, values["DB_HOST"], int(values["DB_PORT"]), values["DB_NAME"], values[user], values[password]
            )
        except client.DatabaseError as error:
            yield f"The database {where} cannot be used by {user} {values[user]}: {error}"
            return
        with connection:
            schema = values["DB_SCHEMA_USER"].upper()
            if user == "DB_SCHEMA_USER" and not connection.tables(schema):
                yield f"The database {where} has no tables in the schema {schema}."
