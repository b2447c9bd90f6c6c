"""The machine the host pretends to be, as `/.lab/host.json` describes it."""

from __future__ import annotations

import os

from lab.aix.userland import odm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DEFAULTS = {
    "model": "IBM,7038-6M2",
    "os_level": "5300-07-01-0748",
    "cpu": "PowerPC_POWER4",
    "cpu_count": 2,
    "cpu_mhz": 1500,
    "memory_mb": 4096,
    "paging_mb": 4096,
}


class Machine:
    """Hardware, level of AIX, names and addresses."""

    def __init__(self) -> None:
        description = odm.description()
        facts: dict[str, Any] = {**_DEFAULTS, **(description.get("machine") or {})}
        self.name: str = description.get("name") or os.uname().nodename
        self.domain: str = description.get("domain") or ""
        self.model: str = facts["model"]
        self.os_level: str = facts["os_level"]
        self.cpu: str = facts["cpu"]
        self.cpu_count = int(facts["cpu_count"])
        self.cpu_mhz = int(facts["cpu_mhz"])
        self.memory_mb = int(facts["memory_mb"])
        self.paging_mb = int(facts["paging_mb"])
        leg: dict[str, Any] = description.get("leg") or {}
        self.device: str = leg.get("device") or "en0"
        self.addresses: list[str] = list(leg.get("addresses") or ["127.0.0.1"])
        self.prefix = int(leg.get("prefix") or 24)
        self.routes: list[list[str]] = list(description.get("routes") or [])
        # Derived from the name, so that no two hosts share them.
        number = sum(ord(letter) * 31**place for place, letter in enumerate(self.name)) % 0xFFFFF
        self.machine_id = f"00C{number:05X}4C00"
        self.serial = f"10{number:05X}"
        self.hardware_address = f"00:02:55:{number >> 16 & 0xFF:02x}:{number >> 8 & 0xFF:02x}:{number & 0xFF:02x}"

    @property
    def version(self) -> tuple[int, int]:
        """Version and release, as `5` and `3` of `5300-07`."""
        return int(self.os_level[0]), int(self.os_level[1])
