# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Findings about names and certificates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ._nat_derive import cell_property, contact, dns, sprayers
from ._nat_finding import Finding, Severity, SiteCheck, World, WorldCheck
from ._nat_read import Address
from ._nat_site import Certificate, Site, literal

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE | re.ASCII)


def name_illegal(site: Site) -> Iterator[Finding]:
    """Strict resolvers and parsers refuse such names; RFC 3261 has the same grammar for the host of a URI."""
    for host in _names(site):
        fault = _fault(host)
        if fault:
            severity: Severity = "warning" if fault == "underscore" else "error"
            wanted = "letters, digits and hyphens in labels of at most 63 characters (RFC 952, RFC 1123)"
            cure = "give the public address a legal name, and use that everywhere"
            yield Finding("name-illegal", severity, site.name, f"{host}: {fault}", wanted, cure)


def name_illegal_without_domain(site: Site) -> Iterator[Finding]:
    """A partner completes a short name with its own domain."""
    for host in _names(site):
        if "." not in host and literal(host) is None:
            wanted, cure = "a fully qualified name, which partners can resolve", "add the domain"
            yield Finding("name-illegal", "warning", site.name, f"{host}: no domain", wanted, cure)


def name_unresolved(site: Site, world: World) -> Iterator[Finding]:
    """Every side needs every name: they stand in SIP messages and in certificates."""
    for host, address, sides in dns(site, world.sites):
        for side in sides:
            if world.names.get(side, {}).get(host.lower()) == ():
                yield Finding(
                    "name-unresolved",
                    "error",
                    site.name,
                    f"{host} does not resolve at {side}",
                    f"{address}",
                    f"add {host} with {address} to the DNS of {side}, or to the hosts files there",
                )


def name_address(site: Site, world: World) -> Iterator[Finding]:
    """Whoever uses the name must get to the address that the router translates."""
    for host, address, sides in dns(site, world.sites):
        for side in sides:
            seen = world.names.get(side, {}).get(host.lower(), ())
            # Inside, a name of the entry point may lead to it without the router.
            right = {address, *(one.address for one in site.entry_points)} if side == site.name else {address}
            if not set(seen) <= right:
                yield Finding(
                    "name-address",
                    "error",
                    site.name,
                    f"{host} is {', '.join(map(str, seen))} at {side}",
                    f"{address} only",
                    f"correct {host} in the DNS of {side}, or its address in the plan",
                )


def name_address_of_two(site: Site, world: World) -> Iterator[Finding]:
    """One name for two public addresses cannot be resolved rightly anywhere."""
    here = _public_names(site)
    before = world.sites[: world.sites.index(site)]
    for host, addresses in here.items():
        others = {address for other in before for address in _public_names(other).get(host, ())}
        if len(addresses | others) > 1:
            yield Finding(
                "name-address",
                "error",
                site.name,
                f"{host} stands for {' and '.join(sorted(map(str, addresses | others)))}",
                "one address for each name",
                "give each public address its own name",
            )


def certificate_missing(site: Site) -> Iterator[Finding]:
    """With TLS a partner compares the certificate with what it dialled."""
    if site.transport == "tls" and site.certificate is None:
        found = contact(site)
        wanted = f"a certificate for {found.host}" if found else "a certificate for the inbound name"
        cure = "give certificate.common_name, or change the site's transport"
        yield Finding("certificate-missing", "error", site.name, "transport tls without a certificate", wanted, cure)


def certificate_name(site: Site) -> Iterator[Finding]:
    """The name that partners dial, and the one that requests inside a dialog go to."""
    if site.transport != "tls" or site.certificate is None:
        return
    dialled = contact(site)
    needed = {host.lower(): host for host in (dialled and dialled.host, cell_property(site)) if host}
    for host in needed.values():
        if not site.certificate.covers(host):
            yield _certificate_without(host, site.certificate, site, "error")


def certificate_name_of_sprayer(site: Site) -> Iterator[Finding]:
    """Where the product puts the sprayer into Record-Route, partners connect to that name too."""
    if site.transport != "tls" or site.certificate is None or site.nat_proxies:
        return
    told = {host.lower() for host in (cell_property(site),) if host}
    for host in dict.fromkeys(one.host for one in sprayers(site)):
        if host.lower() not in told and not site.certificate.covers(host):
            yield _certificate_without(host, site.certificate, site, "info")


def _certificate_without(host: str, certificate: Certificate, site: Site, severity: Severity) -> Finding:
    return Finding(
        "certificate-name",
        severity,
        site.name,
        f"certificate for {', '.join((certificate.common_name, *certificate.names))}",
        f"{host} as its common name or as one of its alternative names",
        f"have a certificate made out to {host}",
    )


def _names(site: Site) -> list[str]:
    """The names that the site gives to partners, as they were written first, in a fixed order."""
    public = [rule.name for rule in site.rules.inbound] + [rule.name for rule in site.rules.outbound]
    declared = [site.cell_fqdn, *(one.host for one in site.sprayers or ())]
    own = [] if site.behind_nat else [one.name for one in site.entry_points]
    others = [partner.host for partner in site.partners if partner.site is None]
    # An address is no name, but a sprayer and a community may have one.
    names = [*public, *own, *(host for host in (*declared, *others) if host and literal(host) is None)]
    return list({host.lower(): host for host in reversed(names)}.values())[::-1]


def _fault(host: str) -> str | None:
    """What is wrong with a name."""
    if literal(host) is not None:
        return "an address, not a name"
    if len(host) > 253:
        return "longer than 253 characters"
    labels = host.split(".")
    if labels[-1].isdigit():
        return "ends in a number, as an address does"
    if all(_LABEL.fullmatch(label) for label in labels):
        return None
    if all(_LABEL.fullmatch(label.replace("_", "a")) for label in labels):
        return "underscore"
    return "not the name of a host"


def _public_names(site: Site) -> dict[str, set[Address]]:
    """The addresses of each name that partners see, names in lower case."""
    known = [(rule.name, rule.public_address) for rule in site.rules.inbound]
    known += [(rule.name, rule.public_address) for rule in site.rules.outbound if rule.static]
    if not site.behind_nat:
        known += [(one.name, one.address) for one in site.entry_points]
    found: dict[str, set[Address]] = {}
    for host, address in known:
        found.setdefault(host.lower(), set()).add(address)
    return found


SITE_CHECKS: tuple[SiteCheck, ...] = (
    name_illegal,
    name_illegal_without_domain,
    certificate_missing,
    certificate_name,
    certificate_name_of_sprayer,
)
WORLD_CHECKS: tuple[WorldCheck, ...] = (name_unresolved, name_address, name_address_of_two)
