# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The flows between a site and its partners: addresses, ports and public names are those of the NAT plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from ipaddress import ip_network

from . import _nat_derive as derive
from ._firewall_flow import End, Flow
from ._firewall_input import Machine, Place
from ._nat_party import KINDS
from ._nat_read import Address
from ._nat_router import InboundRule
from ._nat_site import EntryPoint, Partner, Site, protocol

_SIP = "SIP [seed]"
_XMPP = "XMPP [memory]"


def flows(place: Place) -> Iterator[Flow]:
    """In and out, of SIP in the site's transport and of XMPP where a partner speaks it."""
    for partner in place.site.partners:
        yield from _sip_in(place, partner)
        yield from _sip_out(place, partner)
    yield from _xmpp(place)


def _sip_in(place: Place, partner: Partner) -> Iterator[Flow]:
    site = place.site
    sources = _sources(partner, place.sites)
    for one, end, port, public_port in _entrances(site):
        yield Flow(
            site=site.name,
            group="partners",
            source=f"community {partner.name}",
            sources=sources,
            target=KINDS[one.kind],
            targets=(end,),
            protocol=protocol(site.transport),
            ports=(port,),
            public_port=public_port if public_port != port else None,
            direction="in",
            firewall="edge",
            purpose=f"{_spoken(site)} from the partner",
            evidence=_SIP,
        )


def _sip_out(place: Place, partner: Partner) -> Iterator[Flow]:
    site = place.site
    sources = tuple(_sender(site, one) for one in site.entry_points)
    by_port: dict[int, list[End]] = {}
    for way in _ways(partner, place.sites):
        if way.address:
            by_port.setdefault(way.port, []).append(End(_host_at(place, way.address), ip_network(str(way.address))))
    for port, targets in by_port.items():
        yield Flow(
            site=site.name,
            group="partners",
            source=KINDS[site.entry_points[0].kind],
            sources=sources,
            target=f"community {partner.name}",
            targets=tuple(dict.fromkeys(targets)),
            protocol=protocol(site.transport),
            ports=(port,),
            direction="out",
            firewall="edge",
            purpose=f"{_spoken(site)} to the partner, on connections that the site opens",
            evidence=_SIP,
        )


def _xmpp(place: Place) -> Iterator[Flow]:
    for proxy in place.having("xmpp_proxy"):
        port = proxy.parts["xmpp_proxy"]["xmpp"]
        rule = xmpp_rule(place, proxy)
        inside = ip_network(str(proxy.address))
        sender = next((one for one in place.site.rules.outbound if one.private_address == proxy.address), None)
        for partner in place.settings.xmpp_partners:
            others = tuple(End("", where) for where in partner.networks)
            into = Flow(
                site=place.site.name,
                group="partners",
                source=f"community {partner.name}",
                sources=others,
                target="XMPP proxy",
                targets=(End(proxy.host, inside, rule.public_address if rule else None),),
                protocol="tcp",
                ports=(port,),
                public_port=rule.public_port if rule and rule.public_port != port else None,
                direction="in",
                firewall="edge",
                purpose="XMPP between servers, which each side opens for itself",
                evidence=_XMPP,
            )
            yield into
            yield replace(
                into,
                source=into.target,
                sources=(End(proxy.host, inside, sender.public_address if sender else None),),
                target=into.source,
                targets=others,
                ports=(partner.port,),
                public_port=None,
                direction="out",
            )


def xmpp_rule(place: Place, proxy: Machine) -> InboundRule | None:
    """The router's rule that leads to the XMPP proxy."""
    where = (proxy.address, proxy.parts["xmpp_proxy"]["xmpp"])
    return next(
        (
            rule
            for rule in place.site.rules.inbound
            if rule.protocol == "tcp" and (rule.private_address, rule.private_port) == where
        ),
        None,
    )


def _spoken(site: Site) -> str:
    return {"tcp": "SIP over TCP", "tls": "SIP over TLS", "udp": "SIP over UDP"}[site.transport]


def _entrances(site: Site) -> Iterator[tuple[EntryPoint, End, int, int]]:
    """What lets partners in: the listener, its end, its own port and the public one."""
    if not site.behind_nat:
        for one in site.entry_points:
            if site.transport in one.ports:
                port = one.ports[site.transport]
                yield one, End(one.host, ip_network(str(one.address))), port, port
        return
    for rule in derive.inbound_rules(site):
        reached = derive.target(site, rule)
        if reached:
            end = End(reached.host, ip_network(str(rule.private_address)), rule.public_address)
            yield reached, end, rule.private_port, rule.public_port


def _sender(site: Site, one: EntryPoint) -> End:
    rule = derive.outbound_rule(site, one) if site.behind_nat else None
    return End(one.host, ip_network(str(one.address)), rule.public_address if rule else None)


def _sources(partner: Partner, sites: Sequence[Site]) -> tuple[End, ...]:
    """The addresses that a partner's packets come from, as this site sees them."""
    if partner.site is None:
        return (End("", ip_network(str(partner.address))),)
    other = next(site for site in sites if site.name == partner.site)
    senders = (_sender(other, one) for one in other.entry_points)
    return tuple(End(one.host, one.outside) for one in senders)


def _ways(partner: Partner, sites: Sequence[Site]) -> list[derive.Endpoint]:
    """All places where a partner can be dialled: a community names one, what comes later in a dialog may go to
    another one."""
    if partner.site is not None:
        return derive.contacts(next(site for site in sites if site.name == partner.site))
    dialled = derive.endpoint_of(partner, sites)
    return [dialled] if dialled else []


def _host_at(place: Place, address: Address) -> str:
    """The host of the plan that has this address of its own."""
    return next((one.host for site in place.sites for one in site.listeners if one.address == address), "")
