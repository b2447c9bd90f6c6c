"""`db2_config`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

OPTIONS: dict[str, Any] = {
    "database": "stgw",
    "instance": "db2inst1",
    "parameters": {"locktimeout": 30, "LOCKLIST": "AUTOMATIC"},
}


def read(timeout: str, lock_list: str = "AUTOMATIC(50)") -> Answer:
    return Answer("db2_config_read", f"exists=1\nconfig.LOCKTIMEOUT={timeout}\nconfig.LOCKLIST={lock_list}\n")


def test_what_db2_calculates_is_as_it_should_be(run_module: RunModule) -> None:
    run = run_module("db2_config", OPTIONS, [read("30")])
    assert run.result["changed"] is False


@pytest.mark.parametrize(("said", "waits"), [("DB20000I\n", False), ("DB20000I\nSQL1363W  One or more\n", True)])
def test_only_what_differs_is_changed_by_one_command(run_module: RunModule, said: str, waits: bool) -> None:
    run = run_module("db2_config", OPTIONS, [read("-1"), Answer("db2_run", "", said), read("30")])
    assert run.sent[1][1]["commands"] == ["db2 update db cfg for STGW using LOCKTIMEOUT 30", "db2 terminate"]
    assert run.result["reactivation_required"] is waits


def test_before_there_is_a_database(run_module: RunModule) -> None:
    run = run_module("db2_config", OPTIONS, [Answer("db2_config_read", "")], check=True)
    assert run.result["changed"] is True
    with pytest.raises(AnsibleActionFail, match="database: the instance db2inst1 has no STGW"):
        run_module("db2_config", OPTIONS, [Answer("db2_config_read", "")])


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"LOCKTIMEOUT": "30; drop"}, "parameters.LOCKTIMEOUT"),
        ({"LOCK TIMEOUT": 30}, "parameters.LOCK TIMEOUT"),
    ],
)
def test_what_could_be_a_command_is_refused(run_module: RunModule, parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("db2_config", {**OPTIONS, "parameters": parameters})


def test_an_unknown_parameter_is_named(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match=r"parameters\.LOCKTIME: a database of this DB2 has no such"):
        run_module("db2_config", {**OPTIONS, "parameters": {"LOCKTIME": 30}}, [read("30")])
