"""Read, compare, change, prove."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleActionFail

from plugins.plugin_utils._resource import Resource, State, ensure


class Lamp(Resource):
    name = "lamp"

    def __init__(self, state: State, *, works: bool = True) -> None:
        self.state = state
        self.works = works
        self.changes = 0

    def read(self) -> State:
        return dict(self.state)

    def wanted(self, current: State) -> State:
        return {**current, "lit": True}

    def change(self, current: State, wanted: State) -> list[str]:
        self.changes += 1
        if self.works:
            self.state = {**wanted, "colour": "white"}
        return ["switch on"]


def test_a_wanted_state_is_left_alone() -> None:
    lamp = Lamp({"lit": True})
    assert ensure(lamp, check=False)["changed"] is False
    assert lamp.changes == 0


def test_a_change_is_told_done_and_read_again() -> None:
    lamp = Lamp({})
    result = ensure(lamp, check=False)
    assert result == {
        "changed": True,
        "diff": {"before_header": "lamp", "after_header": "lamp", "before": "", "after": "lit: true\n"},
        "operations": ["switch on"],
        "state": {"lit": True, "colour": "white"},
    }


def test_check_mode_tells_and_does_nothing() -> None:
    lamp = Lamp({"lit": False})
    result = ensure(lamp, check=True)
    assert (result["changed"], result["operations"], lamp.changes) == (True, [], 0)
    assert (result["diff"]["before"], result["diff"]["after"]) == ("lit: false\n", "lit: true\n")


def test_a_change_without_effect_fails() -> None:
    with pytest.raises(AnsibleActionFail, match="lamp: the change did not take effect: lit is False, wanted True"):
        ensure(Lamp({"lit": False}, works=False), check=False)
