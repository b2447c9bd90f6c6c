"""`install.sh -silent -options FILE`, on Windows `install.bat`: the installer of the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.host import Host, NoSpace
from lab.products.gateway import layout, prerequisites, response
from lab.products.was.installation import install, ismp, log, packages, product, profiles, system, update
from lab.products.was.installation.profile_request import Request, Template
from lab.products.was.layout import Installation, join

OK, FAILED = 0, 1
SUCCESS, FAILURE = "Installation completed successfully.", "Installation failed."
IDENTIFIER = "RTCGW801"
PRODUCT_MB = 300
TEMPORARY_MB = 100

_TEMPLATES: Mapping[str, Template] = {
    response.DMGR: "dmgr", response.PRIMARY: "default", response.STANDALONE: "default", response.SECONDARY: "managed",
    response.PROXY: "managed",
}  # fmt: skip


class Failed(Exception):
    """Why the installation ended."""


def main(host: Host, arguments: Sequence[str]) -> int:
    """The program."""
    root = ""
    problems: list[str] = []
    values: dict[str, str] = {}
    try:
        line = ismp.command_line(host, arguments)
        values = {setting.key: setting.value for setting in line.settings}
        problems = list(_command_problems(host, line))
        root = values.get("INSTALL_LOCATION", "").rstrip("/\\")
        if not problems:
            problems = list(prerequisites.problems(Installation(host, root), values))
    except ismp.BadLine as problem:
        problems = [str(problem)]
    if not problems and host.fault("gateway:prerequisites") == "licence-refused":
        problems = ["The license agreement could not be registered."]
    journal = _journal(host, root)
    try:
        if problems:
            raise Failed("\n".join(problems))
        _install(Installation(host, root), values, journal)
    except (Failed, NoSpace) as problem:
        text = f"There is not enough disk space: {problem}" if isinstance(problem, NoSpace) else str(problem)
        for each in text.splitlines():
            journal.message(f"ERROR: {each}")
        journal.message(FAILURE)
        code = FAILED
    else:
        journal.message(SUCCESS)
        code = OK
    _keep(Installation(host, root), journal)
    return code


def _command_problems(host: Host, line: ismp.CommandLine) -> list[str]:
    if not line.silent or not line.options:
        return ["The installation wizard needs a display; use -silent -options <file>."]
    if system.lock_missing(host):
        return [f"Another installation may be running: {system.LOCK} does not exist."]
    return list(response.problems(line.settings))


def _journal(host: Host, root: str) -> log.Log:
    """A new log: in the target once that has a folder for it, in the temporary folder before."""
    logs = join(host, root, "logs")
    folder = logs if root and host.path(logs).is_dir() else system.temporary(host)
    file = host.path(join(host, folder, "installlog.txt"))
    file.unlink(missing_ok=True)
    return log.Log(file, "com.ibm.rtc.gateway.install")


def _keep(installation: Installation, journal: log.Log) -> None:
    final = installation.file("logs", "installlog.txt") if installation.root else journal.file
    if final != journal.file and final.parent.is_dir():
        final.write_bytes(journal.file.read_bytes())
        journal.file.unlink()


def _install(installation: Installation, values: Mapping[str, str], journal: log.Log) -> None:
    host = installation.host
    if product.read(installation, "WAS") is None:
        _lay_websphere(installation, values["WAS_MEDIA_PATH"], journal)
    journal.message(f"Installing {layout.TITLE} {layout.VERSION} to {installation.root}")
    library = join(host, installation.root, "rtc_gw_lib")
    with system.temporary_room(host, TEMPORARY_MB):
        system.claim(host, library, PRODUCT_MB)
        host.path(library).mkdir(exist_ok=True)
        if host.fault("gateway:install") == "disk-full":
            raise NoSpace(installation.root, PRODUCT_MB, 0)
        for name in layout.JARS:
            host.path(join(host, library, name)).write_bytes(b"PK\x05\x06" + b"\0" * 18)
    host.install_program(layout.uninstaller(installation), "gateway:uninstall")
    _create_profile(installation, values, journal)
    if _TEMPLATES[values["INSTALL_TYPE"]] == "default":
        _configure(installation, values, journal)
    system.register(host, IDENTIFIER, layout.TITLE, layout.VERSION, installation.root)
    product.write(installation, product.Product(layout.PRODUCT, layout.TITLE, layout.PRODUCT, layout.VERSION))


def _lay_websphere(installation: Installation, media: str, journal: log.Log) -> None:
    verdict, text = install.lay(installation, journal)
    if verdict != log.SUCCESS:
        raise Failed(text)
    for package in packages.fix_packs(installation.host.platform):
        if not update.process(installation, package, update.INSTALL):
            raise Failed(f"The package {package.id} of {media} could not be applied.")


def _create_profile(installation: Installation, values: Mapping[str, str], journal: log.Log) -> None:
    kind = values["INSTALL_TYPE"]
    template = _TEMPLATES[kind]
    secured = template != "managed"
    outcome = profiles.create(
        installation,
        Request(
            name=layout.PROFILE,
            template=template,
            path=layout.profile_path(installation),
            cell=values["CELL_NAME"],
            node=values["NODE_NAME"],
            host=values["HOST_NAME"],
            server=layout.SERVER if template == "default" else "",
            default=True,
            default_ports=True,
            # A node that is federated gets the security of the cell it joins.
            security=secured,
            user=values["WAS_ADMIN_USER"] if secured else "",
            password=values["WAS_ADMIN_PASSWORD"] if secured else "",
        ),
    )
    journal.message(outcome.text)
    if outcome.verdict == log.FAILED:
        raise Failed(f"The profile {layout.PROFILE} could not be created.")
    if installation.host.fault("gateway:profile") == "start-fails" or outcome.verdict == log.PARTIAL:
        raise Failed(f"The profile {layout.PROFILE} could not be configured.")


def _configure(installation: Installation, values: Mapping[str, str], journal: log.Log) -> None:
    # What it needs of the metamodel is slow to load, and refusals do not need it.
    from lab.products.gateway import configuration  # noqa: PLC0415

    profile = installation.profile(layout.PROFILE)
    assert profile
    configuration.write(profile, values)
    journal.message(f"Installed the applications {', '.join(configuration.APPLICATIONS)} to {layout.SERVER}")
