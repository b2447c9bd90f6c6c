# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The sites of a NAT plan, as an inventory describes them."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, cast

from ._nat_read import Address, NatError, Network, Reader, address, items, name, network
from ._nat_router import PROTOCOLS, Router, router

Transport = Literal["tcp", "tls", "udp"]
Kind = Literal["cluster", "standalone"]
EntryKind = Literal["sip_proxy", "nat_proxy", "gateway"]

TRANSPORTS: tuple[Transport, ...] = ("tcp", "tls", "udp")


def protocol(transport: Transport) -> str:
    """What a router sees of a transport."""
    return "udp" if transport == "udp" else "tcp"


@dataclass(frozen=True)
class EntryPoint:
    """What listens for SIP on a host: its own name and address, and a port for each transport."""

    host: str
    name: str
    kind: EntryKind
    address: Address
    ports: Mapping[Transport, int]

    def listens(self, on: Address, port: int, transport: Transport) -> bool:
        return self.address == on and self.ports.get(transport) == port


@dataclass(frozen=True)
class Node:
    """A host with a gateway server."""

    host: str
    name: str
    address: Address


@dataclass(frozen=True)
class PortInUse:
    """A port of a host that something else listens on."""

    host: str
    protocol: str
    port: int
    by: str


@dataclass(frozen=True)
class Sprayer:
    """The address that a SIP proxy gives for its own."""

    transport: Transport
    host: str
    port: int


@dataclass(frozen=True)
class Certificate:
    """The names of the certificate that the entry points present."""

    common_name: str
    names: tuple[str, ...]

    def covers(self, host: str) -> bool:
        """Wildcards do not count: RFC 5922 forbids them."""
        return host.lower() in {known.lower() for known in (self.common_name, *self.names)}


@dataclass(frozen=True)
class Partner:
    """An external community: a site of this plan, or somebody else, of whom all is declared."""

    name: str
    site: str | None
    host: str | None
    port: int | None
    transport: Transport | None
    address: Address | None


@dataclass(frozen=True)
class Site:
    """One cell. `sprayers` is None when nothing is declared; `router` is None when there is no NAT."""

    name: str
    kind: Kind
    transport: Transport
    networks: tuple[Network, ...]
    listeners: tuple[EntryPoint, ...]
    nodes: tuple[Node, ...]
    ports_in_use: tuple[PortInUse, ...]
    router: Router | None
    cell_fqdn: str | None
    sprayers: tuple[Sprayer, ...] | None
    certificate: Certificate | None
    partners: tuple[Partner, ...]

    @property
    def behind_nat(self) -> bool:
        return bool(self.networks) or self.router is not None

    @property
    def rules(self) -> Router:
        """The router's rules; none when there is no router."""
        return self.router or Router((), (), False)

    @property
    def protocol(self) -> str:
        return protocol(self.transport)

    @cached_property
    def nat_proxies(self) -> tuple[EntryPoint, ...]:
        return tuple(one for one in self.listeners if one.kind == "nat_proxy")

    @cached_property
    def upstreams(self) -> tuple[EntryPoint, ...]:
        """What the SIP NAT proxy hands over to, and what partners reach where there is none."""
        return tuple(one for one in self.listeners if one.kind != "nat_proxy")

    @property
    def entry_points(self) -> tuple[EntryPoint, ...]:
        """What may receive SIP from partners."""
        return self.nat_proxies or self.upstreams

    def own(self, where: Address) -> bool:
        """Whether partners cannot reach that address, because it is one of the site's own networks."""
        return any(where in network for network in self.networks)


def sites_of(value: Sequence[Mapping[str, Any]]) -> tuple[Site, ...]:
    """Raises `NatError` for what is not a list of sites."""
    sites = tuple(_site(item, _named(path, item)) for item, path in items(value, "sites"))
    known = [site.name for site in sites]
    for number, twice in enumerate(known):
        if twice in known[:number]:
            raise NatError(f"sites[{number}].name: {twice!r} is there twice; give each site its own name")
    for number, site in enumerate(sites):
        for index, partner in enumerate(site.partners):
            path = f"{_named(f'sites[{number}]', {'name': site.name})}.partners[{index}].site"
            if partner.site == site.name:
                raise NatError(f"{path}: {partner.site!r} is the site itself; name another one")
            if partner.site is not None and partner.site not in known:
                raise NatError(
                    f"{path}: {partner.site!r} is not in this plan; the sites are {', '.join(known)}. "
                    "For somebody else give host, port, transport and address instead"
                )
    return sites


def names_of(value: Any, sites: Sequence[Site]) -> dict[str, dict[str, tuple[Address, ...]]]:
    """What each side's resolver says, names in lower case; raises `NatError`."""
    sides = Reader(value, "names", [site.name for site in sites])
    return {
        site.name: {
            name(host, sides.at(site.name)).lower(): tuple(
                address(item, path) for item, path in items(found, f"{sides.at(site.name)}[{host!r}]")
            )
            for host, found in _mapping(sides.required(site.name), sides.at(site.name)).items()
        }
        for site in sites
        if sides.has(site.name)
    }


