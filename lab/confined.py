"""The root of a machine of the lab that is played by processes of this machine: a Windows host.

They see this machine's programs and the lab at their usual places, read-only, and a folder of their own, nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from lab import java, namespaces
from lab.settings import REPOSITORY

_LINKS = ("bin", "sbin", "lib", "lib32", "lib64")
_DEVICES = ("null", "zero", "urandom")


def enter(folder: Path, root: Path, names: Mapping[str, str]) -> None:
    """Make a new root, in which only `folder` is writable, this process's `/`; `names` maps host names to addresses.

    For a process in new mount and pid namespaces; `root` is a folder to mount the root on.
    """
    namespaces.make_mounts_private()
    namespaces.mount_new("tmpfs", root, "mode=755")
    for seen in _seen():
        _below(root, seen).mkdir(parents=True, exist_ok=True)
        namespaces.bind_read_only(seen, _below(root, seen))
    for link in _LINKS:
        if Path("/", link).is_symlink():
            (root / link).symlink_to(Path("/", link).readlink())
    for place in ("dev", "etc", "proc", "tmp"):
        (root / place).mkdir(exist_ok=True)  # what is seen may lie below it already
    for device in _DEVICES:
        (root / "dev" / device).touch()
        namespaces.bind_read_only(Path("/dev", device), root / "dev" / device)
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n" + "".join(f"{to} {name}\n" for name, to in names.items()))
    (root / "etc/nsswitch.conf").write_text("hosts: files\n")
    (root / "etc/passwd").write_text("root:x:0:0::/:/bin/sh\n")
    namespaces.mount_proc(root / "proc")
    _below(root, folder).mkdir(parents=True, exist_ok=True)
    namespaces.bind(folder, _below(root, folder))
    namespaces.enter_root(root)


def _seen() -> list[Path]:
    """The machine's programs with Java's settings, this Python with its virtual environment, and the lab; none below
    another."""
    of_lab = {REPOSITORY / "lab", REPOSITORY / "plugins", REPOSITORY / java.CACHE, *java.SETTINGS}
    wanted = sorted({Path("/usr"), Path(sys.base_prefix), Path(sys.prefix), *of_lab})
    return [path for path in wanted if not any(other in path.parents for other in wanted)]


def _below(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")
