"""Who talks to whom: loopback addresses that stand for the inside, our two sides, and the partner."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
WORK = REPOSITORY / "build/bench/proxy"  # everything that is built or written

PORT = 5060
NODE = "127.10.0.11"  # a gateway node
INNER = "127.10.0.5"  # our inside address
OUTER = "127.20.0.46"  # our outside address, and what the world sees of the node
PARTNER = "127.30.0.7"
INSIDE_NETWORK = "127.10.0.0/24"
PARTNER_NETWORK = "127.30.0.0/24"

TRANSPORTS = ("udp", "tcp", "tls")
TYPES = ("invite", "message")

PROXY_CPU, LOAD_CPU = 0, 1
HEALTH_S = 0.5  # between checks of an upstream


@dataclass(frozen=True)
class Direction:
    """Requests go from `client` to `proxy` and come out at `sink`."""

    name: str
    client: str
    proxy: str
    sink: str


OUT = Direction("out", NODE, INNER, PARTNER)
IN = Direction("in", PARTNER, OUTER, NODE)
DIRECTIONS = {"out": OUT, "in": IN}
