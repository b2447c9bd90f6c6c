"""Random NAT plans, explained and drawn: what the explanation says agrees with what the plan finds."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from xml.etree import ElementTree as ET

from hypothesis import given

from plugins.plugin_utils._nat_diagram import diagram
from plugins.plugin_utils._nat_explain import explanation
from plugins.plugin_utils._nat_plan import plan
from plugins.plugin_utils._nat_read import NatError
from plugins.plugin_utils._nat_site import sites_of
from plugins.plugin_utils._nat_talk import talks
from tests.unit.plugins.nat_strategies import Sites, changed_sites, right_sites
from tests.unit.plugins.test_nat_diagram import SVG, box_of_text, boxes
from tests.unit.plugins.test_nat_plan_properties import bounded
from tests.unit.plugins.test_nat_walk import private, written


@bounded(100)
@given(right_sites())
def test_in_a_right_plan_every_message_arrives_and_shows_nothing_private(sites: Sites) -> None:
    known = sites_of(sites)
    for talk in talks(known):
        assert [walk.outcome for walk in talk.walks] == ["arrives"] * 3, talk
        outside = [hop for walk in talk.walks for hop in walk.hops if hop.zone == "outside"]
        assert [hop for hop in outside if private(known, written(hop))] == []


def test_no_message_ends_in_a_plan_without_an_error() -> None:
    seen: Counter[str] = Counter()

    @bounded(300)
    @given(changed_sites())
    def check(sites: Sites) -> None:
        try:
            made = plan(sites)
        except NatError:
            return
        text = explanation(sites, made)
        wrong = any(one["severity"] == "error" for one in made["findings"])
        ends = "IT ENDS HERE" in text or "Nobody knows" in text
        seen[f"{'ends' if ends else 'arrives'}, {'an error' if wrong else 'no error'}"] += 1
        assert wrong or not ends, text

    check()
    assert min(seen["ends, an error"], seen["arrives, no error"]) >= 20, seen


@bounded(60)
@given(changed_sites())
def test_whatever_is_drawn_is_readable(sites: Sites) -> None:
    try:
        root = ET.fromstring(diagram(sites, plan(sites)))
    except NatError:
        return
    words = [box_of_text(text) for text in root.iter(f"{SVG}text")]
    assert not any(one.overlaps(other) for one, other in combinations(words, 2))
    shapes = boxes(root)
    assert all(one.contains(two) or two.contains(one) or not one.overlaps(two) for one, two in combinations(shapes, 2))
