"""Which member gets a request."""

from __future__ import annotations

from collections import Counter

import pytest

from lab.products.was.sip import affinity
from lab.products.was.sip.affinity import LogicalName

N, M, O = LogicalName(1, "n_1.RTCGWServer"), LogicalName(2, "m_2.RTCGWServer"), LogicalName(3, "o.RTCGWServer")  # noqa: E741
ALL = {name.member: name.started for name in (N, M, O)}


def test_a_tag_leads_back_to_its_member() -> None:
    for name in (N, M, O):
        assert affinity.owner(affinity.tag(name, 17)) == name
        assert {affinity.choose(ALL, str(call), affinity.tag(name, call)) for call in range(20)} == {name.member}


@pytest.mark.parametrize("tag", [None, "", "of-bob", "local.", "local.1", "local.1_2", "local.1_2_", "local.x_1_n"])
def test_other_tags_lead_nowhere(tag: str | None) -> None:
    assert affinity.owner(tag) is None
    assert affinity.choose(ALL, "call", tag) == affinity.choose(ALL, "call", None)


def test_new_calls_are_spread_and_stay_when_another_member_dies() -> None:
    before = {call: affinity.choose(ALL, call, None) for call in map(str, range(300))}
    assert min(Counter(before.values()).values()) > 60
    left = {name: started for name, started in ALL.items() if name != N.member}
    assert all(affinity.choose(left, call, None) == name for call, name in before.items() if name != N.member)


def test_dialogs_of_a_member_that_is_not_the_same_any_more_go_to_another() -> None:
    tag = affinity.tag(N, 1)
    again = {**ALL, N.member: 99}
    assert all(affinity.choose(again, str(call), tag) != N.member for call in range(20))
    assert affinity.choose({N.member: 99}, "call", tag) == N.member, "alone, it says that it does not know them"
    assert affinity.choose({}, "call", tag) is None
