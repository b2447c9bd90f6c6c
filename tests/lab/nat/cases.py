"""The cases of `cases.yml`: what each writes into SIP, the plan's view of it, and its row in docs/nat.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

INBOUND, OUTBOUND = "rtp_nat.ibm.com", "rtp_natpool1.ibm.com"
ADDRESSES = {INBOUND: "9.42.124.45", OUTBOUND: "9.42.124.46"}
PROXY, PARTNER, PARTNER_PORT = "9.42.111.5", "9.42.124.60", 5060

Reading = Literal["via", "record_route"]
READINGS: tuple[Reading, ...] = ("via", "record_route")
KINDS = {
    "tcp": ("inbound_same", "inbound_new", "outbound_same", "outbound_new"),
    "udp": ("inbound_lenient", "outbound_lenient", "outbound_strict"),
}
"""The kinds of calls of each transport, as `cases.yml` explains them."""


@dataclass(frozen=True)
class Case:
    """One entry of `cases.yml`."""

    name: str
    title: str
    transport: Literal["tcp", "udp"]
    inbound: Sequence[tuple[str, int, int]]
    listens: int
    dials: int
    sprayer: Mapping[str, Any]
    outcome: Mapping[str, str | Mapping[Reading, str]]
    because: str
    findings: Mapping[str, str]
    question: int | None = None
    cell_fqdn: str = INBOUND
    outbound: Literal["static", "pat"] = "static"

    @property
    def by_nat_proxy(self) -> bool:
        """Whether the SIP NAT proxy stands before the SIP proxy."""
        return bool(self.sprayer.get("by") == "nat_proxy")

    def expected(self) -> dict[tuple[str, Reading], str]:
        """The outcome of every kind of call, in both readings."""
        assert set(self.outcome) == set(KINDS[self.transport]), self.name
        return {
            (kind, reading): said if isinstance(said, str) else said[reading]
            for kind, said in self.outcome.items()
            for reading in READINGS
        }

    def advertised(self, reading: Reading) -> Advertised:
        """What partners read in the messages of the SIP proxy."""
        sprayer = f"{self.sprayer['host']}:{self.sprayer['port']}"
        in_dialog = f"{self.cell_fqdn}:{self.sprayer['port']}"
        if self.by_nat_proxy:
            public = f"{INBOUND}:{self.inbound[0][1]}"
            return Advertised(via=f"{OUTBOUND}:{self.listens}", record_route=public, contact=public)
        return Advertised(
            via=sprayer, record_route=sprayer if reading == "record_route" else in_dialog, contact=in_dialog
        )

    def router(self) -> dict[str, Any]:
        """The rules of the router, in the words of the plan."""
        return {
            "inbound": [
                {
                    "protocol": self.transport,
                    "public_address": ADDRESSES[name],
                    "public_port": public,
                    "private_address": PROXY,
                    "private_port": private,
                    "name": name,
                }
                for name, public, private in self.inbound
            ],
            "outbound": [{"private_address": PROXY, "public_address": ADDRESSES[OUTBOUND], "name": OUTBOUND}],
            "sip_alg": False,
        }

    def sites(self) -> list[dict[str, Any]]:
        """The input of the plan."""
        router = self.router()
        if self.outbound == "pat":
            router["outbound"][0]["overload"] = True
        proxy = {"host": "sipproxy1", "name": "sipproxy1.rtp.example", "address": PROXY}
        ports = {self.transport: self.listens}
        entry_points = [{**proxy, "kind": "sip_proxy", "ports": {self.transport: 5060} if self.by_nat_proxy else ports}]
        if self.by_nat_proxy:
            entry_points.append({**proxy, "kind": "nat_proxy", "ports": ports})
        gateway = {"host": "stgw2", "name": "stgw2.partner.example", "address": PARTNER, "kind": "gateway"}
        return [
            {
                "name": "rtp_cluster",
                "kind": "cluster",
                "transport": self.transport,
                "networks": ["9.42.111.0/24"],
                "entry_points": entry_points,
                "nodes": [{"host": "stgpn1", "name": "stgpn1.rtp.example", "address": "9.42.111.2"}],
                "router": router,
                "cell_fqdn": self.cell_fqdn,
                "sprayers": [{"transport": self.transport, "host": self.sprayer["host"], "port": self.sprayer["port"]}],
                "partners": [{"name": "partner", "site": "rtp_partner"}],
            },
            {
                "name": "rtp_partner",
                "kind": "standalone",
                "transport": self.transport,
                "networks": [],
                "entry_points": [{**gateway, "ports": {self.transport: PARTNER_PORT}}],
                "nodes": [],
                "partners": [{"name": "cluster", "site": "rtp_cluster", "host": INBOUND, "port": self.dials}],
            },
        ]


@dataclass(frozen=True)
class Advertised:
    """Host and port in each header."""

    via: str
    record_route: str
    contact: str


def load() -> list[Case]:
    """All cases."""
    text = Path(__file__).with_name("cases.yml").read_text("utf-8")
    return [Case(**entry) for entry in yaml.safe_load(text)]


def rows(cases: Sequence[Case]) -> Iterator[str]:
    """The table of docs/nat.md."""
    yield "| question | transport | case | router, inbound | sprayer | A | B | because | the plan says |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for case in cases:
        rules = ", ".join(
            f"{'.' + ADDRESSES[name].rpartition('.')[2]}:{one} → {two}" for name, one, two in case.inbound
        )
        cells = [
            str(case.question or ""),
            case.transport.upper(),
            case.title,
            rules,
            f"`{case.sprayer['host']}` {case.sprayer['port']}",
            *(_summary(case, reading) for reading in READINGS),
            case.because,
            ", ".join(f"{severity} {name}" for name, severity in case.findings.items()) or "nothing",
        ]
        yield f"| {' | '.join(cells)} |"


_SHORT = {
    "inbound_same": "in same",
    "inbound_new": "in new",
    "outbound_same": "out same",
    "outbound_new": "out new",
    "inbound_lenient": "in",
    "outbound_lenient": "out",
    "outbound_strict": "out strict",
}


def _summary(case: Case, reading: Reading) -> str:
    said: dict[str, list[str]] = {}
    for (kind, of), outcome in case.expected().items():
        if of == reading:
            said.setdefault(outcome, []).append(_SHORT[kind])
    if len(said) == 1:
        return f"**all {next(iter(said))}**"
    # One word for both directions.
    shown = {outcome: ", ".join(kinds) for outcome, kinds in said.items()}
    for way in ("same", "new"):
        shown = {outcome: kinds.replace(f"in {way}, out {way}", way) for outcome, kinds in shown.items()}
    return "; ".join(f"**{outcome}**: {kinds}" for outcome, kinds in shown.items())
