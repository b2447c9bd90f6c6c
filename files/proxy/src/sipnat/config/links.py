# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the configuration's parts have to be to each other."""

from __future__ import annotations

import ipaddress
from typing import Dict, Iterable, Mapping

from ..model import PER_HOST, Config, Endpoint, TlsProfile
from .reader import Section


def verify(config: Config, top: Section) -> None:
    """Notes each reference that leads nowhere and each thing that two parts claim. Stand-ins are empty: passed over."""
    _hosts(config, top)
    _upstreams(config, top)
    _listeners(config, top)
    _partners(config, top)
    _firewall(config, top)


def _unique(top: Section, claims: Iterable[tuple[str, object]], what: str) -> None:
    """Claims are (key path, value); two of the same value are one too many."""
    owners: Dict[object, str] = {}
    for path, value in claims:
        if value and value in owners:
            top.wrong(path, value, f"{owners[value]} has this {what}: each has its own")
        owners.setdefault(value, path)


def _hosts(config: Config, top: Section) -> None:
    if not config.hosts:
        top.wrong("inside.hosts", None, "name at least one machine of the inside")
    if not config.networks:
        top.wrong("inside.networks", None, "name the networks of the inside: no address of them may leave")
    every = [(f"inside.hosts[{number}]", host) for number, host in enumerate(config.hosts)]
    _unique(top, ((f"{path}.id", host.id) for path, host in every), "id")
    _unique(top, ((f"{path}.name", host.name) for path, host in every), "name")
    _unique(
        top,
        (
            (f"{path}.{kind}[{number}]", form)
            for path, host in every
            for kind, forms in (("addresses", host.addresses), ("names", host.names))
            for number, form in enumerate(forms)
        ),
        "address or name",
    )
    networks = [ipaddress.ip_network(one) for one in config.networks]
    public = {config.public.host, config.public.address, config.outbound.host, config.outbound.address}
    for path, host in every:
        for number, address in enumerate(host.addresses):
            if networks and not any(ipaddress.ip_address(address) in network for network in networks):
                cure = "is in none of inside.networks: its network belongs there, or it would not be kept inside"
                top.wrong(f"{path}.addresses[{number}]", address, cure)
        for form in set(host.forms) & public:
            top.wrong(path, form, "is public: a machine of the inside cannot have it")


def _profile(config: Config, top: Section, path: str, name: str | None) -> TlsProfile | None:
    """The profile that is meant, after noting one that is not there."""
    if name is not None and name not in config.tls:
        top.wrong(f"{path}.tls", name, f"there is no such profile in tls: known are {', '.join(sorted(config.tls))}")
        return None
    return config.tls[name or "default"]


def _served(config: Config, top: Section, path: str, transport: str, legs: tuple[str, str]) -> None:
    if not any(one.transport == transport and one.leg in legs for one in config.listeners):
        top.wrong(path, transport, f"no listener of this transport: add one to listen with leg {' or '.join(legs)}")


def _upstreams(config: Config, top: Section) -> None:
    if not config.upstreams:
        top.wrong("inside.upstreams", None, "name at least one machine that takes messages from the outside")
    known = {host.name: host.addresses for host in config.hosts}
    own = [Endpoint(one.address, one.port, one.transport) for one in config.listeners]
    for number, one in enumerate(config.upstreams):
        path = f"inside.upstreams[{number}]"
        if one.host and one.host not in known:
            top.wrong(f"{path}.host", one.host, f"is no name in inside.hosts: known are {', '.join(sorted(known))}")
        elif one.host and one.endpoint.address and one.endpoint.address not in known[one.host]:
            cure = f"is no address of {one.host}: known are {', '.join(known[one.host])}"
            top.wrong(f"{path}.address", one.endpoint.address, cure)
        if one.endpoint.port and one.endpoint in own:
            top.wrong(f"{path}.port", one.endpoint.port, "is our own listener: messages would go round in circles")
        _profile(config, top, path, one.tls)
        _served(config, top, f"{path}.transport", one.endpoint.transport, ("inside", "both"))
    for name in known:
        same = [number for number, one in enumerate(config.upstreams) if one.host == name]
        if len(same) > PER_HOST:
            cure = f"there are more than {PER_HOST} upstreams on this host: remove some"
            top.wrong(f"inside.upstreams[{same[PER_HOST]}].host", name, cure)
    every = enumerate(config.upstreams)
    _unique(top, ((f"inside.upstreams[{number}]", one.endpoint) for number, one in every if one.host), "endpoint")


