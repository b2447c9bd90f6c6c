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
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from threading import Event

from bench.proxy import build
from bench.proxy.attacks import ATTACKS, Attack, under
from bench.proxy.contenders import COMPILED, CONTENDERS, sipnat_configuration
from bench.proxy.load import Load, Result
from bench.proxy.processes import Running, running
from bench.proxy.scene import IN, INNER, NODE, OUT, PARTNER, PORT, PROXY_CPU, REPOSITORY, WORK, Direction

RATE = 1000
LIMIT = 5000  # messages a second that are taken from one address
SECONDS = 4.0
BLOCKED = "127.30.0.99"
UPSTREAMS = ("127.10.0.12", "127.10.0.13")


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
    """The proxy before two upstreams, of which one will be killed."""
    file = sipnat_configuration(transport, rate=LIMIT)
    content = json.loads(file.read_text())
    content["inside"]["hosts"] = [
        {"id": number, "name": address, "addresses": [address]} for number, address in enumerate(UPSTREAMS, 1)
    ]
    content["inside"]["upstreams"] = [{"host": address, "port": PORT, "transport": transport} for address in UPSTREAMS]
    file.write_text(json.dumps(content))
    environment = {"PYTHONPATH": str(build.source_tree(compiled=True))}
    argv = [build.PYTHON, "-m", "sipnat", "run", "-c", str(file)]
    with ExitStack() as stack:
        for address in UPSTREAMS:
            command = [sys.executable, "-m", "bench.proxy.sink", transport, address]
            upstream = stack.enter_context(subprocess.Popen(command, cwd=REPOSITORY))
            stack.callback(upstream.kill)
        time.sleep(1)
        program = stack.enter_context(running(argv, WORK / "abuse-upstreams.log", environment, PROXY_CPU))
        time.sleep(1)
        yield program, upstream


def _upstream_killed(transport: str) -> None:
    with _two_upstreams(transport) as (program, victim):

        def attack(stop: Event) -> None:
            stop.wait(SECONDS / 2)
            victim.kill()

        _case("two upstreams, one killed", transport, program, attack, IN)


def main() -> int:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(prog="python -m bench.proxy.abuse")
    names = [each.name for each in CONTENDERS]
    parser.add_argument("--contender", choices=names, default=COMPILED.name)
    contender = replace(CONTENDERS[names.index(parser.parse_args().contender)], rate=LIMIT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    build.everything()
    print(f"{contender.name}: INVITE + 200, {RATE} a second from {NODE} to {PARTNER}, {SECONDS:g} s each")
    for name, transport, attack in ATTACKS:
        with contender.started(transport) as program:
            _case(name, transport, program, attack)
    with contender.started("tcp") as program, _dead_end():
        _case("an outside address that is blocked", "tcp", program, _requests_to_blocked)
    if contender.family == "sipnat":
        _upstream_killed("tcp")
    return 0


if __name__ == "__main__":
    sys.exit(main())
