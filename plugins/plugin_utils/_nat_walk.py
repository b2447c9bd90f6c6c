# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""One call, hop by hop: an INVITE, its answer, and a request of the called side inside the dialog.

A hop is what is on the wire between two stations. Of a header with several values the one is shown that decides: of Via
the topmost, by which the answer goes. Each side has one Record-Route, that of what faces its partners.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from . import _nat_path
from ._nat_derive import Endpoint
from ._nat_party import Face, Party, Station
from ._nat_path import Packet
from ._nat_read import socket
from ._nat_site import Site

ANY_PORT = 0
"""A source port that the sender's system picks; static translation keeps it."""

Zone = Literal["sender", "outside", "receiver"]
"""Whose addresses are in the headers: those of the sender's inside, the public ones, those of the receiver's inside."""

Outcome = Literal["arrives", "only on the open connection", "ends here"]


@dataclass(frozen=True)
class Headers:
    """What is in a message besides Via; empty means that it has no such header or body."""

    request_uri: str = ""
    route: tuple[str, ...] = ()
    record_route: tuple[str, ...] = ()
    contact: str = ""
    sdp: str = ""


@dataclass(frozen=True)
class Hop:
    """A message between two stations. A router changes the packet only, so `via` and `headers` stay there."""

    sender: str
    receiver: str
    zone: Zone
    packet: Packet
    via: str
    headers: Headers = Headers()


@dataclass(frozen=True)
class Walk:
    """The hops of one message until it arrives or ends, and why."""

    title: str
    hops: tuple[Hop, ...]
    outcome: Outcome
    why: str


@dataclass(frozen=True)
class _Way:
    """The hops of a request; `problem` says why the last one ends nowhere, empty when it arrives."""

    hops: tuple[Hop, ...]
    problem: str


class _NoWay(Exception):
    """Why a request goes no further."""


def call(caller: Party, called: Party, dialled: Endpoint) -> list[Walk]:
    """What happens to the three messages; after an INVITE that does not arrive there are no others."""
    way = _way(caller, called, dialled)
    invite = _invite(way, caller, called, dialled)
    return [invite] if way.problem else [invite, _answer(way, caller, called), _in_dialog(caller, called)]


def written(endpoint: Endpoint) -> str:
    """Host and port as a header has them."""
    return socket(endpoint.host, endpoint.port)


def _way(sender: Party, receiver: Party, target: Endpoint) -> _Way:
    """The way of a request from the sender's gateway to the receiver's."""
    hops: list[Hop] = []
    try:
        for hop in _hops(sender, receiver, target):
            hops.append(hop)  # noqa: PERF402  # those before the exception count
    except _NoWay as error:
        return _Way(tuple(hops), str(error))
    return _Way(tuple(hops), "")


def _hops(sender: Party, receiver: Party, target: Endpoint) -> Iterator[Hop]:
    """Raises `_NoWay` after the last hop that there is."""
    if not sender.transport == target.transport == receiver.transport:
        raise _NoWay(
            f"{sender.name} speaks {sender.transport}, has {target.transport} to {target.host}, "
            f"and {receiver.name} speaks {receiver.transport}"
        )
    yield from _within(sender, "sender", sender.stations)
    facing = sender.stations[-1]
    if target.address is None:
        raise _NoWay(f"nobody knows the address of {target.host}")
    packet = Packet(facing.address, _source_port(facing, sender), target.address, target.port, sender.protocol)
    at, via = facing.label, written(sender.outside.via)
    if sender.site and sender.behind_nat:
        yield Hop(at, sender.router, "outside", packet, via)
        translated = _nat_path.outbound(packet, sender.site.rules.outbound)
        if translated is None:
            raise _NoWay(f"the {sender.router} has no static outbound rule for {packet.source}")
        at, packet = sender.router, translated
    if receiver.owns(packet.destination):
        raise _NoWay(
            f"{packet.destination} is an address of the inside of {receiver.name}: from outside nothing leads there"
        )
    if receiver.site and receiver.behind_nat:
        yield Hop(at, receiver.router, "outside", packet, via)
        at, packet = receiver.router, _translated(packet, receiver.site, receiver.router)
    stations = receiver.way_in(packet.destination, packet.destination_port)
    if not stations:
        end = socket(packet.destination, packet.destination_port)
        raise _NoWay(f"{receiver.transport} to {end}: nothing of {receiver.name} listens there")
    yield Hop(at, stations[0].label, "outside", packet, via)
    yield from _within(receiver, "receiver", stations)


