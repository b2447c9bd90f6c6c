"""The command line of the lab."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from lab import capture, fault_steps, faults, operation, state, topology
from lab.errors import LabError
from lab.settings import Settings

_Command = Callable[[argparse.Namespace, Settings, topology.Topology], int]


def main(arguments: Sequence[str]) -> int:
    """Run one command; its exit code."""
    options = _parser().parse_args(arguments)
    command: _Command = options.run
    try:
        settings = Settings.from_environment()
        return command(options, settings, topology.load(settings))
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m lab",
        description="The simulated machines. LAB_STATE, LAB_OVERLAY and LAB_SUBNET keep several labs apart.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: _Command, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    add("up", _up, "bring all machines up and write the inventory overlay")
    add("down", _down, "take them down; their disks stay")
    add("status", _status, "show the machines")
    execute = add("exec", _exec, "run a command in a machine, a shell by default")
    execute.add_argument("host", metavar="HOST")
    execute.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")
    trace = add("trace", _trace, "print every command line that a machine starts, until interrupted")
    trace.add_argument("host", metavar="HOST")
    packets = add("capture", _capture, "write all packets of each segment into a folder: start FOLDER, then stop")
    packets.add_argument("action", choices=["start", "stop"])
    packets.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    packets.add_argument("--megabytes", type=int, default=256, help="most that is kept of a segment (default: 256)")
    reset = add("reset", _reset, "make one host, or all, fresh; a running lab stays up")
    reset.add_argument("host", nargs="?", metavar="HOST")
    add("clean", _clean, "take the lab down and remove all of it")
    fail = add("fail", _fail, "order a fault, which strikes once, when a program of the host reaches the step")
    fail.add_argument("--list", action="store_true", help="show the kinds and steps there are and the faults ordered")
    fail.add_argument("order", nargs="*", metavar="HOST STEP KIND")
    clock = add("clock", _clock, "set a host's clock ahead, or behind by a negative number; 0 sets it right")
    clock.add_argument("host", metavar="HOST")
    clock.add_argument("seconds", type=int, metavar="SECONDS")
    return parser


def _up(_: argparse.Namespace, settings: Settings, lab: topology.Topology) -> int:
    running = operation.up(settings, lab)
    print(_cost(running))
    return 0


def _cost(running: state.Running) -> str:
    return f"lab up: {len(running.pids)} machines in {running.seconds} s, {running.megabytes} MB"


def _down(_: argparse.Namespace, settings: Settings, _lab: topology.Topology) -> int:
    print("lab down" if operation.down(settings) else "the lab is down already")
    return 0


def _status(_: argparse.Namespace, settings: Settings, lab: topology.Topology) -> int:
    running = state.running(settings)
    pids = running.pids if running else {}
    row = "{:<12}{:<9}{:<10}{:<14}{}".format
    print(row("machine", "platform", "state", "address", "management"))
    for host in lab.hosts:
        management = ":".join(map(str, host.management))
        print(row(host.name, host.platform, "up" if host.name in pids else "down", host.address, management))
    router = lab.router
    addresses = " ".join(address for leg in router.legs for address in leg.addresses)
    management = ":".join(map(str, router.management))
    print(row(router.name, "router", "up" if router.name in pids else "down", addresses, f" {management}"))
    if running is None:
        return 3
    print(_cost(running))
    return 0


def _exec(options: argparse.Namespace, settings: Settings, _lab: topology.Topology) -> int:
    return operation.execute(settings, options.host, options.words or ["/usr/bin/sh"])


def _trace(options: argparse.Namespace, settings: Settings, _lab: topology.Topology) -> int:
    for line in operation.trace(settings, options.host):
        print(line, flush=True)
    return 0


def _capture(options: argparse.Namespace, settings: Settings, lab: topology.Topology) -> int:
    if (options.action == "start") != (options.folder is not None):
        raise LabError("capture: start FOLDER or stop is wanted")
    if options.megabytes < 1:
        raise LabError(f"capture: --megabytes {options.megabytes}: at least 1 is wanted")
    if options.action == "start":
        capture.start(settings, options.folder, lab.segments, options.megabytes)
        print(f"capturing into {options.folder}; python3 -m lab capture stop ends it")
        return 0
    captured = capture.stop(settings)
    for segment, count in captured.counts.items():
        missing = f"{count.lost} lost, {count.over_limit} over the limit" if count.lost or count.over_limit else "all"
        print(f"{captured.folder / segment}.pcap: {count.packets} packets, {missing}")
    return 0 if captured.complete else 1


def _reset(options: argparse.Namespace, settings: Settings, lab: topology.Topology) -> int:
    names = [lab.machine(options.host).name] if options.host else [machine.name for machine in lab.machines]
    operation.reset(settings, names)
    print(f"fresh: {' '.join(names)}")
    return 0


def _clean(_: argparse.Namespace, settings: Settings, _lab: topology.Topology) -> int:
    operation.clean(settings)
    print("lab removed")
    return 0


def _fail(options: argparse.Namespace, settings: Settings, lab: topology.Topology) -> int:
    if options.list:
        print(f"kinds: {' '.join(faults.KINDS)}\nsteps: {' '.join(sorted(fault_steps.steps()))}")
        for machine in lab.machines:
            for step, kinds in faults.ordered(state.store(settings, machine)).items():
                print(f"{machine.name} {step} {' '.join(kinds)}")
        return 0
    if len(options.order) != 3:
        raise LabError("fail: HOST STEP KIND are wanted; fail --list shows the kinds and steps")
    name, step, kind = options.order
    operation.order_fault(settings, lab.machine(name), step, kind)
    print(f"{name}: {kind} at {step}")
    return 0


def _clock(options: argparse.Namespace, settings: Settings, lab: topology.Topology) -> int:
    operation.set_clock(settings, lab.host(options.host), options.seconds)
    print(f"{options.host}: clock {options.seconds:+d} s")
    return 0
