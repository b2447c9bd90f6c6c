"""`sametime_client`."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

SAY = ["alice@rtp.example", "say", "bob@partner.example", "good morning", 10]
SAID = "found=1\ncommand=1\nsaid=sent=no\nsaid=reason=a=b\nexit=1\ncommand=2\nexit=0\n"


def test_each_call_has_its_answer(run_module: RunModule) -> None:
    options = {"program": "/opt/stclient/stclient", "commands": [SAY, ["alice@rtp.example", "close", "b@c"]]}
    run = run_module("sametime_client", options, [Answer("sametime_client", SAID)])
    sent = ["alice@rtp.example\tsay\tbob@partner.example\tgood morning\t10", "alice@rtp.example\tclose\tb@c"]
    assert run.sent == [("sametime_client", {"program": "/opt/stclient/stclient", "commands": sent})]
    assert run.result["found"]
    assert not run.result["changed"]
    assert [(answer["said"], answer["exit"]) for answer in run.result["answers"]] == [
        (["sent=no", "reason=a=b"], 1),
        ([], 0),
    ]


def test_a_host_without_the_program_is_no_failure(run_module: RunModule) -> None:
    options = {"program": r"C:\stclient\stclient.exe", "commands": [SAY]}
    run = run_module("sametime_client", options, [Answer("sametime_client", "")], platform="windows")
    assert run.result == {"changed": False, "found": False, "answers": []}


def test_calls_that_were_not_made_are_one(run_module: RunModule) -> None:
    options = {"program": "/opt/stclient/stclient", "commands": [SAY, SAY, SAY]}
    with pytest.raises(AnsibleActionFail, match="2 of 3 calls"):
        run_module("sametime_client", options, [Answer("sametime_client", SAID)])


@pytest.mark.parametrize("word", ["", 'say "hello"', "%PATH%", "two\nlines", "a\ttab"])
def test_words_that_a_shell_would_take_apart_are_refused(run_module: RunModule, word: str) -> None:
    with pytest.raises(AnsibleActionFail, match=r"commands\[0\]"):
        run_module("sametime_client", {"program": "/opt/stclient/stclient", "commands": [["a", word]]})


def test_nothing_is_sent_in_check_mode(run_module: RunModule) -> None:
    run = run_module("sametime_client", {"program": "/opt/stclient/stclient", "commands": [SAY]}, check=True)
    assert run.result["skipped"]
    assert run.sent == []


def test_a_relative_program_is_refused(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="program"):
        run_module("sametime_client", {"program": "stclient"})
