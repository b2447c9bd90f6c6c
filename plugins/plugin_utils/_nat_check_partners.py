# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Findings about a site beside its partners and the other sites of the plan."""

from __future__ import annotations

from collections.abc import Iterator

from ._nat_derive import differences, endpoint_of, sides, sources
from ._nat_finding import Finding, SiteCheck, World, WorldCheck
from ._nat_read import Address
from ._nat_site import Partner, Site, literal


def transport_mismatch_of_partner(site: Site, world: World) -> Iterator[Finding]:
    """Both ends of a community speak the same transport."""
    for partner in site.partners:
        other = _site_of(partner, world)
        spoken = {partner.transport, other.transport if other else None} - {None, site.transport}
        if spoken:
            yield Finding(
                "transport-mismatch",
                "error",
                site.name,
                f"community {partner.name} uses {' and '.join(sorted(map(str, spoken)))}",
                f"{site.transport}, which the site uses",
                "change the transport of the community or of one of the sites",
            )


def partner_entry(site: Site, world: World) -> Iterator[Finding]:
    """What was entered for a site of this plan is what follows from that site's rules."""
    for partner in site.partners:
        right = endpoint_of(partner, world.sites) if partner.site else None
        wrong = differences(partner, right) if right else []
        if right and wrong:
            yield Finding(
                "partner-entry",
                "error",
                site.name,
                f"community {partner.name} has {', '.join(wrong)}",
                f"host {right.host}, port {right.port}, address {right.address}",
                "correct the entry, or remove these keys to have them derived",
            )


def partner_entry_of_two_addresses(site: Site) -> Iterator[Finding]:
    """What is dialled is the host; the address is what the rest of the plan is judged by."""
    for partner in site.partners:
        dialled = literal(partner.host or "")
        if partner.site is None and dialled and dialled != partner.address:
            yield Finding(
                "partner-entry",
                "error",
                site.name,
                f"community {partner.name} has host {partner.host}, and {partner.address} as its address",
                "one address",
                "correct host or address of the partner",
            )


def partners_missing(site: Site, world: World) -> Iterator[Finding]:
    """A community has two ends, and each has to be entered."""
    known = {partner.site for partner in site.partners}
    callers = [other.name for other in world.sites if site.name in {partner.site for partner in other.partners}]
    for caller in callers:
        if caller not in known:
            found = f"{caller} has this site as partner, which has no entry for {caller}"
            cure = f"add {caller} to partners"
            yield Finding("partners-missing", "warning", site.name, found, "an entry on both sides", cure)
    if not callers and not site.partners:
        yield Finding("partners-missing", "warning", site.name, "no partners", "one at least", "fill partners")


def public_address_shared(site: Site, world: World) -> Iterator[Finding]:
    """Two cells with one public address cannot tell their own messages from the other's."""
    for other in world.sites[: world.sites.index(site)]:
        for address in sorted(map(str, _public_addresses(site) & _public_addresses(other))):
            if site.behind_nat or other.behind_nat:
                yield Finding(
                    "public-address-shared",
                    "error",
                    site.name,
                    f"{address} is a public address of {other.name} too",
                    "public addresses of its own",
                    "use another public address in the rules of one of the two",
                )
    for partner in site.partners:
        if site.behind_nat and partner.address in _public_addresses(site):
            yield Finding(
                "public-address-shared",
                "error",
                site.name,
                f"{partner.address} is the address of partner {partner.name} too",
                "public addresses of its own",
                "correct the address of the partner or of the rule",
            )


def networks_overlap(site: Site, world: World) -> Iterator[Finding]:
    """Addresses that both sides of a community have hide what leaks, and a partner with one of ours never gets
    through the router. Sites that do not talk to each other may share a network."""
    for other in sides(site, world.sites[: world.sites.index(site)]):
        for network in site.networks:
            for theirs in other.networks:
                if network.version == theirs.version and network.overlaps(theirs):
                    found = f"{network} overlaps {theirs} of {other.name}"
                    cure = "nothing when both NATs are sound; renumber one side to be sure"
                    yield Finding("networks-overlap", "warning", site.name, found, "networks of its own", cure)
    for partner in site.partners:
        for address in sorted(map(str, _addresses(partner, world, site))):
            yield Finding(
                "networks-overlap",
                "error",
                site.name,
                f"{address} of partner {partner.name} is in the site's own networks",
                "an address that is reached through the router",
                "correct the address of the partner, or the site's networks",
            )


def address_family(site: Site, world: World) -> Iterator[Finding]:
    """A static NAT does not translate between IPv4 and IPv6."""
    for partner in site.partners:
        there = endpoint_of(partner, world.sites)
        if not there or not there.address:
            continue
        for source in sources(site):
            if source.version != there.address.version:
                yield Finding(
                    "address-family",
                    "error",
                    site.name,
                    f"{source} is of IPv{source.version}, partner {partner.name} at {there.address} of "
                    f"IPv{there.address.version}",
                    "addresses of one kind on both sides",
                    "give one of the two an address of the other's kind",
                )


def _site_of(partner: Partner, world: World) -> Site | None:
    return next((site for site in world.sites if site.name == partner.site), None)


def _addresses(partner: Partner, world: World, site: Site) -> set[Address]:
    """The partner's addresses, where it is dialled and where it comes from, that lie in the site's own networks."""
    other, there = _site_of(partner, world), endpoint_of(partner, world.sites)
    found = {*(sources(other) if other else ()), *((there.address,) if there and there.address else ())}
    return {address for address in found if site.own(address)}


def _public_addresses(site: Site) -> set[Address]:
    if not site.behind_nat:
        return {one.address for one in site.entry_points}
    outbound = {address for rule in site.rules.outbound for address in rule.public_addresses}
    return {rule.public_address for rule in site.rules.inbound} | outbound


SITE_CHECKS: tuple[SiteCheck, ...] = (partner_entry_of_two_addresses,)
WORLD_CHECKS: tuple[WorldCheck, ...] = (
    transport_mismatch_of_partner,
    partner_entry,
    partners_missing,
    public_address_shared,
    networks_overlap,
    address_family,
)
