# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Findings about what the entry points tell partners: cell property, sprayer, Record-Route, Contact and Via.

The rule that decides: every advertised address, port and transport leads to an entry point through the router.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import _nat_path
from ._nat_derive import (
    IN_DIALOG,
    VIA,
    Advertised,
    Endpoint,
    address_of,
    advertised,
    contact,
    in_front_of,
    inbound_rules,
    outbound_rule,
    sprayer_in_use,
    target,
)
from ._nat_finding import Finding, Severity, SiteCheck
from ._nat_path import Packet
from ._nat_router import OutboundRule
from ._nat_site import EntryPoint, Site


def property_name(site: Site) -> Iterator[Finding]:
    """Partners dial the inbound name; requests inside a dialog must go to the same."""
    if site.cell_fqdn is None:
        return
    if not _enabled(site):
        cure = "remove cell_fqdn"
        why = f"no cell property: only a cluster behind a NAT has one, this site is {_what(site)}"
        yield Finding("property-name", "warning", site.name, f"cell_fqdn {site.cell_fqdn}", why, cure)
        return
    names = sorted({rule.name for rule in site.rules.inbound if target(site, rule)})
    if names and not _private(site, site.cell_fqdn) and site.cell_fqdn.lower() not in map(str.lower, names):
        yield Finding(
            "property-name",
            "error",
            site.name,
            f"cell property {site.cell_fqdn}",
            f"the name of the inbound public address: {' or '.join(names)}",
            "correct cell_fqdn, or remove it to have it derived",
        )


def private_advertised(site: Site) -> Iterator[Finding]:
    """An address of the site's own networks means nothing to a partner, or another machine."""
    if not _enabled(site):
        return
    told = {f"cell property {site.cell_fqdn}": site.cell_fqdn} if site.cell_fqdn else {}
    told |= {f"sprayer {one.host}": one.host for one in site.sprayers or ()}
    for what, host in told.items():
        if _private(site, host):
            found = f"{what} is {address_of(site, host)}, an address of the site's own networks"
            cure = "use the name of the public address, or remove the value to have it derived"
            yield Finding("private-advertised", "error", site.name, found, "a public address", cure)


def private_advertised_by_a_rule(site: Site) -> Iterator[Finding]:
    """The same finding for the rules themselves."""
    inbound = {rule.public_address for rule in site.rules.inbound}
    outbound = {address for rule in site.rules.outbound for address in rule.public_addresses}
    for public in sorted(str(address) for address in inbound | outbound if site.own(address)):
        found = f"public address {public} is one of the site's own networks"
        cure = "correct public_address of the rule, or the site's networks"
        yield Finding("private-advertised", "error", site.name, found, "an address that partners reach", cure)


def sprayer_count(site: Site) -> Iterator[Finding]:
    """Each SIP proxy has one sprayer, that of the transport in use."""
    count = len(site.sprayers or ())
    found = f"{count or 'no'} sprayer{'s' if count > 1 else ''} declared"
    if _enabled(site) and site.sprayers is not None and count != 1:
        cure = "keep one in sprayers, or remove the key to have it derived"
        yield Finding("sprayer-count", "error", site.name, found, f"one, for {site.transport}", cure)
    elif not _enabled(site) and count:
        why = f"none: only a cluster behind a NAT has one, this site is {_what(site)}"
        yield Finding("sprayer-count", "warning", site.name, found, why, "remove sprayers")


def transport_mismatch_of_sprayer(site: Site) -> Iterator[Finding]:
    """A sprayer of another transport is never used."""
    if _enabled(site) and site.sprayers and len(site.sprayers) == 1 and not sprayer_in_use(site):
        yield Finding(
            "transport-mismatch",
            "error",
            site.name,
            f"sprayer for {site.sprayers[0].transport}, and the site uses {site.transport}",
            f"a sprayer for {site.transport}",
            "correct transport of the sprayer or of the site",
        )


