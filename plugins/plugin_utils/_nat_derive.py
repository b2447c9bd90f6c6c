# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What follows from the router's rules: the addresses, ports and names that a site has for its partners.

Two public records stay apart. *Inbound* is what others dial: cell property, Record-Route, Contact, certificate.
*Outbound* is what our own packets come from: sprayer, Via.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ._nat_read import Address
from ._nat_router import InboundRule, OutboundRule
from ._nat_site import EntryPoint, Node, Partner, Site, Sprayer, Transport, literal

CELL_PROPERTY = "com.ibm.sametime.gateway.fqdn"

IN_DIALOG = "Record-Route, Contact"
"""The headers that requests inside a dialog follow."""
VIA = "Via"
"""The header that answers follow."""


@dataclass(frozen=True)
class Endpoint:
    """Where SIP goes: the name in use, its address as far as this plan knows it, port and transport."""

    host: str
    address: Address | None
    port: int
    transport: Transport


@dataclass(frozen=True)
class ProxySprayer:
    """The sprayer of one SIP proxy; `declared` when the inventory says so and it was not derived."""

    proxy: EntryPoint
    host: str
    port: int
    declared: bool


@dataclass(frozen=True)
class Advertised:
    """What an entry point writes into `header` of what it sends to partners."""

    entry_point: EntryPoint
    header: str
    endpoint: Endpoint
    declared: bool


def target(site: Site, rule: InboundRule) -> EntryPoint | None:
    """The entry point that a rule leads to: one that listens there, whatever transport is in use."""
    for one in site.entry_points:
        for transport in one.ports:
            same_protocol = (transport == "udp") == (rule.protocol == "udp")
            if same_protocol and one.listens(rule.private_address, rule.private_port, transport):
                return one
    return None


def inbound_rules(site: Site) -> tuple[InboundRule, ...]:
    """The rules that lead to an entry point's listener of the transport in use."""
    return tuple(
        rule
        for rule in site.rules.inbound
        if rule.protocol == site.protocol
        and any(one.listens(rule.private_address, rule.private_port, site.transport) for one in site.entry_points)
    )


def inbound_rule(site: Site) -> InboundRule | None:
    """The rule that partners are to use: of those that work the one that was declared, else the first."""
    rules, declared = inbound_rules(site), (site.cell_fqdn or "").lower()
    return next((rule for rule in rules if rule.name.lower() == declared), rules[0] if rules else None)


def outbound_rule(site: Site, entry_point: EntryPoint) -> OutboundRule | None:
    """The rule that gives the packets of an entry point their public address."""
    return next((rule for rule in site.rules.outbound if rule.private_address == entry_point.address), None)


def cell_property(site: Site) -> str | None:
    """The value of the cell property; None where it means nothing."""
    if not site.behind_nat or site.kind != "cluster":
        return None
    rule = inbound_rule(site)
    return site.cell_fqdn or (rule.name if rule else None)


def address_of(site: Site, host: str) -> Address | None:
    """The address of a name that the site itself gives to something."""
    machines: list[EntryPoint | Node] = [*site.listeners, *site.nodes]
    known = [
        *((rule.name, rule.public_address) for rule in site.rules.inbound),
        *((rule.name, rule.public_address) for rule in site.rules.outbound),
        *((one.name, one.address) for one in machines),
        *((one.host, one.address) for one in machines),
    ]
    return next((address for name, address in known if name.lower() == host.lower()), literal(host))


def sprayer_in_use(site: Site) -> Sprayer | None:
    """The declared sprayer of the transport in use."""
    return next((one for one in site.sprayers or () if one.transport == site.transport), None)


def sprayers(site: Site) -> tuple[ProxySprayer, ...]:
    """One for each SIP proxy of a cluster behind a NAT; without those that cannot be derived for want of a rule."""
    if not site.behind_nat or site.kind != "cluster":
        return ()
    return tuple(found for proxy in site.upstreams if (found := _sprayer(site, proxy)))


def _sprayer(site: Site, proxy: EntryPoint) -> ProxySprayer | None:
    declared = sprayer_in_use(site)
    if declared:
        return ProxySprayer(proxy, declared.host, declared.port, declared=True)
    inbound = _rule_to(site, in_front_of(site, proxy))
    outbound = outbound_rule(site, in_front_of(site, proxy))
    return ProxySprayer(proxy, outbound.name, inbound.public_port, declared=False) if inbound and outbound else None


def in_front_of(site: Site, proxy: EntryPoint) -> EntryPoint:
    """What speaks to partners for a SIP proxy: the SIP NAT proxy on its host, any other one, or it itself."""
    beside = [one for one in site.nat_proxies if one.host == proxy.host]
    return next(iter((*beside, *site.nat_proxies)), proxy)


def _rule_to(site: Site, entry_point: EntryPoint) -> InboundRule | None:
    """The rule to one entry point whose public address is the one that partners know, else that of the site."""
    main = inbound_rule(site)
    for rule in inbound_rules(site):
        if main and rule.public_address == main.public_address and rule.private_address == entry_point.address:
            return rule
    return main


def contact(site: Site) -> Endpoint | None:
    """What partners have to dial; None when no rule lets them in or nothing listens."""
    return next(iter(contacts(site)), None)


def contacts(site: Site) -> list[Endpoint]:
    """All that partners can dial, what they are to dial first."""
    if not site.behind_nat:
        return [
            Endpoint(one.name, one.address, one.ports[site.transport], site.transport)
            for one in site.entry_points
            if site.transport in one.ports
        ]
    main = inbound_rule(site)
    return [
        Endpoint(rule.name, rule.public_address, rule.public_port, site.transport)
        for rule in sorted(inbound_rules(site), key=lambda rule: rule != main)
    ]


