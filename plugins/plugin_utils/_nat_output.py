# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A NAT plan as data in JSON's types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import _nat_derive as derive
from ._nat_derive import Endpoint
from ._nat_router import OutboundRule, Router
from ._nat_site import EntryPoint, Partner, Site


def site(one: Site, sites: Sequence[Site]) -> dict[str, Any]:
    """All derived values of a site; null where a rule is missing or the value means nothing for the site."""
    value = derive.cell_property(one)
    return {
        "kind": one.kind,
        "transport": one.transport,
        "behind_nat": one.behind_nat,
        "contact": _contact(one),
        "inbound": _inbound(one),
        "outbound": _outbound(one),
        "entry_points": [_entry_point(entry, one) for entry in one.entry_points],
        "cell_property": {"name": derive.CELL_PROPERTY, "value": value} if value else None,
        "sprayers": [
            {"host": found.proxy.host, "transport": one.transport, "sprayer_host": found.host, "port": found.port}
            for found in derive.sprayers(one)
        ],
        "advertised": [
            {
                "by": found.entry_point.kind,
                "entry_point": found.entry_point.host,
                "header": found.header,
                **_endpoint(found.endpoint),
            }
            for found in derive.advertised(one)
        ],
        "certificate": _certificate(one),
        "partners": [entry for partner in one.partners if (entry := _partner(partner, one, sites))],
        "dns": [
            {"name": name, "address": str(address), "sides": list(sides)}
            for name, address, sides in derive.dns(one, sites)
        ],
        "router": _router(one.router) if one.router else None,
        "nat_proxy": _nat_proxy(one, sites) if one.nat_proxies else None,
    }


def _endpoint(one: Endpoint) -> dict[str, Any]:
    return {
        "host": one.host,
        "address": str(one.address) if one.address else None,
        "port": one.port,
        "transport": one.transport,
    }


def _contact(one: Site) -> dict[str, Any] | None:
    found = derive.contact(one)
    return _endpoint(found) if found else None


def _inbound(one: Site) -> dict[str, Any] | None:
    rule = derive.inbound_rule(one)
    return {"name": rule.name, "address": str(rule.public_address), "port": rule.public_port} if rule else None


def _outbound(one: Site) -> dict[str, Any] | None:
    rules = (derive.outbound_rule(one, entry) for entry in one.entry_points)
    rule = next((rule for rule in rules if rule), None)
    return {"name": rule.name, "address": str(rule.public_address)} if rule else None


def _entry_point(entry: EntryPoint, one: Site) -> dict[str, Any]:
    return {
        "host": entry.host,
        "name": entry.name,
        "kind": entry.kind,
        "address": str(entry.address),
        "port": entry.ports.get(one.transport),
        "protocol": one.protocol,
    }


def _certificate(one: Site) -> dict[str, Any] | None:
    """For TLS the name that partners dial, because they compare the certificate with it."""
    found = derive.contact(one)
    return {"common_name": found.host} if one.transport == "tls" and found else None


def _partner(partner: Partner, one: Site, sites: Sequence[Site]) -> dict[str, Any] | None:
    """Where a partner is reached, and what the external community names for that; None when the partner's own site
    cannot be reached at all."""
    found = derive.endpoint_of(partner, sites)
    entered = derive.community(one, found)
    if not found or not entered:
        return None
    return {"name": partner.name, "site": partner.site, **_endpoint(found), "connection": _endpoint(entered)}


def _router(one: Router) -> dict[str, Any]:
    """As the input has it."""
    return {
        "inbound": [
            {
                "protocol": rule.protocol,
                "public_address": str(rule.public_address),
                "public_port": rule.public_port,
                "private_address": str(rule.private_address),
                "private_port": rule.private_port,
                "name": rule.name,
            }
            for rule in one.inbound
        ],
        "outbound": [_outbound_rule(rule) for rule in one.outbound],
        "sip_alg": one.sip_alg,
    }


def _outbound_rule(rule: OutboundRule) -> dict[str, Any]:
    pool = [str(address) for address in rule.public_addresses]
    return {
        "private_address": str(rule.private_address),
        "public_address": pool if len(pool) > 1 else pool[0],
        **({"overload": True} if rule.overload else {}),
        "name": rule.name,
    }


def _nat_proxy(one: Site, sites: Sequence[Site]) -> dict[str, Any]:
    """What the SIP NAT proxy has to be told."""
    outbound = _outbound(one)
    return {
        "listen": _listeners(one.nat_proxies, one),
        "public": _contact(one),
        "outbound": {"host": outbound["name"], "address": outbound["address"]} if outbound else None,
        "upstreams": _listeners(one.upstreams, one),
        "partners": [
            {"name": partner.name, "address": str(address)}
            for partner in one.partners
            for address in _sources(partner, sites)
        ],
    }


def _listeners(entries: Sequence[EntryPoint], one: Site) -> list[dict[str, Any]]:
    return [
        _endpoint(Endpoint(entry.name, entry.address, entry.ports[one.transport], one.transport))
        for entry in entries
        if one.transport in entry.ports
    ]


def _sources(partner: Partner, sites: Sequence[Site]) -> Sequence[Any]:
    if partner.site is not None:
        return derive.sources(next(site for site in sites if site.name == partner.site))
    return [partner.address]
