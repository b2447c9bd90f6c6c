# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""One side of a call: the stations that a message passes there, and what the side says of itself inside and outside.

Which part of the product writes which header is not documented, so the side is shown as a whole: its own addresses are
in the headers inside, and what faces the partners puts the public ones in their place, or the own ones back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from . import _nat_derive as derive
from ._nat_derive import Endpoint
from ._nat_read import Address
from ._nat_site import EntryPoint, Site, Transport, protocol

NODE_PORTS: Mapping[Transport, int] = {"tcp": 5060, "udp": 5060, "tls": 5061}
"""Where the gateway on a cluster's node listens, as the scenario says."""

KINDS = {"nat_proxy": "SIP NAT proxy", "sip_proxy": "SIP proxy", "gateway": "gateway"}
"""What people call an entry point."""


@dataclass(frozen=True)
class Station:
    """A program that takes a message and sends it on, or is the end of its way."""

    label: str
    address: Address
    port: int


@dataclass(frozen=True)
class Face:
    """What a side says of itself: in Via, in Contact, in Record-Route (None of a gateway that is no proxy) and as the
    address in SDP."""

    via: Endpoint
    contact: Endpoint
    record_route: Endpoint | None
    sdp: str


@dataclass(frozen=True)
class Party:
    """`stations` go from the gateway to what faces the partners. `site` is None for somebody who is not in the plan."""

    name: str
    site: Site | None
    transport: Transport
    stations: tuple[Station, ...]
    inside: Face
    outside: Face

    @property
    def protocol(self) -> str:
        return protocol(self.transport)

    @property
    def behind_nat(self) -> bool:
        return self.site is not None and self.site.behind_nat

    @property
    def router(self) -> str:
        return f"router of {self.name}"

    def owns(self, where: Address) -> bool:
        """Whether that address means something inside this side only."""
        return self.site is not None and self.site.own(where)

    def way_in(self, address: Address, port: int) -> tuple[Station, ...]:
        """From what listens there to the gateway; empty when nothing does."""
        if self.site is None:
            return tuple(one for one in self.stations if (one.address, one.port) == (address, port))
        for listener in self.site.listeners:
            if listener.listens(address, port, self.transport):
                return _inwards(self.site, listener)
        return ()


def party_of(site: Site, facing: EntryPoint) -> Party:
    """The side of a site of the plan, with the entry point that a call goes through."""
    stations = tuple(reversed(_inwards(site, facing)))
    last, gateway = _endpoint(stations[-1], site.transport), _endpoint(stations[0], site.transport)
    inside = Face(last, gateway, last if facing.kind != "gateway" else None, str(stations[0].address))
    return Party(site.name, site, site.transport, stations, inside, _outside(site, facing, inside))


def stranger(name: str, endpoint: Endpoint) -> Party | None:
    """A partner who is not in the plan: of him is known what our external community says."""
    if endpoint.address is None:
        return None
    face = Face(endpoint, endpoint, None, str(endpoint.address))
    station = Station(f"gateway of {name}", endpoint.address, endpoint.port)
    return Party(name, None, endpoint.transport, (station,), face, face)


def _outside(site: Site, facing: EntryPoint, inside: Face) -> Face:
    """What partners get to see: where a rule of the router is missing there is nothing to put in place of the own."""
    seen = {one.header: one.endpoint for one in derive.advertised(site) if one.entry_point == facing}
    in_dialog, via = seen.get(derive.IN_DIALOG), seen.get(derive.VIA, inside.via)
    if in_dialog is None:
        return replace(inside, via=via)
    sdp = inside.sdp
    if site.behind_nat:
        # The gateway puts the cell property there; the SIP NAT proxy puts one address in place of another.
        sdp = str(in_dialog.address) if facing.kind == "nat_proxy" else in_dialog.host
    return Face(via, in_dialog, in_dialog if inside.record_route else None, sdp)


def _inwards(site: Site, listener: EntryPoint) -> tuple[Station, ...]:
    """The stations from a listener to the gateway."""
    stations = [_station(listener, site.transport)]
    if listener.kind == "nat_proxy":
        listener = min(site.upstreams, key=lambda one: one.host != listener.host)
        stations.append(_station(listener, site.transport))
    if listener.kind == "sip_proxy" and site.nodes:
        node = site.nodes[0]
        stations.append(Station(f"{node.host} (gateway)", node.address, NODE_PORTS[site.transport]))
    return tuple(stations)


def _station(listener: EntryPoint, transport: Transport) -> Station:
    port = listener.ports.get(transport, NODE_PORTS[transport])
    return Station(f"{listener.host} ({KINDS[listener.kind]})", listener.address, port)


def _endpoint(station: Station, transport: Transport) -> Endpoint:
    return Endpoint(str(station.address), station.address, station.port, transport)