def _listeners(config: Config, top: Section) -> None:
    if not config.listeners:
        top.wrong("listen", None, "name at least one listener")
    for number, one in enumerate(config.listeners):
        path = f"listen[{number}]"
        if one.address and ipaddress.ip_address(one.address).is_unspecified and one.leg != "outside":
            cure = "messages to the inside name the listener: write the address that the inside reaches"
            top.wrong(f"{path}.address", one.address, cure)
        profile = _profile(config, top, path, one.tls)
        if one.transport == "tls" and profile is not None and profile.certificate is None:
            cure = f'a TLS listener shows a certificate: add certificate and key to tls."{one.tls or "default"}"'
            top.wrong(path, one.transport, cure)
    sockets = (
        (one.address, one.port, one.transport == "udp") if one.address and one.port else None
        for one in config.listeners
    )
    _unique(top, ((f"listen[{number}]", socket) for number, socket in enumerate(sockets)), "address and port")
    for transport in config.public.ports:
        _served(config, top, f"public.ports.{transport}", transport, ("outside", "both"))


def _partners(config: Config, top: Section) -> None:
    if not config.partners:
        top.wrong("partners", None, "name at least one partner: nobody else may send")
    for number, one in enumerate(config.partners):
        path = f"partners[{number}]"
        _profile(config, top, path, one.tls)
        for key, ports in (("public", config.public.ports), ("outbound", config.outbound.ports)):
            _advertised(top, path, one.endpoint.transport, key, ports)
        if not one.networks:
            top.wrong(f"{path}.networks", None, "name the networks that the partner sends from")
    every = [(f"partners[{number}]", one) for number, one in enumerate(config.partners)]
    _unique(top, ((f"{path}.name", one.name) for path, one in every), "name")
    ours = {form for host in config.hosts for form in host.forms} | {one.address for one in config.listeners}
    ours |= set(config.firewall) | {
        config.public.host,
        config.public.address,
        config.outbound.host,
        config.outbound.address,
    }
    for path, one in every:
        claimed = [(f"{path}.address", one.endpoint.address)]
        claimed += [(f"{path}.hosts[{number}]", host) for number, host in enumerate(one.hosts)]
        claimed += [(f"{path}.domains[{number}]", domain) for number, domain in enumerate(one.domains)]
        for where, value in claimed:
            if value and value in ours:
                top.wrong(where, value, "is ours: name what the partner has")
    for what, key in (("host", "hosts"), ("domain", "domains")):
        claims = ((f"{path}.{key}", value) for path, one in every for value in getattr(one, key))
        _unique(top, claims, what)


def _advertised(top: Section, path: str, transport: str, key: str, ports: Mapping[str, int]) -> None:
    if ports and transport not in ports:
        cure = f"{key}.ports has no port for this transport: partners answer to it, so add it"
        top.wrong(f"{path}.transport", transport, cure)


def _firewall(config: Config, top: Section) -> None:
    """An address that counts as outside cannot belong to somebody who is inside."""
    others = {config.public.address: "public", config.outbound.address: "outbound"}
    others.update((address, host.name) for host in config.hosts for address in host.addresses)
    for number, address in enumerate(config.firewall):
        if address in others:
            cure = f"{others[address]} has this address: the router's own inside address is meant"
            top.wrong(f"inside.firewall[{number}]", address, cure)
