# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Findings about a site's own machines."""

from __future__ import annotations

from collections.abc import Iterator

from ._nat_finding import Finding, SiteCheck
from ._nat_read import Address
from ._nat_site import EntryPoint, Node, Site, protocol


def standalone_nat(site: Site) -> Iterator[Finding]:
    """Only the SIP proxy of a cluster can advertise an address that is not its own."""
    if site.kind == "standalone" and site.behind_nat and not site.nat_proxies:
        yield Finding(
            "standalone-nat",
            "error",
            site.name,
            f"standalone gateway {site.entry_points[0].host} behind a NAT",
            "a cluster with a SIP proxy, or the SIP NAT proxy in front of the gateway",
            "add an entry point of kind nat_proxy and lead the router's rules to it, or install a cluster",
        )


def transport_mismatch_of_listener(site: Site) -> Iterator[Finding]:
    """Everything on the way has to speak the transport in use."""
    for one in site.listeners:
        if site.transport not in one.ports:
            yield Finding(
                "transport-mismatch",
                "error",
                site.name,
                f"the {one.kind} of {one.host} has no port for {site.transport}",
                f"a port for {site.transport}, which the site uses",
                f"add {site.transport} to the ports of the {one.kind}, or change the site's transport",
            )


def port_taken(site: Site) -> Iterator[Finding]:
    """Only one program can listen on an address and port."""
    taken: dict[tuple[Address, str, int], str] = {}
    others = {(one.host, one.protocol, one.port): one.by for one in site.ports_in_use}
    for one in site.listeners:
        for transport, port in one.ports.items():
            where = (one.address, protocol(transport), port)
            mine = f"{one.kind} of {one.host} ({transport})"
            other = taken.setdefault(where, mine)
            other = other if other != mine else others.get((one.host, protocol(transport), port), mine)
            if other != mine:
                yield Finding(
                    "port-taken",
                    "error",
                    site.name,
                    f"{one.address} {protocol(transport)} port {port} is for {mine} and for {other}",
                    "a port for each",
                    "give one of them another port",
                )


def address_outside(site: Site) -> Iterator[Finding]:
    """What is private is told by the networks, so every machine behind the NAT has to be in one of them."""
    machines: list[EntryPoint | Node] = [*site.listeners, *site.nodes]
    for machine in {one.address: one for one in machines if site.behind_nat}.values():
        if not site.own(machine.address):
            yield Finding(
                "address-outside",
                "error",
                site.name,
                f"{machine.address} of {machine.host} is in none of the site's networks",
                f"an address of {', '.join(map(str, site.networks)) or 'a network of the site: none is given'}",
                "correct the address, or add its network to networks",
            )


CHECKS: tuple[SiteCheck, ...] = (standalone_nat, transport_mismatch_of_listener, port_taken, address_outside)
