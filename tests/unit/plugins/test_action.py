"""What every action does around its own work."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from plugins.plugin_utils._action import TargetAction
from plugins.plugin_utils._target import Target


class Action(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {"argument_spec": {"password": {"type": "str", "no_log": True}}}

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        if options["password"] == "wrong":
            raise AnsibleActionFail(target.mask("refused: wrong"), result={"operations": ["tried"]})
        return {"changed": False, "platform": target.platform}


@pytest.fixture
def action(monkeypatch: pytest.MonkeyPatch) -> Action:
    monkeypatch.setattr(ActionBase, "run", lambda *_: {})
    made = Action.__new__(Action)
    made._task = SimpleNamespace(check_mode=True, args={}, action="x")
    made._connection = SimpleNamespace(_shell=SimpleNamespace())
    return made


def test_a_failure_is_returned_so_that_until_and_failed_when_can_judge_it(
    action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Action, "validate_argument_spec", lambda *_, **__: (None, {"password": "wrong"}))
    assert action.run() == {"failed": True, "msg": "refused: ********", "operations": ["tried"]}


@pytest.mark.parametrize(("shell", "platform"), [({}, "unix"), ({"_IS_WINDOWS": True}, "windows")])
def test_the_connection_tells_the_platform(
    action: Action, monkeypatch: pytest.MonkeyPatch, shell: dict[str, bool], platform: str
) -> None:
    monkeypatch.setattr(Action, "validate_argument_spec", lambda *_, **__: (None, {"password": "right"}))
    action._connection._shell = SimpleNamespace(**shell)
    assert action.run() == {"changed": False, "platform": platform}
    assert action.check is True
