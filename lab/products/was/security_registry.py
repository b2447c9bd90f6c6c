"""Who may log in to a process: judged by the registry that the repository named when the process started."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from lab.host import Host
from lab.products.was import security
from lab.products.was.layout import Profile
from lab.products.was.security_ldap import Directory, DirectoryError, escaped
from lab.products.was.xor import decode

_CONFIG = "{http://www.ibm.com/websphere/wim/config}"
_XMI, _XSI = "{http://www.omg.org/XMI}", "{http://www.w3.org/2001/XMLSchema-instance}"


class DeniedError(Exception):
    """A login fails; the text is the reason that the log gives."""


class Registry:
    """Security is off: everybody is welcome."""

    enabled = False

    def start(self) -> None:
        """What a server does with its registry when it starts. Raises `DirectoryError`: then it does not."""

    def check(self, user: str, password: str) -> None:
        """Raises `DeniedError` for a user who is unknown, or whose password is another one."""


@dataclass(frozen=True)
class LocalRegistry(Registry):
    """The users of the operating system."""

    host: Host

    enabled = True

    def check(self, user: str, password: str) -> None:
        if not self.host.check_password(user, password):
            raise DeniedError(f"SECJ4101E: {user}")


@dataclass(frozen=True)
class LdapRegistry(Registry):
    """A standalone registry: one directory, and the filter that finds a user in it."""

    directory: Directory
    base: str
    user_filter: str

    enabled = True

    def start(self) -> None:
        """It binds; a server whose registry does not let it does not come up."""
        self.directory.connect()

    def check(self, user: str, password: str) -> None:
        try:
            found = self.directory.find(self.base, self.user_filter.replace("%v", escaped(user)))
            if len(found) != 1:
                raise DeniedError(f"SECJ0369E: no single entry for {user} is found")
            if not self.directory.accepts(found[0], password):
                raise DeniedError(f"SECJ0336E: Authentication failed for user {user}")
        except DirectoryError as error:
            raise DeniedError(str(error)) from None


@dataclass(frozen=True)
class Repository:
    """An LDAP repository of the federated ones: where it looks, and what a user may log in with."""

    directory: Directory
    bases: Sequence[str]
    login_properties: Sequence[str]
    object_classes: Sequence[str]

    def find(self, user: str) -> list[str]:
        """The entries of a user. Raises `DirectoryError`."""
        classes = "".join(f"(objectClass={each})" for each in self.object_classes)
        names = "".join(f"({each}={escaped(user)})" for each in self.login_properties)
        return [name for base in self.bases for name in self.directory.find(base, f"(&(|{classes})(|{names}))")]


@dataclass(frozen=True)
class FederatedRegistry(Registry):
    """The file of users, when the realm has it, and directories. All are asked, and 6.1 needs an answer of each."""

    config: Path
    file: bool
    repositories: Sequence[Repository]

    enabled = True

    def check(self, user: str, password: str) -> None:
        known = self.file and security.knows(self.config, user)
        try:
            found = [(each.directory, name) for each in self.repositories for name in each.find(user)]
            if len(found) + known > 1:
                raise DeniedError(f"CWWIM4538E Multiple principals were found for the '{user}' principal name.")
            if len(found) + known == 0:
                raise DeniedError(f"CWWIM4537E No principal is found from the '{user}' principal name.")
            if not (
                security.verify(self.config, user, password) if known else found[0][0].accepts(found[0][1], password)
            ):
                raise DeniedError(f"CWWIM4513E The password match failed for the '{user}' principal name.")
        except DirectoryError as error:
            raise DeniedError(f"CWWIM4520E The '{error}' naming exception occurred during processing.") from None


@dataclass(frozen=True)
class Security:
    """What a process took from the documents when it started: the active registry, and its primary administrator."""

    registry: Registry = field(default_factory=Registry)
    primary: str = ""
    ignore_case: bool = False

    def may_administer(self, config: Path, cell: str, user: str) -> bool:
        """Whether a user has a role: the primary administrator, or one whom `admin-authz.xml` names now."""
        if user == self.primary or (self.ignore_case and user.lower() == self.primary.lower()):
            return True
        roles = config / "cells" / cell / "admin-authz.xml"
        users = ET.parse(roles).getroot().iter("users") if roles.exists() else ()
        return any(each.get("name") == user for each in users)


def load(profile: Profile, cell: str) -> Security:
    """The security of a cell, as its documents in a profile are now."""
    file = profile.config / "cells" / cell / "security.xml"
    root = ET.parse(file).getroot()
    if root.get("enabled") != "true":
        return Security()
    active = root.get("activeUserRegistry")
    for each in root.findall("userRegistries"):
        if each.get(f"{_XMI}id") == active:
            registry = _active(profile, cell, each)
            return Security(registry, each.get("primaryAdminId", ""), each.get("ignoreCase") == "true")
    raise LookupError(f"lab: {file} names no registry: {active}")


def _active(profile: Profile, cell: str, registry: ET.Element) -> Registry:
    kind = registry.get(f"{_XMI}type", "").rpartition(":")[2]
    if kind == "LDAPUserRegistry":
        return _standalone(profile, registry)
    if kind == "WIMUserRegistry":
        return _federated(profile, cell)
    if kind == "LocalOSUserRegistry":
        return LocalRegistry(profile.host)
    raise LookupError(f"lab: a registry of the type {kind} is not imitated")


def _directory(
    profile: Profile, where: ET.Element, bind_dn: str, password: str, *, tls: bool, ssl_alias: str
) -> Directory:
    """`where` has host and port. What a trust store cannot tell, nobody is trusted by."""
    signers = ""
    if tls:
        from lab.products.was.keys import stores  # noqa: PLC0415 - servers start faster without

        with suppress(OSError, ValueError):
            signers = stores.signers_pem(profile, ssl_alias)
    name = where.get("host", "")
    address = profile.host.resolve(name) or name
    return Directory(name, address, int(where.get("port", "389")), tls, bind_dn, decode(password), signers)


def _standalone(profile: Profile, registry: ET.Element) -> Registry:
    where, search = registry.find("hosts"), registry.find("searchFilter")
    if where is None or search is None:
        raise LookupError("lab: the LDAPUserRegistry has no host or no filter")
    directory = _directory(
        profile, where, registry.get("bindDN", ""), registry.get("bindPassword", ""),
        tls=registry.get("sslEnabled") == "true", ssl_alias=registry.get("sslConfig", ""),
    )  # fmt: skip
    return LdapRegistry(directory, registry.get("baseDN", ""), search.get("userFilter", ""))


def _federated(profile: Profile, cell: str) -> Registry:
    file = profile.config / "cells" / cell / "wim/config/wimconfig.xml"
    if not file.exists():
        return FederatedRegistry(profile.config, True, ())
    root = ET.parse(file).getroot()
    realms = root.find(f".//{_CONFIG}realmConfiguration")
    default = realms.get("defaultRealm") if realms is not None else ""
    taking_part = {
        entry.get("name", "")
        for realm in root.iter(f"{_CONFIG}realms")
        if realm.get("name") == default
        for entry in realm.findall(f"{_CONFIG}participatingBaseEntries")
    }
    file_takes_part, found = False, []
    for each in root.iter(f"{_CONFIG}repositories"):
        bases = [
            entry.get("nameInRepository", "") or entry.get("name", "")
            for entry in each.findall(f"{_CONFIG}baseEntries")
            if entry.get("name") in taking_part
        ]
        if each.get(f"{_XSI}type", "").endswith(":LdapRepositoryType"):
            found += [_repository(profile, each, bases)] if bases else []
        else:
            file_takes_part = file_takes_part or bool(bases)
    return FederatedRegistry(profile.config, file_takes_part, found)


def _repository(profile: Profile, repository: ET.Element, bases: Sequence[str]) -> Repository:
    configuration = repository.find(f"{_CONFIG}ldapServerConfiguration")
    servers = configuration.find(f"{_CONFIG}ldapServers") if configuration is not None else None
    where = servers.find(f"{_CONFIG}connections") if servers is not None else None
    if configuration is None or servers is None or where is None:
        # A repository without a server answers nothing, which is what a closed port does too.
        return Repository(Directory("", "127.0.0.1", 0, False, "", ""), bases, ("uid",), ("inetOrgPerson",))
    directory = _directory(
        profile, where, servers.get("bindDN", ""), servers.get("bindPassword", ""),
        tls=servers.get("sslEnabled") == "true", ssl_alias=configuration.get("sslConfiguration", ""),
    )  # fmt: skip
    person = next(
        (each for each in repository.findall(f"{_CONFIG}ldapEntityTypes") if each.get("name") == "PersonAccount"), None
    )
    classes = [each.text or "" for each in person.findall(f"{_CONFIG}objectClasses")] if person is not None else []
    properties = [each.text or "" for each in repository.findall(f"{_CONFIG}loginProperties")]
    return Repository(directory, bases, properties or ["uid"], classes or ["inetOrgPerson"])
