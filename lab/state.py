"""A lab's state folder: what is made in it before hosts run, and how hosts and folder are thrown away."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import keyring, userns
from lab.errors import LabError
from lab.settings import REPOSITORY, Settings
from lab.store import Store
from lab.topology import HostSpec, RouterSpec, Topology


@dataclass(frozen=True)
class Running:
    """What a running lab wrote about itself: first processes by host, how long `up` took, how much memory it had."""

    supervisor: int
    pids: dict[str, int]
    seconds: float
    megabytes: float


def running(settings: Settings) -> Running | None:
    """The lab of this state folder, None when it is down."""
    try:
        with settings.run_file.open() as file:
            # The supervisor may be writing it at this moment.
            for _ in range(100):
                if _lock(file.fileno(), fcntl.LOCK_SH):
                    return None
                file.seek(0)
                with suppress(ValueError):
                    return Running(**json.load(file))
                time.sleep(0.02)
    except FileNotFoundError:
        pass
    return None


@contextmanager
def claim(settings: Settings) -> Iterator[int]:
    """The right to run this state folder's lab, as a descriptor whose last copy holds it; raises `LabError`."""
    settings.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(settings.run_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _lock(descriptor, fcntl.LOCK_EX):
            raise LabError(f"the lab of {settings.state} is up or coming up; python3 -m lab down ends it")
        yield descriptor
    finally:
        os.close(descriptor)


def prepare(settings: Settings, topology: Topology) -> None:
    """Make the keys and folders that running hosts need."""
    _check_readable(REPOSITORY / "lab")
    settings.mount_point.mkdir(exist_ok=True)
    keyring.make_ssh_key(settings.key, "controller")
    known = []
    for machine in topology.machines:
        folder = settings.hosts / machine.name
        folder.mkdir(parents=True, exist_ok=True)
        if machine.platform != "windows":
            key = folder / "ssh_host_ed25519_key"
            keyring.make_ssh_key(key, machine.name)
            address, port = machine.management
            known.append(f"[{address}]:{port} {key.with_suffix('.pub').read_text()}")
    settings.known_hosts.write_text("".join(known))


def ask_to_throw_away(settings: Settings, name: str) -> None:
    """Have the supervisor make the host fresh when its first process has ended."""
    (settings.hosts / name / _ASKED).touch()


def throw_away_if_asked(settings: Settings, name: str) -> bool:
    """Throw away what a host has become if the user asked for it, and say so; for root of the lab's user namespace."""
    folder = settings.hosts / name
    asked = (folder / _ASKED).exists()
    if asked:
        _throw_away(folder)
    return asked


def throw_away(settings: Settings, names: Iterable[str]) -> None:
    """Throw away what hosts have become; the next `up` makes fresh ones. For a lab that is down."""

    def remove() -> int:
        for name in names:
            if (settings.hosts / name).exists():
                _throw_away(settings.hosts / name)
        return 0

    # Files of a host's users belong to ids that only the lab's user namespace may touch.
    if userns.run(remove):
        raise LabError(f"cannot remove all of {settings.hosts}")


def remove_all(settings: Settings) -> None:
    """Throw away all that the lab keeps in its state folder. For a lab that is down."""
    if settings.hosts.exists():
        throw_away(settings, [folder.name for folder in settings.hosts.iterdir()])
        shutil.rmtree(settings.hosts)
    own = (settings.key, settings.key.with_suffix(".pub"), settings.known_hosts, settings.run_file, settings.log)
    for file in (*own, settings.capture_file, settings.domino_profile, keyring.vault_file(settings.state)):
        file.unlink(missing_ok=True)
    # Whatever else is in there is not the lab's to remove.
    for folder in (settings.mount_point, settings.state):
        with suppress(OSError):
            folder.rmdir()


def store(settings: Settings, machine: HostSpec | RouterSpec) -> Store:
    """The machine's memory outside its file systems."""
    return Store(settings.hosts / machine.name / ("state" if machine.platform == "windows" else "disk/.lab/state"))


def memory(settings: Settings, host: HostSpec, product: str) -> dict[str, Any]:
    """What the simulator of a product keeps of its own on a host (`Host.store`)."""
    return store(settings, host).read(product if host.platform == "aix" else f"product-{product}")


def _check_readable(package: Path) -> None:
    """The hosts' users run the lab's own programs, so a repository cloned under a strict umask will not do."""
    for path in (package, package / "host.py"):
        if path.stat().st_mode & 0o004 == 0:
            raise LabError(f"{path} is not readable for other users, as whom hosts run it: chmod -R go+rX {package}")


_ASKED = "throw-away"
# A host keeps its ssh key for life, so that those who know it need not be told.
_KEPT = "ssh_host_*"


def _throw_away(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif not entry.match(_KEPT):
            entry.unlink()


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
