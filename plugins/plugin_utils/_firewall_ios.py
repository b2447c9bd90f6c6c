# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The table as access lists of Cisco IOS 12.x.

IOS meets the list of an interface before it translates what comes in there: packets from outside still have public
addresses, those from inside private ones. A list knows no connections, so answers are entries of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Network

from ._firewall_flow import Flow, left_out
from ._firewall_input import Place
from ._nat_read import NatError, Network

_END = "permit ip any any"
"""Packets of others are none of the list's business."""


def render(place: Place, flows: Sequence[Flow]) -> str:
    """Commands of the global mode, which make both lists anew and put them at the interfaces that are known."""
    passing = [flow for flow in flows if flow.firewall != "none"]
    site = re.sub(r"[^A-Z0-9]+", "-", place.site.name.upper())
    outside, inside = f"STGW-{site}-FROM-OUTSIDE", f"STGW-{site}-FROM-INSIDE"
    settings = place.settings
    lines = [
        f"! Ports of {place.site.name}: what the table lists passes, everything else of its hosts does not.",
        *(f"! No entry: {line}" for line in left_out(flows)),
        "! Lists are made anew: what somebody added to them is gone afterwards.",
        f"no ip access-list extended {outside}",
        f"ip access-list extended {outside}",
        *_list(_from_outside(passing), _public(place, passing)),
        f"no ip access-list extended {inside}",
        f"ip access-list extended {inside}",
        *_list(_from_inside(passing), _private(place), by_source=True),
    ]
    for name, interfaces in ((outside, [settings.outside_interface]), (inside, settings.inside_interfaces)):
        for interface in filter(None, interfaces):
            lines += [f"interface {interface}", f" ip access-group {name} in"]
    return "\n".join([*lines, ""])


def _list(permits: Iterable[tuple[str, str]], protected: Iterable[str], *, by_source: bool = False) -> Iterator[str]:
    """The entries of a list, each purpose before its own; `protected` are the hosts of which nothing else passes."""
    said, entries = "", set()
    for purpose, entry in permits:
        if entry not in entries:
            if purpose != said:
                yield f" ! {purpose}"
            said = purpose
            entries.add(entry)
            yield f" {entry}"
    hosts = list(protected)
    if hosts:
        # Without these nobody learns that a packet was too big, or could not be delivered.
        yield " ! ICMP"
        yield from (f" permit icmp {f'{host} any' if by_source else f'any {host}'}" for host in hosts)
        yield " ! everything else of these hosts"
        yield from (f" deny ip {f'{host} any' if by_source else f'any {host}'}" for host in hosts)
    yield f" {_END}"


def _from_outside(flows: Iterable[Flow]) -> Iterator[tuple[str, str]]:
    for flow in flows:
        if flow.firewall != "edge":
            continue
        what = f"{flow.purpose}: {flow.source} to {flow.target}"
        for source, target in flow.pairs():
            near, far = _addresses(source.outside), _addresses(target.outside)
            for port in flow.outside_ports:
                if flow.direction == "in":
                    yield what, f"permit {flow.protocol} {near} {far} eq {port}"
                else:
                    yield f"{what}, answers", _answer(flow.protocol, far, port, near)


def _from_inside(flows: Iterable[Flow]) -> Iterator[tuple[str, str]]:
    for flow in flows:
        what = f"{flow.purpose}: {flow.source} to {flow.target}"
        ends = [
            (_addresses(source.network), _addresses(target.network), port)
            for source, target in flow.pairs()
            for port in flow.ports
        ]
        if flow.direction != "in":
            for near, far, port in ends:
                yield what, f"permit {flow.protocol} {near} {far} eq {port}"
        if flow.direction != "out":
            for near, far, port in ends:
                yield f"{what}, answers", _answer(flow.protocol, far, port, near)


def _answer(protocol: str, listener: str, port: int, caller: str) -> str:
    established = " established" if protocol == "tcp" else ""
    return f"permit {protocol} {listener} eq {port} {caller}{established}"


def _public(place: Place, flows: Iterable[Flow]) -> list[str]:
    """What of a site partners can send packets to: behind a NAT its public addresses, else the hosts themselves."""
    if not place.site.behind_nat:
        return _private(place)
    rules = place.site.rules
    public = [rule.public_address for rule in rules.inbound]
    public += [each for rule in rules.outbound for each in rule.public_addresses]
    public += [end.public for flow in flows for end in (*flow.sources, *flow.targets) if end.public]
    return [f"host {each}" for each in dict.fromkeys(map(str, public))]


def _private(place: Place) -> list[str]:
    return [f"host {each}" for each in dict.fromkeys(str(one.address) for one in place.machines)]


def _addresses(where: Network) -> str:
    if not isinstance(where, IPv4Network):
        raise NatError(
            f"{where}: these access lists of IOS are for IPv4 only; take ios out of firewall_ports_formats, or leave "
            "the addresses of IPv6 out"
        )
    if where.num_addresses == 1:
        return f"host {where.network_address}"
    return "any" if where.prefixlen == 0 else f"{where.network_address} {where.hostmask}"
