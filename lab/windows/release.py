"""Which Windows a host has, from `os_level` of its machine: `5.2.3790 SP2`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NAMES = {
    "5.2": "Microsoft(R) Windows(R) Server 2003, Standard Edition",
    "6.1": "Microsoft Windows Server 2008 R2 Standard ",
}


@dataclass(frozen=True)
class Release:
    """`version` has two numbers, `build` is a third, `pack` the number of the service pack."""

    version: str
    build: str
    pack: int

    @property
    def caption(self) -> str:
        """As WMI calls it."""
        return _NAMES[self.version]

    @property
    def product(self) -> str:
        """As the registry calls it."""
        return self.caption.replace("(R)", "").partition(",")[0].strip()

    @property
    def full(self) -> str:
        """All three numbers."""
        return f"{self.version}.{self.build}"

    @property
    def service_pack(self) -> str:
        """In words."""
        return f"Service Pack {self.pack}"

    @property
    def runs_python(self) -> bool:
        """Whether there is a Python 3.8 for it."""
        return tuple(map(int, self.version.split("."))) >= (6, 1)


def release(machine: Mapping[str, Any]) -> Release:
    """The release of a host's `machine`."""
    numbers, _, pack = str(machine["os_level"]).partition(" SP")
    version, _, build = numbers.rpartition(".")
    return Release(version, build, int(pack))