def sprayer_host(site: Site) -> Iterator[Finding]:
    """The sprayer's name goes into Via: it is the name of what our packets come from.

    Another name whose address and port are let in leads nobody astray, and the SIP NAT proxy writes its own name over
    it: then it is only a warning.
    """
    sprayer = sprayer_in_use(site)
    if not _enabled(site) or not sprayer or _private(site, sprayer.host):
        return
    told = Endpoint(sprayer.host, address_of(site, sprayer.host), sprayer.port, site.transport)
    for proxy in site.upstreams:
        rule = outbound_rule(site, in_front_of(site, proxy))
        if rule and told.address != rule.public_address:
            yield Finding(
                "sprayer-host",
                "warning" if site.nat_proxies or _mapped(site, told) else "error",
                site.name,
                f"sprayer {sprayer.host}, and {proxy.host} sends from {rule.public_address}",
                f"the name of the outbound public address: {rule.name}",
                "correct host of the sprayer, or remove sprayers to have one derived for each SIP proxy",
            )


def advertised_port(site: Site) -> Iterator[Finding]:
    """The address is right, and the router lets another port in."""
    for one in _unmapped(site):
        ports = _ports(site, one.endpoint)
        if ports:
            found = f"{one.header} of {one.entry_point.host} say {_text(one.endpoint)}"
            yield _port_finding(site, _severity(one, site), found, ports)
    sprayer, dialled = sprayer_in_use(site), contact(site)
    if _enabled(site) and site.nat_proxies and sprayer and dialled:
        # The SIP NAT proxy writes the right port over it, so only the console shows the wrong one.
        told = Endpoint(dialled.host, dialled.address, sprayer.port, site.transport)
        if not _mapped(site, told):
            found = f"sprayer port {sprayer.port}, which the SIP NAT proxy hides"
            yield _port_finding(site, "warning", found, _ports(site, told))


def advertised_not_mapped(site: Site) -> Iterator[Finding]:
    """No rule for the transport in use lets anything in at that address."""
    for one in _unmapped(site):
        if not _ports(site, one.endpoint):
            yield Finding(
                "advertised-not-mapped",
                _severity(one, site),
                site.name,
                f"{one.header} of {one.entry_point.host} say {_text(one.endpoint)}, and no rule lets it in",
                "an address that an inbound rule leads to an entry point",
                f"add an inbound rule for {one.endpoint.address} port {one.endpoint.port} to {one.entry_point.address}",
            )


def sprayer_not_mapped(site: Site) -> Iterator[Finding]:
    """Answers come back on the connection; a new connection by Via does not.

    The product's documentation says that a sprayer's address may also stand in Record-Route, so this is worth a warning
    on its own.
    """
    for one, rule in _vias(site) if site.transport != "udp" else ():
        if not _mapped(site, one.endpoint) and not _reported(site, one, rule):
            yield _not_mapped(site, "warning", one, one.endpoint)


def sprayer_not_mapped_with_udp(site: Site) -> Iterator[Finding]:
    """An answer goes to the address that the request came from, and to the port in Via (RFC 3261 18.2.2).

    The router lets it in by a rule, or by its state when that is the port that the request left from. Of several SIP
    proxies only the one that has sent the request knows what to do with it.
    """
    for one, rule in _vias(site) if site.transport == "udp" else ():
        back = Endpoint(one.endpoint.host, rule.public_address, one.endpoint.port, "udp")
        by_state = one.endpoint.port == one.entry_point.ports.get("udp")
        if not by_state and _end(site, back) != one.entry_point and not _reported(site, one, rule):
            yield _not_mapped(site, "error", one, back)


def _vias(site: Site) -> Iterator[tuple[Advertised, OutboundRule]]:
    """What SIP proxies write into Via, and the rule for what they send."""
    for one in advertised(site) if _enabled(site) and not site.nat_proxies else ():
        rule = outbound_rule(site, one.entry_point)
        if one.header == VIA and rule:
            yield one, rule


