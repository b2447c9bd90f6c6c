"""Who is measured, and how each is started."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template
from time import monotonic, sleep

from bench.proxy import build
from bench.proxy.load import Load, LoadError
from bench.proxy.processes import Running, running
from bench.proxy.scene import (
    HEALTH_S,
    INNER,
    INSIDE_NETWORK,
    NODE,
    OUTER,
    PARTNER,
    PARTNER_NETWORK,
    PORT,
    PROXY_CPU,
    TRANSPORTS,
    WORK,
)  # fmt: skip

READY_WITHIN_S = 15
CONNECTIONS, NO_LIMIT = 20000, 1e9  # nobody's limit is what is measured
_KAMAILIO = Path(__file__).parent / "kamailio/kamailio.cfg"


@dataclass(frozen=True)
class Contender:
    """`variant`: of Kamailio's configuration; sipnat: compiled or pure. `workers`: of Kamailio, for each socket."""

    name: str
    family: str  # floor | kamailio | sipnat
    variant: str = ""
    transports: tuple[str, ...] = TRANSPORTS
    workers: int = 2
    rate: float = NO_LIMIT  # messages a second that sipnat takes from an outside address

    def command(self, transport: str, processes: int = 1) -> tuple[list[str], dict[str, str]]:
        """Words and environment; configuration files are written."""
        if self.family == "floor":
            ends = (f"{address}:{PORT}" for address in (INNER, OUTER, NODE, PARTNER))
            return [build.program("floor"), transport, *ends], {}
        if self.family == "kamailio":
            return _kamailio(transport, self.variant, self.workers), {}
        file = sipnat_configuration(transport, processes=processes, rate=self.rate)
        compiled = self.variant == "compiled"
        environment = {"PYTHONPATH": str(build.source_tree(compiled)), "SIPNAT_PURE": "" if compiled else "1"}
        return [build.PYTHON, "-m", "sipnat", "run", "-c", str(file)], environment

    @contextmanager
    def started(self, transport: str, processes: int = 1) -> Iterator[Running]:
        """Runs and forwards."""
        argv, environment = self.command(transport, processes)
        log = WORK / f"{re.sub('[ ,]+', '-', self.name)}-{transport}.log"
        with running(argv, log, environment, PROXY_CPU if processes == 1 else None) as program:
            _await_forwarding(program, transport)
            yield program


FLOOR = Contender("floor", "floor", transports=("udp", "tcp"))
FULL = Contender("kamailio full", "kamailio", "FULL")
LEAN = Contender("kamailio lean", "kamailio", "LEAN")
# On streams two workers pass descriptors to each other; with one Kamailio is cheapest, and one is what sipnat has.
FULL_SINGLE = Contender("kamailio full, 1 worker", "kamailio", "FULL", ("tcp", "tls"), 1)
LEAN_SINGLE = Contender("kamailio lean, 1 worker", "kamailio", "LEAN", ("tcp", "tls"), 1)
PURE = Contender("sipnat pure", "sipnat", "pure")
COMPILED = Contender("sipnat compiled", "sipnat", "compiled")
CONTENDERS = (FLOOR, FULL, LEAN, FULL_SINGLE, LEAN_SINGLE, PURE, COMPILED)


def _kamailio(transport: str, variant: str, workers: int) -> list[str]:
    addresses = WORK / "kamailio.addresses"
    addresses.write_text(f"1 {INSIDE_NETWORK.partition('/')[0]} 24 0\n2 {PARTNER_NETWORK.partition('/')[0]} 24 0\n")
    text = Template(_KAMAILIO.read_text()).substitute(
        transport=transport, inner=INNER, outer=OUTER, node=NODE, partner=PARTNER, port=PORT, children=workers,
        node_pattern=NODE.replace(".", r"\."), outer_pattern=OUTER.replace(".", r"\."), addresses=addresses,
        certificate=build.CERTIFICATE, key=build.KEY,
    )  # fmt: skip
    file = WORK / f"kamailio-{transport}.cfg"
    file.write_text(text)
    # Debian's default allocator checks every block and costs ten times as much: not what anybody would run.
    return [
        "/usr/sbin/kamailio", "-DD", "-E", "-x", "tlsf", "-X", "tlsf", "-m", "256", "-M", "16",
        "-A", transport.upper(), "-A", variant, "-Y", str(WORK), "-P", str(WORK / "kamailio.pid"), "-f", str(file),
    ]  # fmt: skip


def sipnat_configuration(
    transport: str, *, processes: int = 1, inner: str = INNER, outer: str = OUTER, rate: float = NO_LIMIT
) -> Path:
    """Everything is on: access by source, rate limit, all masks, metrics."""
    secure = {"tls": {"default": {
        "certificate": str(build.CERTIFICATE), "key": str(build.KEY), "verify": False,
    }}} if transport == "tls" else {}  # fmt: skip
    end = {"port": PORT, "transport": transport}
    file = WORK / f"sipnat-{inner}-{transport}.json"
    file.write_text(json.dumps({
        "inside": {
            "networks": [INSIDE_NETWORK],
            "hosts": [
                {"id": 1, "name": "node", "addresses": [NODE]},
                {"id": 2, "name": "proxy", "addresses": [inner]},
            ],
            "upstreams": [{"host": "node", **end}],
        },
        "public": {"host": outer, "address": outer, "ports": {transport: PORT}},
        "outbound": {"host": outer, "address": outer},
        "listen": [{"address": inner, **end, "leg": "inside"}, {"address": outer, **end, "leg": "outside"}],
        "partners": [{"name": "partner", "address": PARTNER, **end, "networks": [PARTNER_NETWORK]}],
        "limits": {
            "connections": CONNECTIONS, "connections_per_peer": CONNECTIONS, "rate": rate, "burst": rate,
        },
        "health": {"interval": HEALTH_S, "timeout": HEALTH_S},
        "admin": {"port": 9561 if inner == INNER else 9562},
        "processes": processes,
        **secure,
    }, indent=1))  # fmt: skip
    return file


def _await_forwarding(program: Running, transport: str) -> None:
    probe = Load(transport, "message", seconds=0.05, requests=1, connections=1)
    deadline = monotonic() + READY_WITHIN_S
    while monotonic() < deadline and not program.ended():
        try:
            if probe.run().answered:
                return
        except LoadError:  # nobody listens yet
            sleep(0.05)
    raise SystemExit(f"{program.log}: forwards nothing\n{program.log.read_text(errors='replace')[-2000:]}")
