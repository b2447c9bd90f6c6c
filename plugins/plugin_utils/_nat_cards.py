# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The parts of the diagram of a NAT plan: hosts, routers and sites as boxes, and where lines may be tied to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ._nat_party import KINDS
from ._nat_read import socket
from ._nat_router import InboundRule, OutboundRule
from ._nat_site import EntryPoint, Site
from ._svg import INK, Canvas, Line, Paint, Room, Style

INWARDS, OUTWARDS, INSIDE, WRONG, MUTED = "#1d5fa6", "#2a7a3b", "#6b7785", "#b3261e", "#52606d"

TITLE, NAME, SMALL, QUIET = Style(16, bold=True), Style(13, bold=True), Style(12), Style(12, color=MUTED)
ADDRESS, PROBLEM = Style(12, mono=True), Style(12, bold=True, color=WRONG)
BEHIND, OPEN = Paint("areas", "#f1f5fa", "#b9c4cf"), Paint("areas", "#f5f8f2", "#b9c4cf")
ROUTER = Paint("areas", "#fff7e8", "#d9b45b")
HOST, FRAME, OTHER = (
    Paint("boxes", "#ffffff", INK),
    Paint("frames", "#ffffff", INK),
    Paint("boxes", "#fbfcfd", "#cfd8e0"),
)
LISTENER = Paint("boxes", "#e6eef8", "#7f97b2")

PAD, GAP = 10, 12
"""Inside a box, and between boxes; pixels."""
BROAD = 360
"""From this width on a site has two columns."""


@dataclass(frozen=True)
class Machine:
    """A host of a site: what it is besides what the plan says of it."""

    host: str
    title: str
    model: str
    address: str
    router: bool

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Machine:
        texts = {key: str(value.get(key) or "") for key in ("host", "title", "model", "address")}
        return cls(router=bool(value.get("router")), **texts)


@dataclass(frozen=True)
class Place:
    """Where lines meet a box."""

    left: float
    right: float
    middle: float


@dataclass
class Drawn:
    """What was drawn: by host its box, by host and kind the listener, by rule its part of the router."""

    bottom: float = 0.0
    hosts: dict[str, Place] = field(default_factory=dict)
    listeners: dict[tuple[str, str], Place] = field(default_factory=dict)
    inbound: list[tuple[InboundRule, Place]] = field(default_factory=list)
    outbound: list[tuple[OutboundRule, Place]] = field(default_factory=list)