def literal(host: str) -> Address | None:
    """The address that stands where a name could stand, if it is one."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _named(path: str, site: Any) -> str:
    """The path of a site with its name, because an inventory has names and no numbers."""
    called = site.get("name") if isinstance(site, Mapping) else None
    return f"{path} ({called})" if isinstance(called, str) and called.isprintable() and called.strip() else path


def _mapping(value: Any, path: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise NatError(f"{path}: {value!r} is not a mapping; write names and their addresses")
    return value


def _site(value: Any, path: str) -> Site:
    keys = Reader(
        value,
        path,
        ["name", "kind", "transport", "networks", "entry_points", "nodes", "ports_in_use", "router", "cell_fqdn",
         "sprayers", "certificate", "partners"],
    )  # fmt: skip
    kind = cast(Kind, keys.choice("kind", ("cluster", "standalone")))
    return Site(
        name=keys.name("name"),
        kind=kind,
        transport=_transport(keys),
        networks=tuple(network(item, where) for item, where in keys.items("networks")),
        listeners=_listeners(keys, kind),
        nodes=tuple(_node(item, where) for item, where in keys.items("nodes")),
        ports_in_use=tuple(_port_in_use(item, where) for item, where in keys.items("ports_in_use")),
        router=router(keys.required("router"), keys.at("router")) if keys.has("router") else None,
        cell_fqdn=keys.name("cell_fqdn") if keys.has("cell_fqdn") else None,
        sprayers=tuple(_sprayer(item, at) for item, at in keys.items("sprayers")) if keys.has("sprayers") else None,
        certificate=_certificate(keys) if keys.has("certificate") else None,
        partners=_partners(keys),
    )


def _transport(keys: Reader) -> Transport:
    return cast(Transport, keys.choice("transport", TRANSPORTS))


def _listeners(keys: Reader, kind: Kind) -> tuple[EntryPoint, ...]:
    """A cluster has SIP proxies and a standalone gateway itself; each may have the SIP NAT proxy in front of it."""
    own: EntryKind = "sip_proxy" if kind == "cluster" else "gateway"
    found = tuple(_entry_point(item, path, own) for item, path in keys.items("entry_points"))
    if not any(one.kind == own for one in found):
        raise NatError(f"{keys.at('entry_points')}: a {kind} site has no {own} in it; add an entry of kind {own}")
    return found


def _entry_point(value: Any, path: str, own: EntryKind) -> EntryPoint:
    keys = Reader(value, path, ["host", "name", "kind", "address", "ports"])
    ports = Reader(keys.required("ports"), keys.at("ports"), TRANSPORTS)
    return EntryPoint(
        host=keys.name("host"),
        name=keys.name("name"),
        kind=cast(EntryKind, keys.choice("kind", (own, "nat_proxy"))),
        address=keys.address("address"),
        ports={transport: ports.port(transport) for transport in TRANSPORTS if ports.has(transport)},
    )


def _node(value: Any, path: str) -> Node:
    keys = Reader(value, path, ["host", "name", "address"])
    return Node(keys.name("host"), keys.name("name"), keys.address("address"))


def _port_in_use(value: Any, path: str) -> PortInUse:
    keys = Reader(value, path, ["host", "protocol", "port", "by"])
    return PortInUse(keys.name("host"), keys.choice("protocol", PROTOCOLS), keys.port("port"), keys.text("by"))


def _sprayer(value: Any, path: str) -> Sprayer:
    keys = Reader(value, path, ["transport", "host", "port"])
    return Sprayer(_transport(keys), keys.name("host"), keys.port("port"))


def _certificate(site: Reader) -> Certificate:
    keys = Reader(site.required("certificate"), site.at("certificate"), ["common_name", "names"])
    return Certificate(keys.name("common_name"), tuple(name(item, path) for item, path in keys.items("names")))


def _partners(site: Reader) -> tuple[Partner, ...]:
    found: list[Partner] = []
    for item, path in site.items("partners"):
        partner = _partner(item, path)
        if partner.name in [other.name for other in found]:
            raise NatError(f"{path}.name: {partner.name!r} is there twice; give each partner its own name")
        found.append(partner)
    return tuple(found)


def _partner(value: Any, path: str) -> Partner:
    keys = Reader(value, path, ["name", "site", "host", "port", "transport", "address"])
    missing = [key for key in ("host", "port", "transport", "address") if not keys.has(key)]
    if missing and not keys.has("site"):
        raise NatError(
            f"{keys.at(missing[0])}: missing; give host, port, transport and address, or a site of this plan"
        )
    return Partner(
        name=keys.text("name"),
        site=keys.name("site") if keys.has("site") else None,
        host=keys.name("host") if keys.has("host") else None,
        port=keys.port("port") if keys.has("port") else None,
        transport=_transport(keys) if keys.has("transport") else None,
        address=keys.address("address") if keys.has("address") else None,
    )
