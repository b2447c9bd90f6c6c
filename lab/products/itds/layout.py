"""Where ITDS 6.0 and 6.1 keep their files on AIX and on Windows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from lab.host import Host

VERSIONS = ("6.0", "6.1")
GSKIT_COMMAND = {
    "aix": "/usr/opt/ibm/gskta/bin/gsk7capicmd_64",
    "windows": r"C:\Program Files\IBM\gsk7\bin\gsk7capicmd.exe",
}
"""What makes key databases; all versions share it."""
SERVERS = ("ibmslapd", "idsslapd", "ibmdiradm", "idsdiradm")
"""Programs that stay, under both their names; services run them on Windows."""


@dataclass(frozen=True)
class Layout:
    """One version on one platform; every path is the host's own."""

    version: str
    platform: Literal["aix", "windows"]

    @property
    def windows(self) -> bool:
        return self.platform == "windows"

    def join(self, *parts: str) -> str:
        """Parts of a path, put together as the platform does."""
        return ("\\" if self.windows else "/").join(parts)

    @property
    def product(self) -> str:
        """What all versions share."""
        return r"C:\Program Files\IBM\LDAP" if self.windows else "/opt/IBM/ldap"

    @property
    def home(self) -> str:
        return self.join(self.product, f"V{self.version}")

    @property
    def registry(self) -> str:
        """The list of all instances of all versions on this machine."""
        return self.join(self.product, "idsinstinfo", "idsinstances.ldif")

    @property
    def properties(self) -> str:
        """Names the DB2 copy to use."""
        return self.join(self.home, "etc", "ldapdb.properties")

    @property
    def log(self) -> str:
        """The log of the tools, as opposed to those of an instance."""
        if self.windows:
            return self.join(self.home, "var", "idstools.log")
        return f"/var/idsldap/V{self.version}/idstools.log"

    def tool(self, name: str) -> str:
        """A server or a server tool."""
        suffix = ".exe" if self.windows and name in SERVERS else self.suffix
        return self.join(self.home, "sbin", name + suffix)

    def client(self, name: str) -> str:
        """A client tool."""
        return self.join(self.home, "bin", name + self.suffix)

    @property
    def suffix(self) -> str:
        return ".cmd" if self.windows else ""


Tool = Callable[[Host, Layout, Sequence[str]], int]
"""A program of the product that knows which version of it runs."""