def endpoint_of(partner: Partner, sites: Sequence[Site]) -> Endpoint | None:
    """Where a partner is reached: as declared, or what comes nearest to that of what its site can be dialled at."""
    if partner.site is not None:
        ways = contacts(next(site for site in sites if site.name == partner.site))
        return min(ways, key=lambda way: len(differences(partner, way)), default=None)
    if partner.host and partner.port and partner.transport:
        return Endpoint(partner.host, partner.address, partner.port, partner.transport)
    return None


def community(site: Site, dialled: Endpoint | None) -> Endpoint | None:
    """What an external community of the site names as its connection: whatever is dialled in the end, a SIP NAT proxy
    takes it from the inside, at its own name and port. None when nobody knows what is dialled."""
    proxy = next((one for one in site.nat_proxies if site.transport in one.ports), None)
    if dialled is None or proxy is None:
        return dialled
    return Endpoint(proxy.name, proxy.address, proxy.ports[site.transport], site.transport)


def differences(partner: Partner, way: Endpoint) -> list[str]:
    """What is declared of a partner and leads elsewhere. A certificate is made out to a name, not to its address."""
    hosts = {way.host.lower()} if way.transport == "tls" else {way.host.lower(), str(way.address)}
    told = partner.host and str(literal(partner.host) or partner.host.lower())
    return [
        *([f"host {partner.host}"] if told and told not in hosts else []),
        *([f"port {partner.port}"] if partner.port and partner.port != way.port else []),
        *([f"address {partner.address}"] if partner.address and partner.address != way.address else []),
    ]


def sources(site: Site) -> tuple[Address, ...]:
    """The addresses that partners see packets of this site come from."""
    if not site.behind_nat:
        return tuple(dict.fromkeys(one.address for one in site.entry_points))
    rules = (outbound_rule(site, one) for one in site.entry_points)
    return tuple(dict.fromkeys(rule.public_address for rule in rules if rule))


def advertised(site: Site) -> tuple[Advertised, ...]:
    """What partners read in our messages, of each entry point the two kinds of headers."""
    return tuple(found for one in site.entry_points for found in _advertised(site, one))


def _advertised(site: Site, one: EntryPoint) -> Iterator[Advertised]:
    if site.behind_nat and one.kind == "nat_proxy":
        yield from _by_nat_proxy(site, one)
    elif site.behind_nat and one.kind == "sip_proxy":
        yield from _by_sip_proxy(site, one)
    elif site.transport in one.ports:
        own = Endpoint(one.name, one.address, one.ports[site.transport], site.transport)
        yield Advertised(one, IN_DIALOG, own, declared=False)
        yield Advertised(one, VIA, own, declared=False)


def _by_nat_proxy(site: Site, one: EntryPoint) -> Iterator[Advertised]:
    """It knows the public side of its own rule, port included."""
    inbound, outbound = _rule_to(site, one), outbound_rule(site, one)
    if inbound:
        endpoint = Endpoint(inbound.name, inbound.public_address, inbound.public_port, site.transport)
        yield Advertised(one, IN_DIALOG, endpoint, declared=False)
    if outbound and site.transport in one.ports:
        # It sends from the port that it listens on, and a static translation keeps that.
        endpoint = Endpoint(outbound.name, outbound.public_address, one.ports[site.transport], site.transport)
        yield Advertised(one, VIA, endpoint, declared=False)


def _by_sip_proxy(site: Site, one: EntryPoint) -> Iterator[Advertised]:
    """The cell property has no port: Record-Route and Contact take that of the sprayer."""
    host, sprayer = cell_property(site), _sprayer(site, one)
    if host and sprayer:
        endpoint = Endpoint(host, address_of(site, host), sprayer.port, site.transport)
        yield Advertised(one, IN_DIALOG, endpoint, sprayer.declared or site.cell_fqdn is not None)
    if sprayer:
        endpoint = Endpoint(sprayer.host, address_of(site, sprayer.host), sprayer.port, site.transport)
        yield Advertised(one, VIA, endpoint, sprayer.declared)


def sides(site: Site, sites: Sequence[Site]) -> tuple[Site, ...]:
    """Who uses the names of a site: the site itself, and the partners on both sides of a community."""
    theirs = {partner.site for partner in site.partners}
    return tuple(
        other
        for other in sites
        if other == site or other.name in theirs or site.name in {partner.site for partner in other.partners}
    )


def dns(site: Site, sites: Sequence[Site]) -> tuple[tuple[str, Address, tuple[str, ...]], ...]:
    """The names that SIP uses: name, the address it must have, and the sites that must be able to resolve it."""
    everybody = tuple(side.name for side in sides(site, sites))
    found: dict[str, tuple[str, Address, tuple[str, ...]]] = {}
    endpoints = [one.endpoint for one in advertised(site)]
    endpoints += [one for one in (contact(site),) if one]
    endpoints += [Endpoint(one.host, address_of(site, one.host), one.port, site.transport) for one in sprayers(site)]
    for one in endpoints:
        if one.address and literal(one.host) is None:
            found.setdefault(one.host.lower(), (one.host, one.address, everybody))
    for partner in site.partners:
        if partner.site is None and partner.host and partner.address and literal(partner.host) is None:
            found.setdefault(partner.host.lower(), (partner.host, partner.address, (site.name,)))
    return tuple(found.values())