def _translated(packet: Packet, site: Site, router: str) -> Packet:
    translated = _nat_path.inbound(packet, site.rules.inbound)
    if translated is None:
        end = socket(packet.destination, packet.destination_port)
        raise _NoWay(f"the {router} has no inbound rule for {packet.protocol} {end}")
    return translated


def _within(party: Party, zone: Zone, stations: Sequence[Station]) -> Iterator[Hop]:
    """From station to station inside a side; each is the next one's Via."""
    for here, following in pairwise(stations):
        packet = Packet(here.address, _source_port(here, party), following.address, following.port, party.protocol)
        yield Hop(here.label, following.label, zone, packet, socket(here.address, here.port))


def _source_port(station: Station, party: Party) -> int:
    """UDP leaves from the port that the answer is awaited on; a connection from any."""
    return station.port if party.transport == "udp" else ANY_PORT


def _routes(face: Face) -> tuple[str, ...]:
    return (written(face.record_route),) if face.record_route else ()


def _invite(way: _Way, caller: Party, called: Party, dialled: Endpoint) -> Walk:
    def headers(zone: Zone) -> Headers:
        face = caller.inside if zone == "sender" else caller.outside
        record_route = () if zone == "sender" else _routes(face)
        if zone == "receiver":
            record_route = (*_routes(called.inside), *record_route)
        uri = called.inside.contact if zone == "receiver" else dialled
        return Headers(written(uri), (), record_route, written(face.contact), face.sdp)

    title = f"INVITE of {caller.name} to {called.name}"
    return Walk(title, _with(headers, way.hops), "ends here" if way.problem else "arrives", way.problem)


def _answer(way: _Way, caller: Party, called: Party) -> Walk:
    """The answer goes back by the Vias: on the connection of the request, and for UDP to the address that it came from,
    but to the port that Via names (RFC 3261 18.2.2)."""

    def headers(zone: Zone) -> Headers:
        face = called.inside if zone == "receiver" else called.outside
        other = caller.inside if zone == "sender" else caller.outside
        return Headers("", (), (*_routes(face), *_routes(other)), written(face.contact), face.sdp)

    back = [
        replace(hop, sender=hop.receiver, receiver=hop.sender, packet=hop.packet.reply()) for hop in reversed(way.hops)
    ]
    title = f"200 of {called.name} to {caller.name}"
    if caller.transport != "udp":
        return Walk(title, _with(headers, back), "arrives", "on the connection of the INVITE")
    sent = _by_datagram(back, caller)
    return Walk(title, _with(headers, sent.hops), "ends here" if sent.problem else "arrives", sent.problem)


def _by_datagram(back: Sequence[Hop], caller: Party) -> _Way:
    """The router passes it on when the port in Via is the one that the INVITE left from, which it remembers, or when a
    rule leads from there to where the INVITE came from."""
    for number, (hop, following) in enumerate(pairwise(back)):
        if caller.site and caller.behind_nat and hop.receiver == caller.router:
            packet = replace(hop.packet, destination_port=caller.outside.via.port)
            sent = (*back[:number], replace(hop, packet=packet))
            if packet == hop.packet or _nat_path.inbound(packet, caller.site.rules.inbound) == following.packet:
                return _Way((*sent, *back[number + 1 :]), "")
            known = hop.packet.destination_port
            via = written(caller.outside.via)
            return _Way(
                sent, f"Via says {via}, and the {caller.router} knows port {known} from the INVITE and has no rule"
            )
    return _Way(tuple(back), "")


def _in_dialog(caller: Party, called: Party) -> Walk:
    """The called side's own request goes to the first Route that is not its own, else to Contact."""
    target = caller.outside.record_route or caller.outside.contact

    def headers(zone: Zone) -> Headers:
        route = () if zone == "receiver" else _routes(caller.outside)
        if zone == "sender":
            route = (*_routes(called.inside), *route)
        uri = caller.inside.contact if zone == "receiver" else caller.outside.contact
        return Headers(written(uri), route)

    way = _way(called, caller, target)
    title = f"BYE of {called.name} to {caller.name}"
    outcome: Outcome = "arrives"
    if way.problem:
        outcome = "ends here" if called.transport == "udp" else "only on the open connection"
    return Walk(title, _with(headers, way.hops), outcome, way.problem)


def _with(headers: Callable[[Zone], Headers], hops: Iterable[Hop]) -> tuple[Hop, ...]:
    return tuple(replace(hop, headers=headers(hop.zone)) for hop in hops)
