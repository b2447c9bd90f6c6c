"""`python -m bench.proxy.abuse`: what happens to everybody else's calls when somebody misbehaves.

INVITE and 200 at a steady rate, their loss and times with and without each attack.
"""

from __future__ import annotations

import argparse
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from bench.proxy import build
from bench.proxy.attacks import ATTACKS, Attack, under
from bench.proxy.contenders import COMPILED, CONTENDERS, sipnat_configuration
from bench.proxy.load import Load, Result
from bench.proxy.processes import Running, running
from bench.proxy.scene import IN, INNER, NODE, OUT, PARTNER, PORT, PROXY_CPU, REPOSITORY, WORK, Direction

RATE = 1000
SECONDS = 4.0
BLOCKED, SECOND_NODE = "127.30.0.99", "127.10.0.12"


def _calls(transport: str, direction: Direction = OUT) -> Result:
    return Load(transport, "invite", direction, SECONDS, RATE, pause_us=100).run()


def _line(name: str, transport: str, result: Result, program: Running, used_s: float) -> str:
    lost = f"lost {result.sent - result.answered:>5} of {result.sent}"
    times = f"p50 {result.p50_us:>6.0f} us   p99 {result.p99_us:>7.0f}   max {result.max_us:>8.0f}"
    machine = f"CPU {used_s / SECONDS:>4.0%}   {program.memory_kib() / 1024:5.1f} MiB"
    return f"{transport:<4} {name:<34} {lost}   {times}   {machine}{'   ENDED' if program.ended() else ''}"


def _case(name: str, transport: str, program: Running, attack: Attack | None, direction: Direction = OUT) -> None:
    before = program.cpu_s()
    with under(attack):
        time.sleep(0.3)
        result = _calls(transport, direction)
    print(_line(name, transport, result, program, program.cpu_s() - before), flush=True)


@contextmanager
def _dead_end() -> Iterator[socket.socket]:
    """An address that answers no connection request: its queue is full."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind((BLOCKED, PORT))
        listener.listen(0)
        for each in (first, second):
            each.setblocking(False)
            each.connect_ex((BLOCKED, PORT))
        yield listener


def _requests_to_blocked(stop: Event) -> None:
    """A hundred requests a second from the inside for an address that does not answer."""
    request = (
        f"MESSAGE sip:x@{BLOCKED}:{PORT};transport=tcp SIP/2.0\r\n"
        f"Via: SIP/2.0/TCP {NODE}:{PORT};branch=z9hG4bK{{0}}\r\n"
        f"Max-Forwards: 70\r\nFrom: <sip:a@rtp.example.com>;tag=1\r\nTo: <sip:x@{BLOCKED}>\r\nCall-ID: {{0}}@{NODE}\r\n"
        "CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n"
    )
    with socket.create_connection((INNER, PORT), 2, (NODE, 0)) as own:
        number = 0
        while not stop.wait(0.01):
            number += 1
            own.sendall(request.format(number).encode())


@contextmanager
def _two_upstreams(transport: str) -> Iterator[tuple[Running, subprocess.Popen[bytes]]]:
    """The second upstream is a process that can be killed; the first is the load generator's sink."""
    file = sipnat_configuration(transport)
    content = json.loads(file.read_text())
    content["inside"]["hosts"].append({"id": 3, "name": "second", "addresses": [SECOND_NODE]})
    content["inside"]["upstreams"].append({"host": "second", "port": PORT, "transport": transport})
    file.write_text(json.dumps(content))
    command = [sys.executable, "-m", "bench.proxy.sink", transport, SECOND_NODE]
    environment = {"PYTHONPATH": str(build.source_tree(compiled=True))}
    argv = [build.PYTHON, "-m", "sipnat", "run", "-c", str(file)]
    with subprocess.Popen(command, cwd=REPOSITORY) as second:
        try:
            with running(argv, WORK / "abuse-upstreams.log", environment, PROXY_CPU) as program:
                time.sleep(1)
                yield program, second
        finally:
            second.kill()


def _upstream_killed(transport: str) -> None:
    with _two_upstreams(transport) as (program, second):

        def attack(stop: Event) -> None:
            stop.wait(SECONDS / 2)
            second.kill()

        _case("two upstreams, one killed", transport, program, attack, IN)


def main() -> int:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(prog="python -m bench.proxy.abuse")
    names = [each.name for each in CONTENDERS]
    parser.add_argument("--contender", choices=names, default=COMPILED.name)
    contender = CONTENDERS[names.index(parser.parse_args().contender)]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    build.everything()
    print(f"{contender.name}: INVITE + 200, {RATE} a second from {NODE} to {PARTNER}, {SECONDS:g} s each")
    for name, transport, attack in ATTACKS:
        with contender.started(transport) as program:
            _case(name, transport, program, attack)
    with contender.started("tcp") as program, _dead_end():
        _case("an outside address that is blocked", "tcp", program, _requests_to_blocked)
    if contender is COMPILED:
        _upstream_killed("tcp")
    return 0


if __name__ == "__main__":
    sys.exit(main())
