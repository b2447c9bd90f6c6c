"""What a user does with a lab: bring it up and down, look at it, run a command in it."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from lab import clocks, fault_steps, faults, keyring, namespaces, network, prerequisites, state, tracing, userns
from lab.aix import init
from lab.errors import LabError
from lab.settings import Settings
from lab.store import Store
from lab.topology import HostSpec, RouterSpec, Topology

_ALL = (
    namespaces.NEW_USER
    | namespaces.NEW_MOUNT
    | namespaces.NEW_UTS
    | namespaces.NEW_IPC
    | namespaces.NEW_PID
    | namespaces.NEW_NET
)
_DOWN_WITHIN_S = 10.0
_UP_WITHIN_S = 20.0
_NO_PROGRAM = 127  # as a shell has it


def up(settings: Settings, topology: Topology) -> state.Running:
    """Bring the lab up; raises `LabError`, leaving nothing that runs."""
    began = time.monotonic()
    # With the simulators of all products and platforms behind them, these load slowly; few commands need them.
    from lab import compiled, overlay, supervisor  # noqa: PLC0415

    prerequisites.check()
    compiled.ensure()
    with state.claim(settings) as lock, ExitStack() as sockets:
        state.prepare(settings, topology)
        vault = keyring.vault(settings.state)
        overlay.write(settings, topology, vault)
        listeners = {each.name: sockets.enter_context(_listen(each.management)) for each in topology.machines}
        told, report = os.pipe()
        plan = supervisor.Plan(
            settings=settings,
            topology=topology,
            listeners=listeners,
            windows_users={"Administrator": vault["vault_windows_administrator_password"]},
            report=report,
            lock=lock,
            began=began,
        )
        userns.fork(lambda: supervisor.run(plan))
        os.close(report)
        with os.fdopen(told, encoding="utf-8") as words:
            line = words.readline()
    answer: dict[str, Any] = json.loads(line or '{"error": "the supervisor has ended"}')
    if "error" in answer:
        raise LabError(f"{answer['error']}; {settings.log} may say more")
    return state.Running(**answer)


def down(settings: Settings) -> bool:
    """Take the lab down, False when it was down; nothing of it runs when this returns."""
    found = state.running(settings)
    if found is None:
        return False
    watch = os.pidfd_open(found.supervisor)
    try:
        signal.pidfd_send_signal(watch, signal.SIGTERM)
        if not select.select([watch], [], [], _DOWN_WITHIN_S)[0]:
            signal.pidfd_send_signal(watch, signal.SIGKILL)
            select.select([watch], [], [])
    finally:
        os.close(watch)
    return True


def reset(settings: Settings, names: Sequence[str]) -> None:
    """Make hosts fresh: those of a running lab are started again, and up when this returns."""
    found = state.running(settings)
    if found is None:
        state.throw_away(settings, names)
        return
    for name in names:
        state.ask_to_throw_away(settings, name)
        if name in found.pids:
            with suppress(ProcessLookupError):
                os.kill(found.pids[name], signal.SIGKILL)
    os.kill(found.supervisor, signal.SIGHUP)
    deadline = time.monotonic() + _UP_WITHIN_S
    while time.monotonic() < deadline:
        now = state.running(settings)
        if now and all(now.pids.get(name) not in (None, found.pids.get(name)) for name in names):
            return
        time.sleep(0.02)
    raise LabError(f"not all of {', '.join(names)} came up again; {settings.log} may say more")


def set_clock(settings: Settings, host: HostSpec, seconds: int) -> None:
    """Set a host's own clock that many seconds ahead (behind when negative); raises `LabError`."""
    _change(state.store(settings, host), host, lambda store: clocks.set_off(store, seconds))


def order_fault(settings: Settings, machine: HostSpec | RouterSpec, step: str, kind: str) -> None:
    """Order a fault on a machine, whether it runs or not; raises `LabError`."""
    known = fault_steps.steps()
    if step not in known:
        raise LabError(f"{step}: no simulated program has such a step; there are {', '.join(sorted(known))}")
    if kind not in faults.KINDS:
        raise LabError(f"{kind}: no such kind of fault; there are {', '.join(faults.KINDS)}")

    _change(state.store(settings, machine), machine, lambda store: faults.order(store, step, kind))


def _change(store: Store, machine: HostSpec | RouterSpec, change: Callable[[Store], None]) -> None:
    if not store.directory.exists():
        raise LabError(f"{machine.name} has never been up, so there is nothing of it to change")

    def run() -> int:
        change(store)
        return 0

    # The machine's memory may belong to ids that only the lab's user namespace may touch.
    if userns.run(run):
        raise LabError(f"cannot write to {store.directory}")


def clean(settings: Settings) -> None:
    """Take the lab down and remove all of it."""
    from lab import overlay  # noqa: PLC0415

    down(settings)
    overlay.remove(settings)
    state.remove_all(settings)


def execute(settings: Settings, name: str, command: Sequence[str]) -> int:
    """Run a command in a machine of the running lab; its exit code. Refuses when that machine has a way out."""
    first_process = _first_process(settings, name)
    if Path(f"/proc/{first_process}/ns/net").samefile("/proc/self/ns/net"):
        raise LabError(f"{name} shares this machine's network: nothing is run there")
    namespaces.join(first_process, _ALL)
    os.initgroups("root", 0)
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)
    address = network.way_out()
    if address:
        raise LabError(f"{name} has a way out of the lab, to {address}: nothing is run there")
    os.chdir("/")
    own = Path("/etc/environment")
    environment = init.environment() if own.exists() else {"PATH": "/usr/sbin:/usr/bin", "HOME": "/"}

    def run() -> int:
        namespaces.end_with_parent()
        try:
            os.execvpe(command[0], list(command), environment)
        except FileNotFoundError:
            print(f"lab: {name} has no program {command[0]}", file=sys.stderr)
            return _NO_PROGRAM

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Joining a pid namespace takes effect on children, so the command is one.
    child = namespaces.fork(run)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if code >= 0 else 128 - code


def trace(settings: Settings, name: str) -> Iterator[str]:
    """Every command line that a machine of the running lab starts until it ends; the first line says that it begins."""
    try:
        tracer = tracing.Tracer(_first_process(settings, name))
    except OSError as error:
        raise LabError(f"{name} cannot be traced: {error}; perhaps somebody does already") from None
    yield f"lab: {name} is traced"
    yield from tracer.commands()


def _first_process(settings: Settings, name: str) -> int:
    found = state.running(settings)
    if found is None:
        raise LabError("the lab is down; python3 -m lab up brings it up")
    if name not in found.pids:
        raise LabError(f"{name}: no such machine; there are {', '.join(found.pids)}")
    return found.pids[name]


def _listen(address: tuple[str, int]) -> socket.socket:
    try:
        return socket.create_server(address, backlog=128)
    except OSError as error:
        where = f"{address[0]}:{address[1]}"
        raise LabError(f"cannot listen on {where}: {error}; LAB_SUBNET moves this lab from another's") from None
