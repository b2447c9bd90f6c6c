# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of docs/nat.md that says what works and what partners see: every row of it with its numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, Mapping, Sequence

import result_acts as acts
from configs import changed
from sipp_acts import Act
from sipp_arena import NODE, OUTBOUND, OUTBOUND_OF_NODE, PROXY, PUBLIC
from sipp_scenarios import Party
from sipp_stage import configuration

_ROUTER_INSIDE = "9.42.111.1"


@dataclass(frozen=True)
class Row:
    """Some calls, and what must come of them: how many go well, SIP packets outside, those with an inside address."""

    title: str
    play: Callable[[Party, Party], Act]
    well: int
    packets: int
    private: int = 0
    calls: int = 5


@dataclass(frozen=True)
class Setting:
    """What rows have in common: `front` is none, plain or sipnat, with changes of its `config`; `router` are rules."""

    name: str
    rows: Sequence[Row]
    transport: str = "udp"
    config: Mapping[str, Any] = field(default_factory=dict)
    front: str = "sipnat"
    router: str = ""
    dead: Sequence[str] = ()

    def configuration(self) -> Dict[str, Any]:
        """Of the SIP NAT proxy."""
        config = configuration(self.transport, self.transport)
        for path, value in self.config.items():
            config = changed(config, path, value)
        return config


def _maps(*ports: int, to: int = 5060) -> str:
    """The router maps these ports of the public address, and none else, to that one of the proxy."""
    rules = ["flush chain ip nat incoming"]
    for port in ports:
        for transport in ("udp", "tcp"):
            rule = f'iifname "out1" ip daddr {PUBLIC} {transport} dport {port} dnat to {PROXY}:{to}'
            rules.append(f"add rule ip nat incoming {rule}")
    return "\n".join(rules) + "\n"


def _says(transport: str, port: int) -> Dict[str, Any]:
    """The proxy listens on 5060 and advertises this port."""
    return {"listen.0.port": 5060, f"outbound.ports.{transport}": 5060, f"public.ports.{transport}": port}


_TWO_NODES = {"inside.upstreams.1": {"host": "node2", "port": 5060, "transport": "udp"}}
_TWO_NODES_TCP = {"inside.upstreams.1": {"host": "node2", "port": 5060, "transport": "tcp"}}
_NODE_ITSELF = f"""
add rule ip nat outgoing oifname "out1" ip saddr {NODE} snat to {OUTBOUND_OF_NODE}
add rule ip nat through iifname "in1" ip saddr {NODE} accept
"""
_SOURCE_TOO = f'add rule ip nat outgoing oifname "in1" ip daddr {PROXY} snat to {_ROUTER_INSIDE}\n'
_PAT = f"""
flush chain ip nat outgoing
add rule ip nat outgoing oifname "out1" ip saddr {PROXY} meta l4proto udp snat to {OUTBOUND}:20000-20999
"""

SETTINGS: List[Setting] = [
    Setting(
        "none",
        [Row("no proxy: the node calls through the router", acts.call_without_proxy, 0, 15, 15)],
        front="none",
        router=_NODE_ITSELF,
    ),
    Setting(
        "plain",
        [Row("a proxy that rewrites nothing: outbound call, UDP", acts.outbound_call, 0, 15, 15)],
        front="plain",
    ),
    Setting(
        "call-id",
        [Row("`mask_call_id: false`, Call-ID with an inside address: outbound call, UDP", acts.outbound_call, 5, 25)],
        config={**_says("udp", 5060), "mask_call_id": False},
        router=_maps(5060),
    ),
    Setting(
        "udp",
        [
            Row("outbound call, UDP", acts.outbound_call, 5, 25),
            Row("inbound call, UDP, two nodes", acts.inbound_call, 10, 50, calls=10),
            Row("SUBSCRIBE and two NOTIFY, UDP", acts.inbound_subscription, 5, 30),
            Row("MESSAGE in, UDP", acts.inbound_message, 5, 10),
            Row("MESSAGE out, UDP", acts.outbound_message, 5, 10),
            Row("MESSAGE out, the partner answers by RFC 3261 18.2.2", acts.strict_message, 5, 10),
        ],
        config={**_says("udp", 5060), **_TWO_NODES},
        router=_maps(5060),
    ),
    Setting(
        "tcp",
        [
            Row("outbound call, TCP", acts.outbound_call, 5, 25),
            Row("inbound call, TCP", acts.inbound_call, 5, 25),
        ],
        transport="tcp",
        config=_says("tcp", 5060),
        router=_maps(5060),
    ),
    Setting(
        "failover",
        [Row("inbound call, TCP, the first of two nodes is dead", acts.inbound_call, 10, 50, calls=10)],
        transport="tcp",
        config={**_says("tcp", 5060), **_TWO_NODES_TCP},
        router=_maps(5060),
        dead=[NODE],
    ),
    Setting(
        "shifted-udp",
        [
            Row("router 5060 to 5062, advertised 5060: inbound call, UDP", acts.inbound_call, 5, 25),
            Row("router 5060 to 5062, advertised 5060: outbound call, UDP", acts.outbound_call, 5, 25),
        ],
    ),
    Setting(
        "shifted-tcp",
        [Row("router 5060 to 5062, advertised 5060: inbound call, TCP", acts.inbound_call, 5, 25)],
        transport="tcp",
    ),
    Setting(
        "shifted-wrong",
        [Row("router 5060 to 5062, advertised 5062: inbound call, UDP", acts.inbound_call, 0, 20)],
        config={"public.ports.udp": 5062},
    ),
    Setting(
        "not-mapped",
        [
            Row("router 5060 to 5060, advertised 5062: inbound call, UDP", acts.inbound_call, 0, 20),
            Row("router 5060 to 5060, advertised 5062: outbound call, UDP", acts.outbound_call, 0, 20),
        ],
        config=_says("udp", 5062),
        router=_maps(5060),
    ),
    Setting(
        "both-mapped",
        [
            Row("router 5060 and 5062 to 5060, advertised 5062: inbound call, UDP", acts.inbound_call, 5, 25),
            Row("router 5060 and 5062 to 5060, advertised 5062: outbound call, UDP", acts.outbound_call, 5, 25),
        ],
        config=_says("udp", 5062),
        router=_maps(5060, 5062),
    ),
    Setting(
        "source-known",
        [Row("the router changes the source too, `inside.firewall` names it: inbound call", acts.inbound_call, 5, 25)],
        config={**_says("udp", 5060), "inside.firewall": [_ROUTER_INSIDE]},
        router=_maps(5060) + _SOURCE_TOO,
    ),
    Setting(
        "source-unknown",
        [Row("the same, not named: inbound call", acts.inbound_call, 0, 5)],
        config=_says("udp", 5060),
        router=_maps(5060) + _SOURCE_TOO,
    ),
    Setting(
        "pat",
        [
            Row("PAT: MESSAGE out, the partner answers by RFC 3261 18.2.2", acts.strict_message, 0, 10),
            Row("PAT: MESSAGE out, the partner answers by `rport` (RFC 3581)", acts.outbound_message, 5, 10),
        ],
        config=_says("udp", 5060),
        router=_maps(5060) + _PAT,
    ),
]


def table() -> Iterator[str]:
    """As docs/nat.md has it."""
    yield "| case | calls that work | SIP packets outside | with an inside address |"
    yield "|---|---|---|---|"
    for setting in SETTINGS:
        for row in setting.rows:
            yield f"| {row.title} | {row.well} of {row.calls} | {row.packets} | {row.private} |"
