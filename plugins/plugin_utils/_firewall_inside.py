# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The flows inside a site that may pass a firewall: to databases, directories and Sametime servers, and of people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ._firewall_flow import Direction, End, Flow, Group, ends
from ._firewall_input import ADMINISTRATORS, CONTROLLERS, PEOPLE, Machine, OwnFlow, Place
from ._nat_read import Network

_GATEWAYS = ("deployment_manager", "node", "standalone")

NAMES = {
    "deployment_manager": "deployment manager",
    "node_agent": "node agent",
    "node": "gateway",
    "sip_proxy": "SIP proxy",
    "xmpp_proxy": "XMPP proxy",
    "standalone": "gateway",
    "database": "DB2",
    "directory": "directory",
    "community": "Sametime server",
    "managed": "every host",
}
"""What people call a part."""
CLIENTS = {ADMINISTRATORS: "administrators", PEOPLE: "people", CONTROLLERS: "Ansible's controller"}


@dataclass(frozen=True)
class Link:
    """A kind of flow: from machines that are one of `parts`, or from the networks of `clients`, to the `services` of
    every machine that is a `part`. `row` is its row of docs/evidence/firewall.md, with its mark."""

    group: Group
    parts: tuple[str, ...]
    part: str
    services: tuple[str, ...]
    purpose: str
    row: str
    clients: str = ""


LINKS = (
    Link("backends", ("node", "standalone"), "community", ("vp",), "the local community, by Virtual Places",
         "local community [doc]"),
    Link("backends", _GATEWAYS, "database", ("db2", "db2_secure"), "JDBC", "database [memory]"),
    Link("backends", _GATEWAYS, "directory", ("ldap", "ldap_secure"), "who people are, by LDAP",
         "directory [memory]"),
    Link("backends", ("community",), "directory", ("ldap", "ldap_secure"), "who people are, by LDAP",
         "directory [memory]"),
    Link("administration", (), "deployment_manager", ("console", "console_secure"), "administrative console",
         "console [memory]", ADMINISTRATORS),
    Link("administration", (), "standalone", ("console", "console_secure"), "administrative console",
         "console [memory]", ADMINISTRATORS),
    Link("administration", (), "managed", ("management",), "this collection, by ssh or WinRM",
         "management", CONTROLLERS),
    Link("people", (), "community", ("chat", "notes", "http"), "clients of the local community",
         "people [memory]", PEOPLE),
)  # fmt: skip


def flows(place: Place) -> Iterator[Flow]:
    """All of them, each with whether it passes a firewall inside the site."""
    for link in LINKS:
        for flow in linked(place, link):
            yield _in_its_zone(place, flow)
    for own in place.settings.own:
        yield _in_its_zone(place, _own(place, own))


def linked(place: Place, link: Link) -> Iterator[Flow]:
    """The rows of one kind of flow: one for all machines that listen at the same ports."""
    networks = place.settings.clients.get(link.clients, ())
    sources = tuple(End("", where) for where in networks) if link.clients else ends(place.having(*link.parts))
    by_ports: dict[tuple[int, ...], list[Machine]] = {}
    for one in place.having(link.part):
        told = one.parts[link.part]
        by_ports.setdefault(tuple(told[name] for name in link.services if name in told), []).append(one)
    for ports, listeners in by_ports.items():
        if ports and (sources or link.clients):
            yield Flow(
                site=place.site.name,
                group=link.group,
                source=_source(place, link),
                sources=sources,
                target=NAMES[link.part],
                targets=ends(listeners),
                protocol="tcp",
                ports=ports,
                direction="inside",
                firewall="inner",
                purpose=link.purpose,
                evidence=link.row,
            )


def _source(place: Place, link: Link) -> str:
    if link.clients:
        return CLIENTS[link.clients]
    return ", ".join(dict.fromkeys(NAMES[part] for part in link.parts if place.having(part)))


def zone_of(place: Place, where: Network) -> str | None:
    """The zone of an address or network; None where it is in none."""
    for name, networks in place.settings.zones.items():
        if any(_within(where, zone) for zone in networks):
            return name
    return None


def is_own(place: Place, where: Network) -> bool:
    """Whether an address or network is inside the site, as far as its networks and zones tell."""
    alone = where.num_addresses == 1 and any(one.address in where for one in place.machines)
    known = any(_within(where, network) for network in place.site.networks)
    return alone or known or zone_of(place, where) is not None


def _within(where: Network, network: Network) -> bool:
    return where.version == network.version and where.subnet_of(network)  # type: ignore[arg-type]  # both of one kind


def _in_its_zone(place: Place, flow: Flow) -> Flow:
    zones = {zone_of(place, end.network) for end in (*flow.sources, *flow.targets)}
    zone = zones.pop() if len(zones) == 1 and flow.sources else None
    return replace(flow, firewall="none", why_none=f"same zone {zone}, no firewall") if zone else flow


def _own(place: Place, own: OwnFlow) -> Flow:
    inside = [all(is_own(place, each) for each in side) for side in (own.sources, own.targets)]
    direction: Direction = "inside" if all(inside) else "out" if inside[0] else "in"
    return Flow(
        site=place.site.name,
        group="own",
        source=own.name,
        sources=tuple(_end(place, each) for each in own.sources),
        target=own.name,
        targets=tuple(End("", each) for each in own.targets),
        protocol=own.protocol,
        ports=own.ports,
        direction=direction,
        firewall="inner" if direction == "inside" else "edge",
        purpose=own.purpose,
        evidence="yours",
    )


def _end(place: Place, where: Network) -> End:
    """With the address that its packets leave the site with, as far as the plan has a rule."""
    machine = next((one for one in place.machines if where.num_addresses == 1 and one.address in where), None)
    rules = place.site.rules.outbound if machine else ()
    public = next((rule.public_address for rule in rules if machine and rule.private_address == machine.address), None)
    return End(machine.host if machine else "", where, public)
