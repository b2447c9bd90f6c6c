"""Memory of idle connections, and the time from the start to the first answer."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.proxy import build
from bench.proxy.contenders import Contender
from bench.proxy.processes import running
from bench.proxy.scene import INNER, NODE, PORT, PROXY_CPU, WORK

TARGETS = {"tcp": (1000, 10000), "tls": (2000,)}
_SETTLE_S = 1.0

_OPTIONS = (
    f"OPTIONS sip:{INNER}:{PORT} SIP/2.0\r\nVia: SIP/2.0/UDP {NODE}:{{port}};rport;branch=z9hG4bKbench\r\n"
    f"Max-Forwards: 70\r\nFrom: <sip:bench@{NODE}>;tag=1\r\nTo: <sip:{INNER}>\r\nCall-ID: start@{NODE}\r\n"
    "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)


@dataclass(frozen=True)
class Memory:
    """Proportional set size with so many idle connections, and what each of them adds."""

    contender: str
    transport: str
    connections: int
    total_kib: int
    each_kib: float


def memory(contender: Contender, transport: str) -> list[Memory]:
    """Open connections, let each carry one keep-alive, look at the processes."""
    found = []
    with contender.started(transport) as program:
        time.sleep(_SETTLE_S)
        empty = program.memory_kib()
        counts = TARGETS[transport]
        argv = [build.program("hold"), transport, f"{NODE}:0", f"{INNER}:{PORT}", *map(str, counts)]
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdin and holder.stdout
            for count in counts:
                if not holder.stdout.readline():
                    break
                time.sleep(_SETTLE_S)
                total = program.memory_kib()
                found.append(Memory(contender.name, transport, count, total, (total - empty) / count))
                holder.stdin.write("\n")
                holder.stdin.flush()
    return found


def start_up_s(contender: Contender) -> float:
    """Seconds from the start to the answer to an OPTIONS request over UDP."""
    argv, environment = contender.command("udp")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind((NODE, 0))
        own.settimeout(0.002)
        request = _OPTIONS.format(port=own.getsockname()[1]).encode()
        began = time.monotonic()
        with running(argv, WORK / "start.log", environment, PROXY_CPU):
            while time.monotonic() - began < 10:
                try:
                    own.sendto(request, (INNER, PORT))
                    own.recv(4096)
                except OSError:  # nobody there yet, or no answer in time
                    continue
                return time.monotonic() - began
    raise SystemExit(f"{contender.name} does not answer OPTIONS")


def start_ups(contenders: Sequence[Contender], rounds: int) -> dict[str, list[float]]:
    """In turn."""
    found: dict[str, list[float]] = {each.name: [] for each in contenders}
    for _ in range(rounds):
        for contender in contenders:
            found[contender.name].append(start_up_s(contender))
    return found
