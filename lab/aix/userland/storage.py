"""The host's disks: volume group, logical volumes and the room in file systems, in megabytes.

Files of the lab are small; what products claim is counted here instead of being written. `claim` is what
`Host.claim_space` of an AIX host does. The mapping is the store `filesystems`: mount point to `size` and `used` in MB,
`device`, `vfs`, `mounted`, `auto`, `options`.
"""

from __future__ import annotations

import os

from lab.aix.userland import odm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STORE = "filesystems"
BLOCKS = 2048
"""512-byte blocks in a megabyte."""

_DEFAULTS: dict[str, Any] = {
    "/": {"size": 256, "used": 60, "device": "hd4"},
    "/usr": {"size": 3072, "used": 1400, "device": "hd2"},
    "/var": {"size": 512, "used": 80, "device": "hd9var"},
    "/tmp": {"size": 512, "used": 4, "device": "hd3"},  # noqa: S108 - a mount point of the simulated host
    "/home": {"size": 512, "used": 4, "device": "hd1"},
    "/opt": {"size": 512, "used": 120, "device": "hd10opt"},
}


def filesystems(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The file systems in a store, completed by what a host's description leaves out."""
    if not data:
        data.update(odm.description().get("filesystems") or _DEFAULTS)
    for mount, entry in data.items():
        data[mount] = {"vfs": "jfs2", "mounted": True, "auto": True, "options": "rw", "used": 0, **entry}
    return data


def volume_group() -> dict[str, Any]:
    """`name`, `partition_size` in MB and `partitions` of the only volume group."""
    group: dict[str, Any] = odm.description().get("volume_group") or {}
    return {"name": "rootvg", "partition_size": 128, "partitions": 542, **group}


def partitions(megabytes: int) -> int:
    """How many physical partitions a size takes."""
    return -(-megabytes // int(volume_group()["partition_size"]))


def free_partitions(table: dict[str, dict[str, Any]]) -> int:
    """Partitions that no logical volume has: all less file systems, paging space, boot volume and log."""
    paging = int((odm.description().get("machine") or {}).get("paging_mb", 4096))
    taken = sum(partitions(int(entry["size"])) for entry in table.values()) + partitions(paging) + 2
    return int(volume_group()["partitions"]) - taken


def holder(table: dict[str, dict[str, Any]], path: str) -> str:
    """The mount point of the mounted file system that holds a path."""
    mounts = [mount for mount, entry in table.items() if entry["mounted"]]
    return max((mount for mount in mounts if mount in {"/", path} or path.startswith(mount + "/")), key=len)


def claim(path: str, megabytes: int) -> tuple[str, int] | None:
    """Take room on the file system that holds an absolute path: None, or where and how many MB are free instead."""
    with odm.Change(STORE) as data:
        table = filesystems(data)
        mount = holder(table, os.path.normpath(path))
        entry = table[mount]
        free = int(entry["size"]) - int(entry["used"])
        if megabytes > free:
            return mount, free
        entry["used"] += megabytes
    return None