def _reported(site: Site, one: Advertised, rule: OutboundRule) -> bool:
    """Whether another finding says already that nobody is let in there: sprayer-host, or one about Record-Route."""
    if _mapped(site, one.endpoint):
        return False
    where = (one.endpoint.address, one.endpoint.port)
    dialog = [(other.endpoint.address, other.endpoint.port) for other in _unmapped(site)]
    return where in dialog or one.endpoint.address != rule.public_address


def _not_mapped(site: Site, severity: Severity, one: Advertised, where: Endpoint) -> Finding:
    return Finding(
        "sprayer-not-mapped",
        severity,
        site.name,
        f"answers by {one.header} of {one.entry_point.host} go to {_text(where)}, which no rule leads to it",
        f"a sprayer that an inbound rule leads to {one.entry_point.host} too",
        f"add an inbound rule for {where.address} port {where.port} to {one.entry_point.address}, or use one public "
        "address for both directions, or put the SIP NAT proxy in front",
    )


def _enabled(site: Site) -> bool:
    """Whether cell property and sprayer mean something there."""
    return site.behind_nat and site.kind == "cluster"


def _what(site: Site) -> str:
    return "a standalone gateway" if site.kind == "standalone" else "not behind a NAT"


def _private(site: Site, host: str) -> bool:
    address = address_of(site, host)
    return address is not None and site.own(address)


def _unmapped(site: Site) -> Iterator[Advertised]:
    """What requests inside a dialog follow into nothing; names that are wrong in themselves are other findings."""
    for one in advertised(site) if _enabled(site) else ():
        if one.header == IN_DIALOG and one.endpoint.address and not _mapped(site, one.endpoint):
            known = any(one.endpoint.host.lower() == rule.name.lower() for rule in site.rules.inbound)
            if known and not _private(site, one.endpoint.host):
                yield one


def _mapped(site: Site, endpoint: Endpoint) -> bool:
    """Whether a packet to it reaches an entry point that listens for its transport."""
    return _end(site, endpoint) is not None


def _end(site: Site, endpoint: Endpoint) -> EntryPoint | None:
    """The entry point that a packet to it reaches."""
    if endpoint.address is None:
        return None
    # Whom it comes from does not matter to the rules.
    packet = Packet(endpoint.address, endpoint.port, endpoint.address, endpoint.port, site.protocol)
    inside = _nat_path.inbound(packet, site.rules.inbound)
    if inside is None:
        return None
    where = inside.destination, inside.destination_port, endpoint.transport
    return next((one for one in site.entry_points if one.listens(*where)), None)


def _ports(site: Site, endpoint: Endpoint) -> list[int]:
    """The ports at which the router lets the transport in use in at that address."""
    return sorted(rule.public_port for rule in inbound_rules(site) if rule.public_address == endpoint.address)


def _severity(one: Advertised, site: Site) -> Severity:
    """Requests can ride on a connection that is there already, which is how the scenario's own numbers worked; that
    excuses what somebody declared, and not what we derive."""
    return "warning" if one.declared and site.transport != "udp" else "error"


def _text(endpoint: Endpoint) -> str:
    return f"{endpoint.host} ({endpoint.address}) port {endpoint.port}"


def _port_finding(site: Site, severity: Severity, found: str, ports: list[int]) -> Finding:
    right = " or ".join(map(str, ports))
    cure = f"set the port of the sprayer to {right}, or add an inbound rule for the other port"
    return Finding("advertised-port", severity, site.name, found, f"the public port of the inbound rule: {right}", cure)


CHECKS: tuple[SiteCheck, ...] = (
    property_name,
    private_advertised,
    private_advertised_by_a_rule,
    sprayer_count,
    transport_mismatch_of_sprayer,
    sprayer_host,
    advertised_port,
    advertised_not_mapped,
    sprayer_not_mapped,
    sprayer_not_mapped_with_udp,
)
