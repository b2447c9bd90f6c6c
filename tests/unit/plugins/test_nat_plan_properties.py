"""Random NAT plans: the loop is closed, or the plan says so."""

from __future__ import annotations

import copy
import json
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings

from plugins.plugin_utils._nat_plan import plan
from plugins.plugin_utils._nat_read import NatError
from tests.unit.plugins.nat_loop import Loop
from tests.unit.plugins.nat_strategies import Sites, changed_sites, nonsense, right_sites


def bounded(examples: int) -> settings:
    """The same examples in every run, and no clock that a slow machine could miss."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def excused(site: dict[str, Any], found: list[dict[str, Any]]) -> bool:
    """Requests can ride on the connection that is there: a warning does for declared values on a stream transport."""
    return (
        site["transport"] != "udp"
        and bool(site.get("cell_fqdn") or site.get("sprayers"))
        and any(
            one["site"] == site["name"] and one["id"] in {"advertised-port", "advertised-not-mapped"} for one in found
        )
    )


@bounded(150)
@given(right_sites())
def test_a_right_plan_closes_the_loop_without_an_error(sites: Sites) -> None:
    made = plan(sites)
    assert [one for one in made["findings"] if one["severity"] == "error"] == []
    assert list(Loop(sites, made).faults()) == []


def test_the_loop_is_closed_or_the_plan_has_an_error() -> None:
    seen: Counter[str] = Counter()

    @bounded(1000)
    @given(changed_sites())
    def check(sites: Sites) -> None:
        try:
            made = plan(sites)
        except NatError:
            seen["refused"] += 1
            return
        found = made["findings"]
        faults = list(Loop(sites, made).faults())
        wrong = any(one["severity"] == "error" for one in found)
        seen[f"{'open' if faults else 'closed'}, {'an error' if wrong else 'no error'}"] += 1
        by_name = {site["name"]: site for site in sites}
        excusable = [step == "dialog" and excused(by_name[name], found) for name, step, reason in faults]
        assert wrong or all(excusable), faults

    check()
    # None of these is so rare that the property would be empty.
    assert min(seen[what] for what in ("open, an error", "closed, an error", "closed, no error")) >= 40, seen
    assert seen["open, no error"], seen


@bounded(300)
@given(nonsense())
def test_any_input_is_refused_or_planned_twice_alike_and_stays_as_it_is(sites: Any) -> None:
    before = copy.deepcopy(sites)
    try:
        made = plan(sites)
    except NatError as error:
        assert str(error).startswith("sites") and ";" in str(error)
    else:
        assert plan(sites) == made
        assert json.loads(json.dumps(made)) == made
    assert repr(sites) == repr(before)
