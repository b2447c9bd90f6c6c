"""The scenario's two open questions, put to a SIP client of somebody else's through the router of the lab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lab.settings import REPOSITORY
from plugins.plugin_utils._nat_plan import plan
from tests.lab.conftest import Lab
from tests.lab.nat import cases
from tests.lab.nat.bench import Bench, bench
from tests.lab.nat.cases import Case

CASES = {case.name: case for case in cases.load()}
_TRIES = 3

each_case = pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.name)


@pytest.fixture(scope="module")
def calls(empty_lab: Lab) -> Iterator[Bench]:
    """Both gateways and the router of a lab that is up."""
    if empty_lab("status").returncode:
        empty_lab.ok("up")
    with bench(empty_lab) as ready:
        yield ready


@each_case
def test_calls_turn_out_as_stated(calls: Bench, case: Case) -> None:
    calls.load(case)
    found: dict[tuple[str, str], str] = {}
    for (kind, reading), expected in case.expected().items():
        # A slow machine may be slower than a time-out; no other try makes a call work that cannot.
        for _ in range(_TRIES):
            calls.forget()
            found[kind, reading] = calls.call(case, kind, reading)
            if found[kind, reading] == expected:
                break
    assert found == case.expected()


@each_case
def test_the_plan_says_the_same(case: Case) -> None:
    findings = {
        finding["id"]: finding["severity"]
        for finding in plan(case.sites())["findings"]
        # The scenario's names have underscores, which is another matter.
        if finding["severity"] != "info" and finding["id"] != "name-illegal"
    }
    assert findings == case.findings
    if set(case.expected().values()) == {"works"}:
        assert "error" not in findings.values()
    else:
        assert findings


def test_a_translation_outlives_its_rule(calls: Bench) -> None:
    """UDP: what the router remembers of a partner is followed until nothing has come for some time, or it is told to
    forget."""
    before, after = CASES["udp-equal-mapped"], CASES["udp-shifted-mapped"]
    calls.load(before)
    calls.forget()
    assert calls.call(before, "inbound_lenient", "via") == "works"
    calls.load(after)
    assert calls.call(after, "inbound_lenient", "via") == "unanswered"
    calls.forget()
    assert calls.call(after, "inbound_lenient", "via") == "works"


def test_the_documentation_has_every_case() -> None:
    page = (REPOSITORY / "docs/nat.md").read_text("utf-8")
    assert "\n".join(cases.rows(list(CASES.values()))) in page
