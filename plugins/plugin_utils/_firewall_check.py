# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What stands against a table of ports: a firewall where none may be, and ports that the plan does not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_network

from ._firewall_flow import Flow
from ._firewall_input import PORTS, Place
from ._firewall_inside import zone_of
from ._firewall_partners import xmpp_rule
from ._nat_check import findings as nat_findings
from ._nat_derive import target as listener_of
from ._nat_finding import Finding


def findings(places: Sequence[Place], flows: Sequence[Flow]) -> list[Finding]:
    """Errors first. Those of the NAT plan are among them: a table of wrong addresses helps nobody."""
    found = [one for one in nat_findings(places[0].sites, {}) if one.severity == "error"] if places else []
    for place in places:
        own = [flow for flow in flows if flow.site == place.site.name]
        found += [
            *_zones(place),
            *_split(place, own),
            *_dialled(place),
            *_xmpp(place),
            *_let_in(place, own),
            *_own(own),
            *_nobody(place, own),
        ]
    return sorted(found, key=lambda one: one.severity != "error")


def _zones(place: Place) -> Iterator[Finding]:
    """Where there are zones, what is in none of them cannot be told from the outside."""
    if not place.settings.zones:
        return
    for one in place.machines:
        if zone_of(place, ip_network(str(one.address))) is None:
            yield Finding(
                "zone-missing",
                "error",
                place.site.name,
                f"{one.host} ({one.address}) is in no zone",
                f"a network of {', '.join(place.settings.zones)}",
                "add its network to a zone, or correct stgw_address of the host",
            )


def _split(place: Place, flows: Sequence[Flow]) -> Iterator[Finding]:
    """Parts of a cell that do not reach each other's every port lose nodes and sessions."""
    seen: set[tuple[str, ...]] = set()
    for flow in flows:
        for source, target in flow.pairs() if flow.group == "cell" else ():
            zones = [zone_of(place, end.network) for end in (source, target)]
            pair = tuple(sorted((source.host, target.host)))
            if None not in zones and zones[0] != zones[1] and pair not in seen:
                seen.add(pair)
                yield Finding(
                    "cell-split",
                    "error",
                    place.site.name,
                    f"{source.host} is in zone {zones[0]} and {target.host} in zone {zones[1]}: a firewall between "
                    "parts of one cell",
                    "one zone for deployment manager, nodes, SIP proxies and SIP NAT proxy",
                    "move one of the two hosts, or correct the zones",
                )


def _dialled(place: Place) -> Iterator[Finding]:
    """What the gateways dial is what the servers of the site listen at."""
    for service, port in place.settings.dials.items():
        part = next((part for part, services in PORTS.items() if service in services), None)
        if part is None:
            known = sorted({name for services in PORTS.values() for name in services})
            why = f"one of {', '.join(known)}"
            yield Finding(
                "port-unknown", "error", place.site.name, f"dials.{service}: no such service", why, "correct it"
            )
            continue
        listeners = place.having(part)
        if listeners and all(port not in one.parts[part].values() for one in listeners):
            ports = sorted({each for one in listeners for each in one.parts[part].values()})
            yield Finding(
                "port-unknown",
                "error",
                place.site.name,
                f"the gateways dial {service} at port {port}, where {', '.join(one.host for one in listeners)} "
                "does not listen",
                f"port {' or '.join(map(str, ports))}",
                "give both the same port",
            )


def _xmpp(place: Place) -> Iterator[Finding]:
    settings, name, proxies = place.settings, place.site.name, place.having("xmpp_proxy")
    if settings.xmpp_partners and not proxies:
        found = f"{settings.xmpp_partners[0].name} speaks XMPP, and the site has no XMPP proxy"
        yield Finding("xmpp-proxy", "error", name, found, "a SIP proxy host, which runs it", "correct xmpp_partners")
    for proxy in proxies if settings.xmpp_partners and place.site.behind_nat else ():
        if not xmpp_rule(place, proxy):
            port = proxy.parts["xmpp_proxy"]["xmpp"]
            yield Finding(
                "xmpp-public",
                "error",
                name,
                "partners speak XMPP, and no rule of the router leads to the XMPP proxy",
                f"an inbound rule of protocol tcp to {proxy.address} port {port}",
                "add it to router.inbound, and the port to ports_in_use",
            )


def _let_in(place: Place, flows: Sequence[Flow]) -> Iterator[Finding]:
    """What the router lets in is in the table."""
    listed = {
        (flow.protocol, end.network, port)
        for flow in flows
        if flow.direction == "in"
        for end in flow.targets
        for port in flow.ports
    }
    for rule in place.site.rules.inbound:
        if (rule.protocol, ip_network(str(rule.private_address)), rule.private_port) not in listed:
            yield Finding(
                "port-unknown",
                # A transport that is not in use is no hole, but one that nobody needs.
                "warning" if listener_of(place.site, rule) else "error",
                place.site.name,
                f"the router leads {rule.protocol} {rule.public_address} port {rule.public_port} to "
                f"{rule.private_address} port {rule.private_port}, which is for no partner",
                "rules to what partners use: SIP in the site's transport, XMPP",
                "remove the rule, or name the partner that it is for",
            )


def _own(flows: Sequence[Flow]) -> Iterator[Finding]:
    """From outside only that comes in which the plan knows."""
    for flow in flows:
        if flow.group == "own" and flow.direction == "in":
            ends = ", ".join(str(end.network) for end in flow.targets)
            yield Finding(
                "port-unknown",
                "error",
                flow.site,
                f"{flow.source}: lets {flow.protocol} {', '.join(map(str, flow.ports))} of {ends} in from outside",
                "what the NAT plan lets in, and no other port",
                "take the row out, or add a partner to the plan; a network of the site itself belongs into a zone",
            )


def _nobody(place: Place, flows: Sequence[Flow]) -> Iterator[Finding]:
    """A row without a source cannot be rendered, and a firewall that was made from the rest keeps these people out."""
    missing = dict.fromkeys(who for flow in flows for who in flow.unknown)
    for who in missing:
        yield Finding(
            "clients-unknown",
            "info",
            place.site.name,
            f"no networks are known for: {who}",
            "networks, for a firewall between them and the site",
            "set them, or let your own rules let them in",
        )
