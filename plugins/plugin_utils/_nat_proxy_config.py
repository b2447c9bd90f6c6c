# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The configuration of a SIP NAT proxy, as far as the NAT plan knows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _nat_derive as derive
from ._nat_read import NatError
from ._nat_site import EntryPoint, Node, Partner, Site, literal, sites_of


def config(
    sites: Sequence[Mapping[str, Any]],
    host: str,
    *,
    ids: Mapping[str, int] | None = None,
    media: Mapping[str, str] | None = None,
    domains: Mapping[str, Sequence[str]] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What the proxy on `host` has to be told, in JSON's types; the keys are those of its own documentation.

    By name of a host of its site `ids` and `media`, by name of a partner `domains`; `settings` is laid over the result,
    mappings into mappings. Raises `NatError` for what is no plan, or for a plan that does not say what is needed.
    """
    known = sites_of(sites)
    site, entry = _proxy(known, host)
    machines = _machines(site)
    for argument, given in (("ids", ids), ("media", media), ("domains", domains), ("settings", settings)):
        if given is not None and not isinstance(given, Mapping):
            raise NatError(f"{argument}: {given!r} is not a mapping; write keys and values")
    _distinct(ids or {})
    _known("ids", ids, machines)
    _known("media", media, machines)
    _known("domains", domains, [partner.name for partner in site.partners])
    inside = {
        "networks": [str(one) for one in site.networks],
        "hosts": _hosts(machines, ids or {}, media or {}),
        "upstreams": [
            {"host": one.host, **_socket(one, site)} for one in site.upstreams if site.transport in one.ports
        ],
    }
    found = {
        "inside": inside,
        **_records(site, entry),
        "listen": [_socket(entry, site)],
        "partners": [_partner(partner, site, known, domains or {}) for partner in site.partners],
    }
    return _laid_over(found, settings or {})


def _proxy(sites: Sequence[Site], host: str) -> tuple[Site, EntryPoint]:
    """The site and the entry point of the proxy on a host."""
    proxies = [(site, one) for site in sites for one in site.nat_proxies if site.transport in one.ports]
    for site, one in proxies:
        if one.host == host:
            return site, one
    hosts = ", ".join(one.host for unused, one in proxies) or "none"
    raise NatError(
        f"host: {host!r} has no entry point of kind nat_proxy with a port for its site's transport; "
        f"the hosts that have one are: {hosts}"
    )


def _machines(site: Site) -> dict[str, list[Node | EntryPoint]]:
    """What is known about each host of a site, nodes first: the order in which ids are given."""
    found: dict[str, list[Node | EntryPoint]] = {}
    everything: list[Node | EntryPoint] = [*site.nodes, *site.listeners]
    for one in everything:
        found.setdefault(one.host, []).append(one)
    return found


def _known(argument: str, given: Mapping[str, Any] | None, names: Iterable[str]) -> None:
    unknown = [name for name in given or {} if name not in set(names)]
    if unknown:
        raise NatError(f"{argument}.{unknown[0]}: unknown; the plan has {', '.join(names)}")


def _distinct(ids: Mapping[str, int]) -> None:
    owners: dict[int, str] = {}
    for host, number in ids.items():
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 255:
            raise NatError(f"ids.{host}: {number!r} is no id; write a whole number from 1 to 255")
        if number in owners:
            raise NatError(f"ids.{host}: {number} is the id of {owners[number]} too; give each host its own")
        owners[number] = host


def _hosts(
    machines: Mapping[str, Sequence[Node | EntryPoint]], ids: Mapping[str, int], media: Mapping[str, str]
) -> list[dict[str, Any]]:
    free = (number for number in range(1, 256) if number not in ids.values())
    return [
        {
            "id": ids[host] if host in ids else next(free, 0),
            "name": host,
            "addresses": list(dict.fromkeys(str(one.address) for one in known)),
            "names": list(dict.fromkeys(one.name for one in known if literal(one.name) is None)),
            **({"media": media[host]} if host in media else {}),
        }
        for host, known in machines.items()
    ]


def _socket(one: EntryPoint, site: Site) -> dict[str, Any]:
    return {"address": str(one.address), "port": one.ports[site.transport], "transport": site.transport}


def _records(site: Site, entry: EntryPoint) -> dict[str, Any]:
    """The two public records, as this entry point writes them into messages."""
    written = {one.header: one.endpoint for one in derive.advertised(site) if one.entry_point == entry}
    for header, rules in ((derive.IN_DIALOG, "inbound"), (derive.VIA, "outbound")):
        if not site.behind_nat or header not in written:
            raise NatError(f"sites ({site.name}).router.{rules}: no rule for {entry.host} ({entry.address}); add it")
    return {
        key: {"host": endpoint.host, "address": str(endpoint.address), "ports": {endpoint.transport: endpoint.port}}
        for key, endpoint in (("public", written[derive.IN_DIALOG]), ("outbound", written[derive.VIA]))
    }


def _partner(
    partner: Partner, site: Site, sites: Sequence[Site], domains: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    path = f"sites ({site.name}).partners ({partner.name})"
    endpoint = derive.endpoint_of(partner, sites)
    if endpoint is None or endpoint.address is None:
        raise NatError(f"{path}: where it is reached is not known; let its router lead to it, or give its address")
    if partner.name not in domains and len(site.partners) > 1:
        raise NatError(f"domains.{partner.name}: missing; there are several partners: name the domains of each one")
    names, addresses = [endpoint.host], [endpoint.address]
    if partner.site is not None:
        theirs = next(one for one in sites if one.name == partner.site)
        names += [one.endpoint.host for one in derive.advertised(theirs)]
        addresses += derive.sources(theirs)
    return {
        "name": partner.name,
        "address": str(endpoint.address),
        "port": endpoint.port,
        "transport": endpoint.transport,
        "networks": list(dict.fromkeys(f"{one}/{one.max_prefixlen}" for one in addresses)),
        "hosts": list(dict.fromkeys(one.lower() for one in names if literal(one) is None)),
        **({"domains": list(domains[partner.name])} if partner.name in domains else {}),
    }


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings are put together, everything else is replaced."""
    found = dict(below)
    for key, value in above.items():
        under = found.get(key)
        together = isinstance(value, Mapping) and isinstance(under, Mapping)
        found[key] = _laid_over(under or {}, value) if together else value
    return found
