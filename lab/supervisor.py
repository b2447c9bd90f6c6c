"""The process that holds a running lab: it makes the network, starts every host, and takes all with it when it ends."""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from lab import machines, memory, namespaces, network, state
from lab.errors import LabError
from lab.gate import Gate
from lab.settings import Settings
from lab.topology import Leg, Topology

_OWN_NAMESPACES = namespaces.NEW_NET | namespaces.NEW_MOUNT | namespaces.NEW_UTS | namespaces.NEW_IPC
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGHUP)
_GRACE_S = 4.0
# A machine that ends sooner than this after its start would do so again.
_SHORTEST_LIFE_S = 1.0


@dataclass(frozen=True)
class Plan:
    """What the supervisor is to bring up. `report` gets one line of JSON: a `state.Running`, or `error`; `lock` is a
    descriptor that stays open for the life of the lab; `began` is the monotonic time of the user's command."""

    settings: Settings
    topology: Topology
    listeners: Mapping[str, socket.socket]
    windows_users: Mapping[str, str]
    report: int
    lock: int
    began: float


def run(plan: Plan) -> int:
    """Bring the lab up, report, and hold it until SIGTERM; for a process that is root of a new user namespace."""
    os.setsid()
    # The hosts' users are others than the lab's, and they read what is made here.
    os.umask(0o022)
    # Blocked from the start: a stop that comes early waits until the lab can be taken down in order.
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    _take_nothing_along(plan)
    namespaces.set_title(f"lab {plan.settings.state}")
    report = os.fdopen(plan.report, "w", encoding="utf-8")
    supervisor = _Supervisor(plan, report)
    try:
        supervisor.bring_up()
    except (LabError, OSError) as error:
        supervisor.stop()
        _say(report, {"error": str(error)})
        return 1
    # When nobody listens any more, the user has given up waiting for the lab.
    if _say(report, supervisor.words):
        supervisor.hold()
    supervisor.stop()
    plan.settings.run_file.unlink(missing_ok=True)
    return 0


def _say(report: IO[str], words: Mapping[str, Any]) -> bool:
    """Report, and whether anybody was there to read it."""
    try:
        with report:
            report.write(json.dumps(words) + "\n")
    except BrokenPipeError:
        return False
    return True


