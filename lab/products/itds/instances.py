"""The directory server instances of a host: the product's list of them and each one's configuration."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from lab.host import Host
from lab.products.itds import ldif
from lab.products.itds.layout import Layout

CONFIGURATION = "cn=Configuration"
ADMIN = "cn=Admin, cn=Configuration"
FRONT_END = "cn=Front End, cn=Configuration"
SSL = "cn=SSL, cn=Configuration"
DIRECTORY = "cn=Directory, cn=RDBM Backends, cn=IBM Directory, cn=Schemas, cn=Configuration"

SYSTEM_SUFFIXES = ("cn=localhost", "cn=ibmpolicies")


@dataclass(frozen=True)
class Instance:
    """An instance as the product's list has it."""

    name: str
    location: str
    version: str
    description: str
    layout: Layout

    @property
    def folder(self) -> str:
        return self.layout.join(self.location.rstrip("\\/"), f"idsslapd-{self.name}")

    def file(self, *parts: str) -> str:
        return self.layout.join(self.folder, *parts)

    @property
    def configuration(self) -> str:
        return self.file("etc", "ibmslapd.conf")

    @property
    def log(self) -> str:
        return self.file("logs", "ibmslapd.log")


class Configuration:
    """An `ibmslapd.conf`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries = ldif.parse(path.read_text("utf-8"))

    def entry(self, dn: str) -> ldif.Entry:
        """The entry of that DN; raises `KeyError`."""
        for entry in self.entries:
            if ldif.same_dn(entry.dn, dn):
                return entry
        raise KeyError(dn)

    def get(self, dn: str, name: str) -> str:
        return self.entry(dn).get(name)

    @property
    def port(self) -> int:
        return int(self.get(CONFIGURATION, "ibm-slapdPort"))

    @property
    def secure_port(self) -> int:
        return int(self.get(SSL, "ibm-slapdSecurePort"))

    @property
    def secure(self) -> bool:
        """Whether the secure port is to be opened beside the other one."""
        return self.get(SSL, "ibm-slapdSecurity").lower() == "ssl"

    @property
    def suffixes(self) -> list[str]:
        return self.entry(DIRECTORY).all("ibm-slapdSuffix")

    @property
    def database(self) -> str:
        return self.get(DIRECTORY, "ibm-slapdDbName")

    def ports(self) -> set[int]:
        """All four, taken whether or not the servers run."""
        admin = self.entry(ADMIN)
        return {
            self.port,
            self.secure_port,
            int(admin.get("ibm-slapdPort")),
            int(admin.get("ibm-slapdSecurePort")),
        }

    def save(self) -> None:
        self.path.write_text(ldif.render(self.entries), "utf-8")


def list_instances(host: Host, layout: Layout) -> list[Instance]:
    """Every instance on the host, of every version."""
    path = host.path(layout.registry)
    if not path.exists():
        return []
    return [
        Instance(
            name=entry.get("cn"),
            location=entry.get("ids-instanceLocation"),
            version=entry.get("ids-instanceVersion"),
            description=entry.get("ids-instanceDesc"),
            layout=Layout(entry.get("ids-instanceVersion"), layout.platform),
        )
        for entry in ldif.parse(path.read_text("utf-8"))
        if "ids-instance" in entry.all("objectClass")
    ]


def save_instances(host: Host, layout: Layout, instances: list[Instance]) -> None:
    entries = [ldif.Entry("CN=IDS INSTANCES", [("cn", "IDS INSTANCES"), ("objectClass", "TOP")])]
    entries.extend(
        ldif.Entry(
            f"cn={instance.name}, CN=IDS INSTANCES",
            [
                ("cn", instance.name),
                ("ids-instanceDesc", instance.description),
                ("ids-instanceLocation", instance.location),
                ("ids-instanceVersion", instance.version),
                ("objectClass", "TOP"),
                ("objectClass", "ids-instance"),
            ],
        )
        for instance in instances
    )
    path = host.path(layout.registry)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ldif.render(entries), "utf-8")


def find(host: Host, layout: Layout, name: str) -> Instance | None:
    """The instance of that name."""
    return next((instance for instance in list_instances(host, layout) if instance.name == name), None)


def configuration(host: Host, instance: Instance) -> Configuration:
    return Configuration(host.path(instance.configuration))


def new_configuration(instance: Instance, ports: tuple[int, int, int, int], addresses: str) -> str:
    """The `ibmslapd.conf` of a fresh instance: no administrator, no database, only the product's own suffixes.
    `ports` are those of the server and of the administration daemon, each without and with SSL."""
    port, secure_port, admin_port, admin_secure_port = ports
    entries = [
        ldif.Entry(
            CONFIGURATION,
            [
                ("cn", "Configuration"),
                ("ibm-slapdAdminDN", "cn=root"),
                ("ibm-slapdPort", str(port)),
                ("ibm-slapdIpAddress", addresses),
                ("ibm-slapdPwEncryption", "aes256" if instance.version == "6.1" else "sha"),
                ("ibm-slapdServerId", os.urandom(16).hex()),
                ("ibm-slapdSizeLimit", "500"),
                ("ibm-slapdAllowAnon", "true"),
                ("ibm-slapdVersion", instance.version),
                ("objectclass", "top"),
                ("objectclass", "ibm-slapdConfigEntry"),
            ],
        ),
        ldif.Entry(
            ADMIN,
            [
                ("cn", "Admin"),
                ("ibm-slapdPort", str(admin_port)),
                ("ibm-slapdSecurePort", str(admin_secure_port)),
                ("objectclass", "ibm-slapdAdmin"),
            ],
        ),
        ldif.Entry(FRONT_END, [("cn", "Front End"), ("objectclass", "ibm-slapdFrontEnd")]),
        ldif.Entry(
            SSL,
            [
                ("cn", "SSL"),
                ("ibm-slapdSecurePort", str(secure_port)),
                ("ibm-slapdSecurity", "none"),
                ("ibm-slapdSslAuth", "serverauth"),
                ("objectclass", "ibm-slapdSSL"),
            ],
        ),
        ldif.Entry(
            DIRECTORY,
            [
                ("cn", "Directory"),
                *(("ibm-slapdSuffix", suffix) for suffix in SYSTEM_SUFFIXES),
                ("objectclass", "ibm-slapdRdbmBackend"),
            ],
        ),
    ]
    return ldif.render(entries)


def hashed(secret: str) -> str:
    """A secret as the directory server can check it and nobody can read it. ITDS encrypts it with the instance's key
    stash; here it is a salted hash that slapd understands."""
    salt = os.urandom(8)
    digest = hashlib.sha1(secret.encode() + salt).digest()  # noqa: S324 - the form slapd knows
    return "{SSHA}" + base64.b64encode(digest + salt).decode()


def is_secret(secret: str, kept: str) -> bool:
    """Whether `kept` is what `hashed` made of the secret."""
    content = base64.b64decode(kept.removeprefix("{SSHA}"))
    return bool(kept) and hashlib.sha1(secret.encode() + content[20:]).digest() == content[:20]  # noqa: S324
