# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The flows between the parts of a cell, and between the SIP NAT proxy and what it stands in front of.

Nothing may filter them: the product does not support a firewall between the parts of a cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from itertools import pairwise

from ._firewall_flow import End, Flow
from ._firewall_input import Place
from ._firewall_inside import Link, linked
from ._nat_party import KINDS
from ._nat_site import EntryPoint, protocol

SAME_LAN = "same LAN, no firewall"
_AGENTS = ("node_agent",)
_SERVERS = ("deployment_manager", "node", "sip_proxy")

LINKS = (
    Link("cell", _AGENTS, "deployment_manager", ("soap", "bootstrap", "orb", "discovery", "dcs"),
         "federation, synchronisation, state", "cell [memory]"),
    Link("cell", ("deployment_manager",), "node_agent", ("soap", "bootstrap", "orb", "discovery", "dcs"),
         "synchronisation, start and stop, state", "cell [memory]"),
    Link("cell", _AGENTS, "node_agent", ("dcs",), "high availability manager", "cell [memory]"),
    Link("cell", _SERVERS, "node", ("dcs",), "replication of sessions, state", "cell [memory]"),
    Link("cell", _SERVERS, "sip_proxy", ("dcs",), "state of the members", "cell [memory]"),
)  # fmt: skip


def flows(place: Place) -> Iterator[Flow]:
    """All of them."""
    for flow in (*_cell(place), *_sip(place)):
        if any(True for _pair in flow.pairs()):
            yield replace(flow, firewall="none", why_none=SAME_LAN)


def _cell(place: Place) -> Iterator[Flow]:
    for link in LINKS:
        yield from linked(place, link)


def _sip(place: Place) -> Iterator[Flow]:
    """From the partners' side to the gateways, and back: each part dials the next one."""
    site, service = place.site, "sips" if place.site.transport == "tls" else "sip"
    chain = [_listeners(site.nat_proxies, place), _listeners(site.upstreams, place)]
    if site.kind == "cluster":
        chain.append(
            [
                ("gateway", End(one.host, ip_network(str(one.address))), one.parts["node"][service])
                for one in place.having("node")
                if service in one.parts["node"]
            ]
        )
    present = [stage for stage in chain if stage]
    for one, other in pairwise(present):
        for sources, targets in ((one, other), (other, one)):
            for port in dict.fromkeys(port for _label, _end, port in targets):
                yield Flow(
                    site=site.name,
                    group="cell",
                    source=sources[0][0],
                    sources=tuple(end for _label, end, _port in sources),
                    target=targets[0][0],
                    targets=tuple(end for _label, end, at in targets if at == port),
                    protocol=protocol(site.transport),
                    ports=(port,),
                    direction="inside",
                    firewall="none",
                    purpose="SIP between the parts",
                    evidence="cell SIP [derived]",
                )


def _listeners(entries: tuple[EntryPoint, ...], place: Place) -> list[tuple[str, End, int]]:
    transport = place.site.transport
    return [
        (KINDS[one.kind], End(one.host, ip_network(str(one.address))), one.ports[transport])
        for one in entries
        if transport in one.ports
    ]
