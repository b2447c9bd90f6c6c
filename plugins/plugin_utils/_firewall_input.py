# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What the table of ports is made from besides the NAT plan: the machines of each site, and what is set for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ._nat_read import Address, NatError, Network, Reader, items, network, port, text
from ._nat_router import PROTOCOLS
from ._nat_site import Site, sites_of

PORTS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "deployment_manager": {
            "console": 9060, "console_secure": 9043, "soap": 8879, "bootstrap": 9809, "orb": 9100, "discovery": 7277,
            "dcs": 9352,
        },
        "node_agent": {"soap": 8878, "bootstrap": 2809, "orb": 9900, "discovery": 7272, "dcs": 9354},
        "node": {"sip": 5060, "sips": 5061, "dcs": 9353},
        "sip_proxy": {"dcs": 9353},
        "xmpp_proxy": {"xmpp": 5269},
        "standalone": {"console": 9060, "console_secure": 9043},
        "database": {"db2": 50000},
        "directory": {"ldap": 389},
        "community": {"vp": 1516, "chat": 1533, "notes": 1352, "http": 80},
        "managed": {"management": 22},
    }
)  # fmt: skip
"""What a machine can be a part of, and where each service of it listens when nobody says otherwise."""

ADMINISTRATORS, PEOPLE, CONTROLLERS = "administrators", "people", "controllers"


@dataclass(frozen=True)
class Machine:
    """A host of a site; `parts` has the ports of each part that it is, by service."""

    host: str
    site: str
    address: Address
    parts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class XmppPartner:
    """A partner who speaks XMPP; without `networks` nothing is known of where he is."""

    name: str
    port: int
    networks: tuple[Network, ...]


@dataclass(frozen=True)
class OwnFlow:
    """A flow that somebody adds to the table: DNS, time, backup."""

    name: str
    sources: tuple[Network, ...]
    targets: tuple[Network, ...]
    protocol: str
    ports: tuple[int, ...]
    purpose: str


@dataclass(frozen=True)
class Settings:
    """What is set for a site. `clients` are networks by who is there; `zones` are networks by name, with firewalls
    between them; `dials` are the ports that the gateways dial, by service; the interfaces are those of a Cisco."""

    clients: Mapping[str, tuple[Network, ...]]
    zones: Mapping[str, tuple[Network, ...]]
    dials: Mapping[str, int]
    xmpp_partners: tuple[XmppPartner, ...]
    own: tuple[OwnFlow, ...]
    outside_interface: str
    inside_interfaces: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A site with its machines and settings, among all sites of the plan."""

    site: Site
    machines: tuple[Machine, ...]
    settings: Settings
    sites: tuple[Site, ...]

    def having(self, *parts: str) -> tuple[Machine, ...]:
        """The machines that are one of these parts."""
        return tuple(one for one in self.machines if any(part in one.parts for part in parts))


def places_of(
    sites: Sequence[Mapping[str, Any]], machines: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]
) -> tuple[Place, ...]:
    """One for each site of the plan; raises `NatError`."""
    known = sites_of(sites)
    names = [site.name for site in known]
    found = [_machine(item, path, names) for item, path in items(machines, "machines")]
    by_site = Reader(settings, "settings", names)
    return tuple(
        Place(
            site,
            tuple(one for one in found if one.site == site.name),
            _settings(by_site.required(site.name) if by_site.has(site.name) else {}, by_site.at(site.name)),
            known,
        )
        for site in known
    )


def _machine(value: Any, path: str, sites: Sequence[str]) -> Machine:
    keys = Reader(value, path, ["host", "site", "address", "parts"])
    host = keys.name("host")
    if not keys.has("address"):
        raise NatError(f"{path}.address: {host} has none; set stgw_address of {host}, its own address at its site")
    parts = Reader(keys.required("parts"), keys.at("parts"), PORTS)
    return Machine(
        host,
        keys.choice("site", sites),
        keys.address("address"),
        {part: _ports(parts, part) for part in PORTS if parts.has(part)},
    )


def _ports(parts: Reader, part: str) -> dict[str, int]:
    """The usual ports, with those that are told laid over them; null says that a service is not there."""
    value = parts.required(part)
    names = [*PORTS[part], *_MORE.get(part, ())]
    told = Reader(value, parts.at(part), names)
    there = [name for name in names if told.has(name) or (name in PORTS[part] and name not in value)]
    return {name: told.port(name) if told.has(name) else PORTS[part][name] for name in there}


_MORE: Mapping[str, Sequence[str]] = {"database": ("db2_secure",), "directory": ("ldap_secure",)}
"""Services that a part has only where they are named."""


def _settings(value: Any, path: str) -> Settings:
    keys = Reader(
        value,
        path,
        ["clients", "zones", "dials", "xmpp_partners", "own", "outside_interface",
         "inside_interfaces"],
    )  # fmt: skip
    clients = Reader(
        keys.required("clients") if keys.has("clients") else {},
        keys.at("clients"),
        [ADMINISTRATORS, PEOPLE, CONTROLLERS],
    )
    return Settings(
        clients={who: _networks(clients, who) for who in (ADMINISTRATORS, PEOPLE, CONTROLLERS)},
        zones={
            text(name, f"{path}.zones"): tuple(
                network(item, where) for item, where in items(told, f"{path}.zones.{name}")
            )
            for name, told in _mapping(keys, "zones").items()
        },
        dials={str(name): port(told, f"{path}.dials.{name}") for name, told in _mapping(keys, "dials").items()},
        xmpp_partners=tuple(_xmpp_partner(item, where) for item, where in keys.items("xmpp_partners")),
        own=tuple(_own(item, where) for item, where in keys.items("own")),
        outside_interface=keys.text("outside_interface") if keys.has("outside_interface") else "",
        inside_interfaces=tuple(text(item, where) for item, where in keys.items("inside_interfaces")),
    )


def _mapping(keys: Reader, key: str) -> Mapping[Any, Any]:
    value = keys.required(key) if keys.has(key) else {}
    if not isinstance(value, Mapping):
        raise NatError(f"{keys.at(key)}: {value!r} is not a mapping; write a name and what belongs to it")
    return value


def _networks(keys: Reader, key: str) -> tuple[Network, ...]:
    return tuple(network(item, path) for item, path in keys.items(key))


def _xmpp_partner(value: Any, path: str) -> XmppPartner:
    keys = Reader(value, path, ["name", "port", "networks"])
    return XmppPartner(keys.text("name"), keys.port("port") if keys.has("port") else 5269, _networks(keys, "networks"))


def _own(value: Any, path: str) -> OwnFlow:
    keys = Reader(value, path, ["name", "sources", "targets", "protocol", "ports", "purpose"])
    found = OwnFlow(
        keys.text("name"),
        _networks(keys, "sources"),
        _networks(keys, "targets"),
        keys.choice("protocol", PROTOCOLS),
        tuple(port(item, where) for item, where in keys.items("ports")),
        keys.text("purpose"),
    )
    for key, given in (("sources", found.sources), ("targets", found.targets), ("ports", found.ports)):
        if not given:
            raise NatError(f"{keys.at(key)}: empty; name at least one")
    return found


def single(found: Address) -> Network:
    """The network that holds one address."""
    return network(str(found), "address")


def address_text(found: Network) -> str:
    """A network as people write it: one address without its length."""
    return str(found.network_address) if found.num_addresses == 1 else str(found)
