"""The `/dev` of a simulated machine that has users and terminals."""

from __future__ import annotations

from pathlib import Path

from lab import namespaces


def mount(dev: Path) -> None:
    """Mount the devices on the folder `dev`, for a process in a new mount namespace."""
    namespaces.mount_new("tmpfs", dev, "mode=755")
    for name in ("null", "zero", "full", "random", "urandom", "tty"):
        (dev / name).touch()
        # Read-only: a device can be written all the same, but nobody changes the mode of the machine's own node.
        namespaces.bind_read_only(Path("/dev", name), dev / name)
    (dev / "console").touch(mode=0o622)
    (dev / "shm").mkdir(mode=0o1777)
    (dev / "pts").mkdir()
    namespaces.mount_new("devpts", dev / "pts", "newinstance,ptmxmode=0666,mode=620")
    for link, target in {"ptmx": "pts/ptmx", "fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1"}.items():
        (dev / link).symlink_to(target)