def _take_nothing_along(plan: Plan) -> None:
    """Let go of all that the user's command has open: whoever waits for the end of its output must not wait for us."""
    sys.stdout.flush()
    sys.stderr.flush()
    nothing = os.open(os.devnull, os.O_RDONLY)
    words = os.open(plan.settings.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, target in ((nothing, 0), (words, 1), (words, 2)):
        os.dup2(source, target)
    kept = {0, 1, 2, plan.report, plan.lock, *(listener.fileno() for listener in plan.listeners.values())}
    for descriptor in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if descriptor not in kept:
            with suppress(OSError):
                os.close(descriptor)


class _Supervisor:
    """The running machines: first processes and starting times by name."""

    def __init__(self, plan: Plan, report: IO[str]) -> None:
        self._plan = plan
        self._report = report
        self._topology = plan.topology
        self._pids: dict[str, int] = {}
        self._started: dict[str, float] = {}
        self._cables = 0
        self.words: dict[str, Any] = {}

    def bring_up(self) -> None:
        """Start all machines; raises `LabError` or `OSError` when one does not come up."""
        namespaces.unshare(namespaces.NEW_MOUNT | namespaces.NEW_NET)
        namespaces.make_mounts_private()
        network.build_segments(self._topology.segments)
        # Loaded and set aside once here, the programs' code is shared by all machines' processes.
        for module in machines.LATE_MODULES:
            importlib.import_module(module)
        gc.collect()
        gc.freeze()
        self._start([self._topology.router.name, *(host.name for host in self._topology.hosts)])
        self.words = {
            "supervisor": os.getpid(),
            "seconds": round(time.monotonic() - self._plan.began, 2),
            "megabytes": round(memory.of_this_lab(), 1),
            "pids": self._pids,
        }
        self._write()

    def hold(self) -> None:
        """Until told to stop. A machine whose first process ends is started again, as by a reboot; SIGHUP starts those
        that stayed down."""
        while (number := signal.sigwait(_SIGNALS)) in (signal.SIGCHLD, signal.SIGHUP):
            ended = {pid for pid, _ in _ended_children()}
            for name in [name for name, pid in self._pids.items() if pid in ended]:
                del self._pids[name]
                self._restart(name, by_user=False)
            if number == signal.SIGHUP:
                for name in [name for name in self._started if name not in self._pids]:
                    self._restart(name, by_user=True)
            self._write()

    def stop(self) -> None:
        """Shut the machines down, with force after a time."""
        for number, patience_s in ((signal.SIGTERM, _GRACE_S), (signal.SIGKILL, 60.0)):
            for pid in self._pids.values():
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
            deadline = time.monotonic() + patience_s
            while _children_left() and time.monotonic() < deadline:
                time.sleep(0.005)

    def _restart(self, name: str, *, by_user: bool) -> None:
        try:
            asked = state.throw_away_if_asked(self._plan.settings, name)
            if not (by_user or asked) and time.monotonic() - self._started[name] < _SHORTEST_LIFE_S:
                print(f"{name} ended at once and stays down", flush=True)
                return
            self._start([name])
        except (LabError, OSError) as error:
            print(f"{name} does not come up again: {error}", flush=True)
            with suppress(KeyError, ProcessLookupError):
                os.kill(self._pids.pop(name), signal.SIGKILL)

    def _start(self, names: Sequence[str]) -> None:
        gates: dict[str, Gate] = {}
        for name in names:
            self._pids[name], gates[name] = self._fork(name, gates.values())
            self._started[name] = time.monotonic()
        for name, gate in gates.items():
            gate.await_machine(name)
        network.connect([(f"cable{number}", self._pids[name], leg) for number, name, leg in self._numbered_legs(names)])
        for gate in gates.values():
            gate.tell_machine()
        for name, gate in gates.items():
            gate.await_machine(name)

    def _numbered_legs(self, names: Sequence[str]) -> Iterable[tuple[int, str, Leg]]:
        router = self._topology.router
        legs = {router.name: router.legs} | {host.name: (host.leg,) for host in self._topology.hosts}
        for name in names:
            for leg in legs[name]:
                self._cables += 1
                yield self._cables, name, leg

    def _fork(self, name: str, others: Iterable[Gate]) -> tuple[int, Gate]:
        gate = Gate()

        def first_process() -> int:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            for each in (gate, *others):
                each.be_machine()
            self._let_go_of_others(name)
            namespaces.unshare(_OWN_NAMESPACES)
            namespaces.set_hostname(name)
            gate.tell_supervisor()
            gate.await_supervisor()
            return self._machine(name)(gate)

        pid = namespaces.fork_first_process(first_process)
        gate.be_supervisor()
        return pid, gate

    def _machine(self, name: str) -> Callable[[Gate], int]:
        plan = self._plan
        router = self._topology.router
        if name == router.name:
            return partial(machines.router, plan.settings, router, plan.listeners[name])
        host = self._topology.host(name)
        if host.platform == "aix":
            return partial(machines.aix, plan.settings, host, plan.listeners[name])
        return partial(machines.windows, plan.settings, host, plan.listeners[name], plan.windows_users)

    def _let_go_of_others(self, name: str) -> None:
        for other, listener in self._plan.listeners.items():
            if other != name:
                listener.close()
        os.close(self._plan.lock)
        self._report.close()

    def _write(self) -> None:
        self._plan.settings.run_file.write_text(json.dumps(self.words), encoding="utf-8")


def _ended_children() -> list[tuple[int, int]]:
    ended = []
    with suppress(ChildProcessError):
        while (child := os.waitpid(-1, os.WNOHANG))[0]:
            ended.append(child)
    return ended


def _children_left() -> bool:
    """Whether there are children that have not ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True
