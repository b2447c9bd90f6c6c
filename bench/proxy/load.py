"""Runs of the load generator."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.proxy import build, messages
from bench.proxy.scene import HEALTH_S, IN, LOAD_CPU, OUT, PORT, WORK, Direction

UDP_WINDOW = 64
CONNECTIONS = 32  # one request outstanding on each
SETTLE_S = 2.5 * HEALTH_S  # before requests to an upstream that was not there until now


@dataclass(frozen=True)
class Result:
    """What the generator has counted; times are those from when a request was due to its answer."""

    sent: int
    arrived: int
    answered: int
    refused: int
    lost: int
    closed: int
    seconds: float
    size: int
    p50_us: float
    p99_us: float
    max_us: float
    cipher: str

    @property
    def forwarded(self) -> int:
        """Messages that came through: requests at the sink, answers at the client."""
        return self.arrived + self.answered

    @property
    def failed_share(self) -> float:
        """Requests without a 200, of those sent."""
        return 1 - self.answered / self.sent if self.sent else 1.0


class LoadError(Exception):
    """The generator could not run; the text is its own."""


@dataclass(frozen=True)
class Load:
    """What to send. `rate`: requests a second, 0 for as many as the proxy takes."""

    transport: str
    kind: str
    direction: Direction = OUT
    seconds: float = 0.8
    rate: float = 0
    requests: int = 0
    window: int = 0  # 0: the usual
    connections: int = CONNECTIONS
    users: int = 1000
    pause_us: int = 0  # slept by the generator when it has nothing to do; 0: a closed loop's usual, or never
    through_proxy: bool = True  # False: straight to the sink, for the bench's own share of a time
    dump: Path | None = None

    def argv(self) -> list[str]:
        """The command."""
        request, answer = messages.write(WORK, self.direction, self.transport, self.kind)
        way = self.direction
        window = self.window or (UDP_WINDOW if self.transport == "udp" else self.connections)
        proxy = way.proxy if self.through_proxy else way.sink
        words = {
            "transport": self.transport, "client": f"{way.client}:{PORT}", "proxy": f"{proxy}:{PORT}",
            "sink": f"{way.sink}:{PORT}", "request": request, "answer": answer, "window": window,
            "connections": self.connections, "seconds": self.seconds, "requests": self.requests, "rate": self.rate,
            "pause": self.pause_us or (0 if self.rate else 20), "users": self.users, "cpu": LOAD_CPU,
            "settle": SETTLE_S if way is IN and self.through_proxy else 0,
            "certificate": build.CERTIFICATE, "key": build.KEY,
        }  # fmt: skip
        if self.dump:
            words["dump"] = self.dump
        return [build.program("load"), *(f"--{name}={value}" for name, value in words.items())]

    def run(self) -> Result:
        """Run it to its end."""
        done = subprocess.run(self.argv(), check=False, capture_output=True, text=True, timeout=self.seconds + 30)
        return parse(done.returncode, done.stdout, done.stderr)


def parse(code: int, output: str, errors: str) -> Result:
    """The result that the generator has printed."""
    if code or not output:
        raise LoadError(errors.strip() or f"the load generator ended with {code}")
    return Result(**json.loads(output))