class SiteCards:
    """Draws one site, and its router; `drawn` says where everything is."""

    def __init__(self, canvas: Canvas, site: Site, machines: Sequence[Machine]) -> None:
        self.drawn = Drawn()
        self._canvas = canvas
        self._site = site
        self._machines = {machine.host: machine for machine in machines}

    def site(self, room: Room) -> None:
        """Nodes beside what partners reach, or below it where there is no room; other machines at the end."""
        site, inner = self._site, room.inner(PAD)
        networks = ", ".join(str(network) for network in site.networks)
        head: list[Line] = [(site.name, TITLE), (f"{site.kind}, {networks or 'not behind a NAT'}", QUIET)]
        start = self._canvas.text(inner, head) + GAP
        broad = room.width > BROAD
        column = (inner.width - 4 * GAP) / 2 if broad else inner.width
        columns = [inner.left, inner.right - column] if broad else [inner.left]
        below = start
        for host in dict.fromkeys(one.host for one in site.listeners):
            below = self._entry_host(host, Room(columns[-1], below, column)) + GAP
        beside = start if broad else below
        for node in site.nodes:
            if node.host not in self.drawn.hosts:
                lines = self._lines(node.host, str(node.address))
                beside = self._host(node.host, lines, Room(inner.left, beside, column), HOST) + GAP
        bottom = max(below, beside)
        others = [one for one in self._machines.values() if one.host not in self.drawn.hosts and not one.router]
        for at in range(0, len(others), len(columns)):
            ends = [
                self._host(one.host, self._lines(one.host, one.address), Room(left, bottom, column), OTHER)
                for left, one in zip(columns, others[at:], strict=False)
            ]
            bottom = max(ends) + GAP
        self._canvas.box(room, bottom, BEHIND if site.behind_nat else OPEN)
        self.drawn.bottom = bottom

    def router(self, room: Room) -> None:
        """The router with its rules."""
        rules, inner = self._site.rules, room.inner(PAD)
        machine = next((one for one in self._machines.values() if one.router), None)
        head: list[Line] = [(machine.title if machine and machine.title else f"Router of {self._site.name}", TITLE)]
        if machine:
            head.append((", ".join(part for part in (machine.host, machine.model) if part), QUIET))
        if rules.sip_alg:
            head.append(("its SIP helper is on", PROBLEM))
        bottom = self._canvas.text(inner, head) + GAP
        for rule in rules.inbound:
            place, bottom = self._rule(_inbound(self._site, rule), INWARDS, Room(inner.left, bottom, inner.width))
            self.drawn.inbound.append((rule, place))
        for one in rules.outbound:
            place, bottom = self._rule(_outbound(self._site, one), OUTWARDS, Room(inner.left, bottom, inner.width))
            self.drawn.outbound.append((one, place))
        missing = [name for name, some in (("inbound", rules.inbound), ("outbound", rules.outbound)) if not some]
        for name in missing:
            bottom = self._canvas.text(Room(inner.left, bottom, inner.width), [(f"no {name} rule", PROBLEM)]) + GAP
        self._canvas.box(room, bottom, ROUTER)
        self.drawn.bottom = max(self.drawn.bottom, bottom)

    def _lines(self, host: str, address: str) -> list[Line]:
        machine = self._machines.get(host)
        lines: list[Line] = [(host, NAME)]
        if machine and machine.title:
            lines.append((machine.title, QUIET))
        return [*lines, (address, ADDRESS)] if address else lines

    def _host(self, host: str, lines: Sequence[Line], room: Room, paint: Paint) -> float:
        bottom = self._canvas.text(room.inner(PAD), lines) + PAD / 2
        self._canvas.box(room, bottom, paint)
        self.drawn.hosts[host] = Place(room.left, room.right, (room.top + bottom) / 2)
        return bottom

    def _entry_host(self, host: str, room: Room) -> float:
        """A host with what listens on it for the transport in use, the SIP NAT proxy first."""
        listeners = [one for one in self._site.listeners if one.host == host]
        inner = room.inner(PAD)
        bottom = self._canvas.text(inner, self._lines(host, str(listeners[0].address))) + PAD / 2
        above: Place | None = None
        for one in sorted(listeners, key=lambda one: one.kind != "nat_proxy"):
            top = bottom if above is None else bottom + 2 * GAP
            here = Room(inner.left, top, inner.width)
            bottom = self._canvas.text(here.inner(PAD), _listener(self._site, one)) + PAD / 2
            self._canvas.box(here, bottom, LISTENER)
            if above:
                middle = (here.left + here.right) / 2
                self._canvas.line([(middle, top - 2 * GAP), (middle, top)], INSIDE, both=True)
            above = Place(here.left, here.right, (top + bottom) / 2)
            self.drawn.listeners[host, one.kind] = above
        bottom += PAD
        self._canvas.box(room, bottom, FRAME)
        self.drawn.hosts[host] = Place(room.left, room.right, (room.top + bottom) / 2)
        return bottom

    def _rule(self, lines: Sequence[Line], color: str, room: Room) -> tuple[Place, float]:
        bottom = self._canvas.text(room.inner(PAD), lines) + PAD / 2
        self._canvas.box(room, bottom, Paint("boxes", "#ffffff", color))
        return Place(room.left, room.right, (room.top + bottom) / 2), bottom + GAP


def draw_stranger(canvas: Canvas, name: str, listens: str, room: Room) -> Drawn:
    """A partner of whom only the address is known."""
    start = canvas.text(room.inner(PAD), [(name, TITLE), ("not in this plan", QUIET)]) + GAP
    inside = Room(room.left + PAD, start, room.width - 2 * PAD)
    end = canvas.text(inside.inner(PAD), [("gateway", SMALL), (listens, ADDRESS)]) + PAD / 2
    canvas.box(inside, end, LISTENER)
    canvas.box(room, end + PAD, OPEN)
    return Drawn(end + PAD, hosts={name: Place(inside.left, inside.right, (start + end) / 2)})


def _listener(site: Site, one: EntryPoint) -> list[Line]:
    port = one.ports.get(site.transport)
    listens: Line = (f"{site.transport} {port}", ADDRESS) if port else (f"no {site.transport}", PROBLEM)
    return [(KINDS[one.kind], SMALL), listens]


def _inbound(site: Site, rule: InboundRule) -> list[Line]:
    lines: list[Line] = [
        ("Inbound", Style(12, bold=True, color=INWARDS)),
        (rule.name, SMALL),
        (f"{rule.protocol} {socket(rule.public_address, rule.public_port)}", ADDRESS),
        (f"goes to {socket(rule.private_address, rule.private_port)}", ADDRESS),
    ]
    target = (rule.private_address, rule.private_port, site.transport)
    if not any(one.listens(*target) for one in site.listeners):
        lines.append((f"nothing listens there for {site.transport}", PROBLEM))
    return lines


def _outbound(site: Site, rule: OutboundRule) -> list[Line]:
    lines: list[Line] = [
        ("Outbound", Style(12, bold=True, color=OUTWARDS)),
        (rule.name, SMALL),
        (f"from {rule.private_address}", ADDRESS),
        (f"leaves as {', '.join(str(address) for address in rule.public_addresses)}", ADDRESS),
    ]
    if not rule.static:
        lines.append(("not one fixed address with the same port", PROBLEM))
    if rule.private_address not in {one.address for one in site.listeners}:
        lines.append(("no entry point has that address", PROBLEM))
    return lines
