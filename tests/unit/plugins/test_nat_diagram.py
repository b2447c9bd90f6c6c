"""The diagram of a NAT plan: everything is on it, and nothing lies on something else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import pytest

from plugins.plugin_utils._nat_diagram import WIDTH, diagram
from plugins.plugin_utils._nat_plan import plan
from plugins.plugin_utils._svg import Style, text_width, wrapped
from tests.unit.plugins.test_nat_plan import GOOD, SCENARIO, WRONG, changed, good

SVG = "{http://www.w3.org/2000/svg}"
MACHINES: dict[str, list[dict[str, Any]]] = {
    "rtp_cluster": [
        {"host": "natrouter", "title": "NAT router", "model": "Cisco 3620", "router": True},
        {"host": "sipproxy1", "title": "SIP Proxy1", "model": "IBM pSeries 650", "address": "9.42.111.5"},
        {"host": "db2srv1", "title": "DB2 Server1", "address": "9.42.111.6"},
    ]
}


def awkward() -> list[dict[str, Any]]:
    """Names as long and as odd as they may be."""
    sites: list[dict[str, Any]] = good("two_nats")
    long = "-".join(["sametime"] * 6) + "." + ".".join(["a-rather-long-domain"] * 4) + ".example"
    for site in sites:
        site["entry_points"][0] |= {"host": "host" * 12, "name": long}
        for partner in site["partners"]:
            partner["name"] += ' <&> "friends" \x01 \u65e5\u672c\u8a9e'
    return sites


PLANS: dict[str, list[dict[str, Any]]] = {
    "scenario": SCENARIO,
    **{name: good(name) for name in GOOD},
    **{f"wrong {number}": changed(case) for number, case in enumerate(WRONG)},
    "awkward": awkward(),
    "all behind a NAT": [site for site in changed({"of": "two_nats"}) if site.get("router")],
}


def drawn(sites: list[dict[str, Any]], machines: dict[str, Any] | None = None) -> ET.Element:
    return ET.fromstring(diagram(sites, plan(sites), machines))


def texts(root: ET.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def contains(self, other: Box) -> bool:
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom


def box_of_text(text: ET.Element) -> Box:
    """By an estimate of its own: 0.6 of the size for a character, more for what is wide."""
    size, left, base = (float(text.attrib[name]) for name in ("font-size", "x", "y"))
    content = text.text or ""
    wide = sum(1.0 if not character.isascii() else 0.6 for character in content)
    return Box(left, base - 0.8 * size, left + wide * size, base + 0.2 * size)


def box_of(shape: ET.Element) -> Box:
    left, top, width, height = (float(shape.attrib[name]) for name in ("x", "y", "width", "height"))
    return Box(left, top, left + width, top + height)


def points_of(line: ET.Element) -> list[tuple[float, ...]]:
    return [tuple(float(number) for number in point.split(",")) for point in line.attrib["points"].split()]


def boxes(root: ET.Element) -> list[Box]:
    return [box_of(shape) for shape in root.iter(f"{SVG}rect") if "x" in shape.attrib]


@pytest.mark.parametrize("name", PLANS)
def test_no_text_lies_on_another_one_or_outside(name: str) -> None:
    root = drawn(PLANS[name], MACHINES)
    _, _, width, height = (float(number) for number in root.attrib["viewBox"].split())
    assert width == WIDTH
    found = [(box_of_text(text), text.text) for text in root.iter(f"{SVG}text")]
    assert [text for box, text in found if not Box(0, 0, width, height).contains(box)] == []
    assert [(one, other) for (a, one), (b, other) in combinations(found, 2) if a.overlaps(b)] == []


@pytest.mark.parametrize("name", PLANS)
def test_boxes_lie_in_each_other_or_apart_and_text_does_not_cross_their_edges(name: str) -> None:
    root = drawn(PLANS[name], MACHINES)
    shapes = boxes(root)
    for one, other in combinations(shapes, 2):
        assert one.contains(other) or other.contains(one) or not one.overlaps(other)
    for text in (box_of_text(text) for text in root.iter(f"{SVG}text")):
        assert all(shape.contains(text) or not shape.overlaps(text) for shape in shapes)


@pytest.mark.parametrize("name", ["scenario", *GOOD, "awkward"])
def test_no_line_goes_through_text(name: str) -> None:
    root = drawn(PLANS[name], MACHINES)
    words = [(box_of_text(text), text.text) for text in root.iter(f"{SVG}text")]
    for line in root.iter(f"{SVG}polyline"):
        for (x1, y1), (x2, y2) in pairwise(points_of(line)):
            assert x1 == x2 or y1 == y2, "lines are level or upright"
            way = Box(min(x1, x2), min(y1, y2) - 0.5, max(x1, x2), max(y1, y2) + 0.5)
            assert [text for box, text in words if box.overlaps(way)] == []


def test_everything_of_the_scenario_is_on_it() -> None:
    found = texts(drawn(SCENARIO, MACHINES))
    for text in (
        "stgpn1", "9.42.111.2", "stgsn1", "9.42.111.3", "sipproxy1", "SIP Proxy1", "SIP NAT proxy", "tcp 5062",
        "SIP proxy", "tcp 5060", "NAT router", "natrouter, Cisco 3620", "tcp 9.42.124.45:5062",
        "goes to 9.42.111.5:5062", "from 9.42.111.5", "leaves as 9.42.124.46", "rtp_nat.ibm.com",
        "rtp_natpool1.ibm.com", "stgw2", "9.42.124.60",
        "db2srv1", "cluster, 9.42.111.0/24", "standalone, not behind a NAT",
    ):  # fmt: skip
        assert text in found
    assert found.count("sipproxy1") == 1


def ends(root: ET.Element, dashed: bool) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    """First and last point of each line that stands for traffic from (dashed) or to a site behind a NAT."""
    lines = [line for line in root.iter(f"{SVG}polyline") if "marker-start" not in line.attrib]
    points = [points_of(line) for line in lines if ("stroke-dasharray" in line.attrib) == dashed]
    return [(some[0], some[-1]) for some in points]


def part(root: ET.Element, *said: str) -> Box:
    """The smallest box with all these texts in it."""
    places = [box_of_text(text) for text in root.iter(f"{SVG}text") if text.text in said]
    holding = [box for box in boxes(root) if sum(box.contains(place) for place in places) >= len(said)]
    return min(holding, key=lambda box: (box.right - box.left) * (box.bottom - box.top))


def touches(point: tuple[float, ...], box: Box) -> bool:
    return point[0] in (box.left, box.right) and box.top <= point[1] <= box.bottom


def test_the_arrows_go_from_the_rule_to_the_listener_and_back_from_there() -> None:
    root = drawn(SCENARIO)
    proxy, inbound = part(root, "SIP NAT proxy", "tcp 5062"), part(root, "Inbound", "tcp 9.42.124.45:5062")
    outbound = part(root, "Outbound", "from 9.42.111.5")
    assert [1 for start, end in ends(root, dashed=False) if touches(start, inbound) and touches(end, proxy)] == [1]
    assert [1 for start, end in ends(root, dashed=True) if touches(start, proxy) and touches(end, outbound)] == [1]
    gateway = part(root, "gateway", "tcp 5060")
    assert [1 for start, _ in ends(root, dashed=False) if touches(start, gateway)] == [1]
    assert [1 for _, end in ends(root, dashed=True) if touches(end, gateway)] == [1]


def test_a_sip_nat_proxy_is_tied_to_what_it_hands_over_to_on_another_host() -> None:
    root = drawn(GOOD["two_nats"])
    proxy, gateway = part(root, "SIP NAT proxy", "tcp 5060"), part(root, "gateway", "tcp 5060")
    tied = [
        line
        for line in (line for line in root.iter(f"{SVG}polyline") if "marker-start" in line.attrib)
        if touches(points_of(line)[0], proxy) and touches(points_of(line)[-1], gateway)
    ]
    assert len(tied) == 1


def test_a_rule_to_nowhere_is_marked_and_has_no_arrow() -> None:
    root = drawn(changed({"of": "nat_proxy", "set": {"0.router.inbound.0.private_port": 5070}}))
    assert "nothing listens there for tcp" in texts(root)
    inbound = part(root, "Inbound", "goes to 192.0.2.5:5070")
    assert [1 for start, _ in ends(root, dashed=False) if touches(start, inbound)] == []
    assert [1 for _, end in ends(root, dashed=False) if touches(end, inbound)] == [1]


def test_what_is_wrong_with_the_router_is_marked() -> None:
    wrong = {"0.router.outbound.0.overload": True, "0.router.inbound": [], "0.router.sip_alg": True}
    found = " ".join(texts(drawn(changed({"of": "one_address", "set": wrong}))))
    for text in ("its SIP helper is on", "no inbound rule", "not one fixed address with the same port"):
        assert text in found


def test_it_needs_nothing_from_elsewhere_and_can_be_read_aloud() -> None:
    text = diagram(SCENARIO, plan(SCENARIO), MACHINES)
    assert set(re.findall(r"https?://[^\"\s<]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(script|image|foreignObject|use|style)|href=", text)
    root = ET.fromstring(text)
    labels = {label.attrib.get("id"): label.text or "" for label in root}
    assert root.attrib["aria-labelledby"].split() == ["title", "description"]
    assert "rtp_cluster" in labels["title"]
    assert "Inbound tcp 9.42.124.45:5062 goes to 9.42.111.5:5062." in labels["description"]


def test_odd_characters_survive_or_are_replaced() -> None:
    root = drawn(awkward())
    joined = "".join(texts(root))
    assert "<&>" in joined
    assert "\ufffd" in joined
    assert "\x01" not in joined


def test_text_is_broken_to_its_width_and_loses_nothing() -> None:
    style = Style(12)
    text = "a" * 200 + " b.c.d " + "2001:db8:1:2:3:4:5:6"
    lines = wrapped(text, 100, style)
    assert all(text_width(line, style) <= 100 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_it_is_the_same_every_time() -> None:
    assert diagram(SCENARIO, plan(SCENARIO), MACHINES) == diagram(SCENARIO, plan(SCENARIO), MACHINES)
