# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The environment of a NAT plan as a picture: sites behind a NAT left, then the public network, then everybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ._nat_cards import (
    GAP,
    INSIDE,
    INWARDS,
    OUTWARDS,
    QUIET,
    SMALL,
    TITLE,
    Drawn,
    Machine,
    Place,
    SiteCards,
    draw_stranger,
)
from ._nat_read import socket
from ._nat_site import Site, sites_of
from ._svg import Canvas, Line, Paint, Room, Style, elbow

WIDTH, MARGIN, LANE, BUS = 1200, 24, 56, 20
"""Of the picture, of its edge, of the space for lines between boxes, of the public network."""
WIDTHS = {"beside others": (420, 290), "alone": (560, 428)}
"""Of a site behind a NAT and of its router."""
DASHES = {OUTWARDS: "7 4"}
"""Colour alone does not tell lines apart."""


def diagram(
    sites: Sequence[Mapping[str, Any]],
    plan: Mapping[str, Any],
    machines: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> str:
    """SVG, 1200 pixels wide. `sites` are the input of `_nat_plan.plan`, `plan` is what it made of them.

    `machines` tells by site of further hosts, and more of those that the plan knows: host, title, model, address, and
    router, true for the router.
    """
    known = {name: [Machine.of(one) for one in some] for name, some in (machines or {}).items()}
    return _Picture(sites_of(sites), plan, known).svg()


class _Picture:
    """From top to bottom: heading, the sites in two columns, who dials what, legend and findings."""

    def __init__(
        self, sites: Sequence[Site], plan: Mapping[str, Any], machines: Mapping[str, Sequence[Machine]]
    ) -> None:
        self._sites = sites
        self._plan = plan
        self._machines = machines
        self._canvas = Canvas(WIDTH, (INWARDS, OUTWARDS, INSIDE))
        behind = [site for site in sites if site.behind_nat]
        alone = len(behind) == len(sites) and not self._strangers()
        self._site_width, self._router_width = WIDTHS["alone" if alone else "beside others"]
        self._bus = MARGIN + self._site_width + LANE + self._router_width + LANE if behind else MARGIN

    def svg(self) -> str:
        title = "Sametime Gateway: " + ", ".join(site.name for site in self._sites)
        top = self._canvas.text(Room(MARGIN, MARGIN / 2, WIDTH - 2 * MARGIN), [(title, Style(20, bold=True))]) + GAP
        label = Room(max(self._bus - LANE + GAP, MARGIN), top, 2 * LANE)
        top = self._canvas.text(label, [("public network", QUIET)]) + GAP / 2
        left = right = top
        for site in self._sites:
            if site.behind_nat:
                left = self._behind_nat(site, left) + 2 * GAP
            else:
                right = self._open(site, right) + 2 * GAP
        for name, listens in self._strangers().items():
            drawn = draw_stranger(self._canvas, name, listens, self._right(right))
            self._tie_open(drawn.hosts.values())
            right = drawn.bottom + 2 * GAP
        bottom = max(left, right) - 2 * GAP
        self._canvas.box(Room(self._bus, top, BUS), bottom, Paint("areas", "#e3e7ec", "#9aa7b4"))
        self._explain(bottom + 2 * GAP)
        return self._canvas.svg(title, self._description(), MARGIN)

    def _right(self, top: float) -> Room:
        left = self._bus + BUS + LANE
        return Room(left, top, WIDTH - MARGIN - left)

    def _behind_nat(self, site: Site, top: float) -> float:
        cards = SiteCards(self._canvas, site, self._machines.get(site.name, ()))
        cards.site(Room(MARGIN, top, self._site_width))
        cards.router(Room(MARGIN + self._site_width + LANE, top, self._router_width))
        self._tie_inside(site, cards.drawn)
        self._tie_inbound(site, cards.drawn)
        self._tie_outbound(site, cards.drawn)
        return cards.drawn.bottom

    def _open(self, site: Site, top: float) -> float:
        cards = SiteCards(self._canvas, site, self._machines.get(site.name, ()))
        cards.site(self._right(top))
        self._tie_inside(site, cards.drawn)
        self._tie_open(cards.drawn.listeners[one.host, one.kind] for one in site.entry_points)
        return cards.drawn.bottom

    def _tie_inside(self, site: Site, drawn: Drawn) -> None:
        """Every node talks to every SIP proxy, where they stand beside each other, and the SIP NAT proxy to what it
        hands over to; on the same host that is drawn already."""
        for node in site.nodes:
            for proxy in site.upstreams:
                here, there = drawn.hosts[node.host], drawn.listeners[proxy.host, proxy.kind]
                if here.right < there.left:
                    points = elbow((here.right, here.middle), (there.left, there.middle), here.right + 2 * GAP)
                    self._canvas.line(points, INSIDE, both=True)
        for front in site.nat_proxies:
            for behind in site.upstreams:
                if front.host != behind.host:
                    here, there = drawn.listeners[front.host, front.kind], drawn.listeners[behind.host, behind.kind]
                    ends = (here.left, here.middle + GAP), (there.left, there.middle + GAP)
                    self._canvas.line(elbow(*ends, drawn.hosts[front.host].left - GAP / 2), INSIDE, both=True)

    def _tie_inbound(self, site: Site, drawn: Drawn) -> None:
        for lane, (rule, place) in enumerate(drawn.inbound):
            self._canvas.line([(self._bus, place.middle), (place.right, place.middle)], INWARDS)
            for one in site.listeners:
                if one.listens(rule.private_address, rule.private_port, site.transport):
                    end = drawn.listeners[one.host, one.kind]
                    points = elbow((place.left, place.middle), (end.right, end.middle - 6), self._lane(lane))
                    self._canvas.line(points, INWARDS)

    def _tie_outbound(self, site: Site, drawn: Drawn) -> None:
        for lane, (rule, place) in enumerate(drawn.outbound, start=len(drawn.inbound)):
            self._leaving((place.right, place.middle), (self._bus, place.middle))
            for one in site.entry_points:
                if one.address == rule.private_address:
                    begin = drawn.listeners[one.host, one.kind]
                    points = elbow((begin.right, begin.middle + 6), (place.left, place.middle), self._lane(lane))
                    self._leaving(*points)

    def _leaving(self, *points: tuple[float, float]) -> None:
        self._canvas.line(points, OUTWARDS, dash=DASHES[OUTWARDS])

    def _lane(self, number: int) -> float:
        """Lines that change their height have a place of their own each, as far as there is room."""
        return MARGIN + self._site_width + 10 + 9 * (number % 5)

    def _tie_open(self, places: Iterable[Place]) -> None:
        for place in places:
            bus = self._bus + BUS
            self._canvas.line([(place.left, place.middle - 6), (bus, place.middle - 6)], INWARDS)
            self._leaving((bus, place.middle + 6), (place.left, place.middle + 6))

    def _strangers(self) -> dict[str, str]:
        """Partners who are not in the plan, and where they listen."""
        return {
            partner["name"]: f"{partner['transport']} {_socket(partner)}"
            for site in self._plan["sites"].values()
            for partner in site["partners"]
            if partner["site"] is None
        }

    def _explain(self, top: float) -> None:
        """Below the sites: what is dialled and said, what the lines mean, and what is wrong."""
        half = (WIDTH - 2 * MARGIN - LANE) / 2
        lines = [(line, SMALL) for line in self._calls()]
        self._canvas.text(Room(MARGIN, top, half), [("Who dials and says what", TITLE), *lines])
        left = MARGIN + half + LANE
        top = self._canvas.text(Room(left, top, half), [("Lines", TITLE)])
        for color, text in (
            (INWARDS, "to a site behind a NAT: its router changes the destination"),
            (OUTWARDS, "from a site behind a NAT: its router changes the source"),
            (INSIDE, "within a site: no router between"),
        ):
            ends = [(left, top + 10), (left + 44, top + 10)]
            self._canvas.line(ends, color, both=color == INSIDE, dash=DASHES.get(color, ""))
            top = self._canvas.text(Room(left + LANE, top, half - LANE), [(text, SMALL)])
        found: dict[str, dict[str, None]] = {}
        for finding in self._plan["findings"]:
            found.setdefault(finding["severity"], {})[finding["id"]] = None
        listed: list[Line] = [(f"{severity}: {', '.join(ids)}", SMALL) for severity, ids in found.items()]
        self._canvas.text(Room(left, top + GAP, half), [("Findings", TITLE), *(listed or [("none", SMALL)])])

    def _calls(self) -> list[str]:
        lines = []
        for name, site in self._plan["sites"].items():
            for partner in site["partners"]:
                there = f"{_socket(partner)} ({partner['address']}), {partner['transport']}: {partner['name']}"
                by_proxy = f"{_socket(partner['connection'])}, its SIP NAT proxy, for " if site["nat_proxy"] else ""
                lines.append(f"{name} dials {by_proxy}{there}")
                ours = site["contact"]
                if partner["site"] is None and ours:
                    lines.append(f"{partner['name']} dials {_socket(ours)}, {ours['transport']}")
            if site["behind_nat"]:
                lines += [f"{one['entry_point']} says {_socket(one)} in {one['header']}" for one in site["advertised"]]
        return lines

    def _description(self) -> str:
        """The whole picture in words."""
        parts = []
        for site in self._sites:
            hosts = {one.host: one.address for one in site.nodes} | {one.host: one.address for one in site.listeners}
            listed = ", ".join(f"{host} {address}" for host, address in hosts.items())
            parts.append(f"{site.name}, {site.kind}, {'behind a NAT' if site.behind_nat else 'no NAT'}: {listed}.")
            for rule in site.rules.inbound:
                public, private = (rule.public_address, rule.public_port), (rule.private_address, rule.private_port)
                parts.append(f"Inbound {rule.protocol} {socket(*public)} goes to {socket(*private)}.")
            parts += [
                f"Outbound {one.private_address} leaves as {', '.join(map(str, one.public_addresses))}."
                for one in site.rules.outbound
            ]
        return " ".join([*parts, *(f"{line}." for line in self._calls())])


def _socket(endpoint: Mapping[str, Any]) -> str:
    return socket(endpoint["host"], endpoint["port"])
