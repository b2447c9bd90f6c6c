"""The life of one service: started, watched, started again, stopped. One process for each, a child of process 1."""

from __future__ import annotations

import grp
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from lab import namespaces
from lab.router.systemd.units import Unit
from lab.store import Store

STORE = Store(Path("/.lab/state"))
_LIMIT, _PERIOD_S = 5, 10.0
"""systemd's own limit: a service that was started so often within the period stays failed."""
_READY_S = 90.0
_ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG": "C.UTF-8"}


def entry(name: str) -> dict[str, object]:
    """What is known of a service: `state` as systemctl calls it, and `manager`, a process, while it is not at rest."""
    found: dict[str, object] = STORE.read("systemd").get(name, {})
    return found


def note(name: str, **values: object) -> None:
    """Keep something of a service."""
    with STORE.open("systemd") as known:
        known[name] = {**known.get(name, {}), **values}


def begin(name: str, unit: Unit) -> None:
    """Start the manager of a service, detached from the caller."""
    note(name, state="activating")
    if os.fork():
        return
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    log = os.open("/var/log/journal.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    for descriptor, target in enumerate((null, log, log)):
        os.dup2(target, descriptor)
    os.closerange(3, 256)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    namespaces.set_title("systemd")
    note(name, manager=os.getpid())
    try:
        Manager(name, unit).run()
    finally:
        os._exit(0)


class Manager:
    """The manager's process."""

    def __init__(self, name: str, unit: Unit) -> None:
        self._name = name
        self._unit = unit
        self._stopping = False
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Until the service is at rest: inactive or failed."""
        signal.signal(signal.SIGTERM, self._stop)
        starts: list[float] = []
        while not self._stopping:
            starts = [moment for moment in starts if time.monotonic() - moment < _PERIOD_S] + [time.monotonic()]
            code = self._once()
            if self._stopping or code == 0:
                break
            if not self._unit.again_on_failure or len(starts) >= _LIMIT:
                note(self._name, state="failed", manager=0)
                return
            note(self._name, state="activating")
            time.sleep(self._unit.again_after)
        note(self._name, state="inactive", manager=0)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def _once(self) -> int:
        """Start the program and wait for its end: its exit code."""
        user = pwd.getpwnam(self._unit.user)
        group = grp.getgrnam(self._unit.group).gr_gid if self._unit.group else user.pw_gid
        for directory in self._unit.state_directories:
            made = Path("/var/lib", directory)
            made.mkdir(mode=0o755, parents=True, exist_ok=True)
            os.chown(made, user.pw_uid, group)
        as_user: dict[str, object] = {"env": {**_ENVIRONMENT, "HOME": user.pw_dir, "USER": user.pw_name}, "cwd": "/"}
        if user.pw_uid:
            groups = os.getgrouplist(user.pw_name, group)
            as_user |= {"user": user.pw_uid, "group": group, "extra_groups": groups}
        for tolerant, command in self._unit.before:
            done = subprocess.run(list(command), check=False, **as_user)  # type: ignore[call-overload]
            if done.returncode and not tolerant:
                return int(done.returncode)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            place = f"/run/notify.{os.getpid()}"
            Path(place).unlink(missing_ok=True)
            channel.bind(place)
            Path(place).chmod(0o666)
            if self._unit.notify:
                as_user["env"]["NOTIFY_SOCKET"] = place  # type: ignore[index]
            if self._unit.watchdog:
                as_user["env"]["WATCHDOG_USEC"] = str(int(self._unit.watchdog * 1e6))  # type: ignore[index]
            self._process = subprocess.Popen(  # type: ignore[call-overload]
                list(self._unit.command), stdin=subprocess.DEVNULL, **as_user
            )
            try:
                return self._watch(channel)
            finally:
                Path(place).unlink(missing_ok=True)

    def _watch(self, channel: socket.socket) -> int:
        process = self._process
        assert process is not None
        if not self._unit.notify:
            note(self._name, state="active")
        heard = time.monotonic()
        ready, killed_at = not self._unit.notify, 0.0
        channel.settimeout(0.05)
        while process.poll() is None:
            try:
                said = channel.recv(4096).decode().split("\n")
                heard = time.monotonic()
            except TimeoutError:
                said = []
            if "READY=1" in said and not ready:
                ready = True
                note(self._name, state="active")
            if self._stopping:
                killed_at = killed_at or time.monotonic() + self._unit.stop_within
                note(self._name, state="deactivating")
            silent = time.monotonic() - heard
            late = silent > (self._unit.watchdog if ready else _READY_S) if self._unit.notify else False
            if (killed_at and time.monotonic() > killed_at) or (late and self._unit.watchdog):
                print(f"{self._name}: killed", file=sys.stderr)
                process.kill()
        return process.returncode


def stop(name: str, patience: Callable[[], bool]) -> None:
    """Tell the manager of a service to end it; with `patience` wait as long as it says true."""
    pid = entry(name).get("manager")
    if isinstance(pid, int) and pid:
        note(name, state="deactivating")
        os.kill(pid, signal.SIGTERM)
        while patience() and entry(name).get("manager"):
            time.sleep(0.05)
