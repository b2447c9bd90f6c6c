# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Findings about the rules of a site's router."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ._nat_derive import inbound_rules, outbound_rule, target
from ._nat_finding import Finding, SiteCheck
from ._nat_read import Address
from ._nat_router import InboundRule
from ._nat_site import EntryPoint, Node, Site


def pat(site: Site) -> Iterator[Finding]:
    """An answer goes to the port of Via (RFC 3261 18.2.2), which PAT has changed outside."""
    wanted = "a static translation of one private to one public address, which keeps the ports"
    users: dict[Address, list[str]] = {}
    for rule in site.rules.outbound:
        if rule.overload:
            found = f"{rule.private_address} leaves from {rule.public_address} with other ports (overload)"
            cure = f"make the outbound rule of {rule.private_address} a static one, without overload"
            yield Finding("pat", "error", site.name, found, wanted, cure)
        elif rule.static and str(rule.private_address) not in users.setdefault(rule.public_address, []):
            users[rule.public_address].append(str(rule.private_address))
    for public, private in users.items():
        if len(private) > 1:
            found = f"{' and '.join(private)} leave from one address, {public}: the router has to change ports"
            yield Finding("pat", "error", site.name, found, wanted, "give each of them a public address of its own")


def outbound_pool(site: Site) -> Iterator[Finding]:
    """Partners know one name for what we send: it has one address."""
    for rule in site.rules.outbound:
        if len(rule.public_addresses) > 1:
            yield Finding(
                "outbound-pool",
                "error",
                site.name,
                f"{rule.private_address} leaves from any of {', '.join(map(str, rule.public_addresses))}",
                f"one public address, that of {rule.name}",
                f"make the outbound rule of {rule.private_address} a static one with a single public address",
            )


def outbound_missing(site: Site) -> Iterator[Finding]:
    """Without a rule what we send carries an address that partners cannot answer to."""
    for one in site.entry_points if site.behind_nat else ():
        if not outbound_rule(site, one):
            yield Finding(
                "outbound-missing",
                "error",
                site.name,
                f"no outbound rule for {one.address}, the {one.kind} of {one.host}",
                "a static translation to one public address",
                f"add a rule with private_address {one.address} to router.outbound",
            )


def inbound_missing(site: Site) -> Iterator[Finding]:
    """Rules that lead to a wrong place, and entry points that do not listen, are findings of their own."""
    listening = [one for one in site.entry_points if site.transport in one.ports]
    misled = any(
        rule.protocol == site.protocol and not target(site, rule) and not _told(site, rule)
        for rule in site.rules.inbound
    )
    if site.behind_nat and listening and not misled and not inbound_rules(site):
        one = listening[0]
        yield Finding(
            "inbound-missing",
            "error",
            site.name,
            f"no inbound rule lets {site.transport} in",
            f"a rule of protocol {site.protocol} to {one.address} port {one.ports[site.transport]}",
            "add it to router.inbound, or change the site's transport",
        )


def _told(site: Site, rule: InboundRule) -> bool:
    """Whether a rule leads to what somebody said that something else listens on, such as an XMPP proxy."""
    machines: list[EntryPoint | Node] = [*site.listeners, *site.nodes]
    hosts = {one.host for one in machines if one.address == rule.private_address}
    return any(
        port.host in hosts and (port.protocol, port.port) == (rule.protocol, rule.private_port)
        for port in site.ports_in_use
    )


def inbound_target(site: Site) -> Iterator[Finding]:
    """What partners send has to reach the entry point, not a node or a SIP proxy behind it."""
    listeners = sorted(
        f"{one.address} port {port} ({transport})" for one in site.entry_points for transport, port in one.ports.items()
    )
    for rule in site.rules.inbound:
        if not target(site, rule) and not _told(site, rule):
            yield Finding(
                "inbound-target",
                "error",
                site.name,
                f"{_public(rule)} leads to {rule.private_address} port {rule.private_port}",
                f"an entry point: {', '.join(listeners)}",
                "correct private_address, private_port or protocol of the rule, or the ports of the entry point",
            )


def rules_overlap(site: Site) -> Iterator[Finding]:
    """Which of two rules for one packet wins depends on the router."""
    wanted, cure = "one rule for each packet", "remove all but one of them"
    for public, count in Counter(_public(rule) for rule in site.rules.inbound).items():
        if count > 1:
            yield Finding("rules-overlap", "error", site.name, f"{count} inbound rules for {public}", wanted, cure)
    for private, count in Counter(rule.private_address for rule in site.rules.outbound).items():
        if count > 1:
            yield Finding("rules-overlap", "error", site.name, f"{count} outbound rules for {private}", wanted, cure)


def two_public_addresses(site: Site) -> Iterator[Finding]:
    """Then the answer to what came in leaves, and is known to the partner, by the router's state alone."""
    for one in site.entry_points:
        outbound = outbound_rule(site, one)
        other = next(
            (
                rule
                for rule in inbound_rules(site)
                if outbound and rule.private_address == one.address and rule.public_address != outbound.public_address
            ),
            None,
        )
        if outbound and other:
            udp = site.transport == "udp"
            yield Finding(
                "two-public-addresses",
                "warning" if udp else "info",
                site.name,
                f"{one.address} is reached at {other.public_address} and sends from {outbound.public_address}",
                "one address for both, or a router that keeps the state of a flow longer than the slowest answer takes"
                if udp
                else "nothing else: answers come back on the connection that the request made",
                "prefer tcp or tls, or use one public address"
                if udp
                else "none needed; tell partners both addresses for their firewalls",
            )


def sip_alg(site: Site) -> Iterator[Finding]:
    """A router that rewrites SIP undoes the public names that the gateway has written already."""
    if site.rules.sip_alg:
        yield Finding(
            "sip-alg",
            "warning" if site.transport == "tls" else "error",  # it cannot read TLS
            site.name,
            "sip_alg is on: the router rewrites SIP messages",
            "a router that leaves them as they are",
            "set router.sip_alg to false",
        )


def _public(rule: InboundRule) -> str:
    return f"{rule.public_address} {rule.protocol} port {rule.public_port}"


CHECKS: tuple[SiteCheck, ...] = (
    pat,
    outbound_pool,
    outbound_missing,
    inbound_missing,
    inbound_target,
    rules_overlap,
    two_public_addresses,
    sip_alg,
)
