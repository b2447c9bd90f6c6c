"""`target_service` for units of systemd, and `src.user`."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

UNIT = "[Service]\nExecStart=/usr/bin/true\n"
FULL = {"name": "sipnat", "state": "started", "enabled": True, "systemd": {"unit": UNIT}}
NOTHING = Answer("target_systemd_read", "load=not-found\nactive=inactive\nenabled=\n")
CHANGED = Answer("target_systemd_change")


def read(active: str = "active", enabled: str = "enabled", unit: str = UNIT) -> Answer:
    return Answer("target_systemd_read", f"load=loaded\nactive={active}\nenabled={enabled}\n", unit)


def test_new_unit(run_module: RunModule) -> None:
    run = run_module("target_service", FULL, [NOTHING, CHANGED, read()])
    assert run.result["operations"] == ["write sipnat.service", "enable sipnat", "start sipnat"]
    assert run.sent[1][1] == {
        "name": "sipnat", "folder": "/etc/systemd/system", "stop": False, "start": True, "timeout": 60,
        "define": "write", "unit": UNIT.removesuffix("\n"), "mode": "enable",
    }  # fmt: skip
    assert run_module("target_service", FULL, [read()]).result["changed"] is False


def test_unit_that_failed_does_not_run(run_module: RunModule) -> None:
    run = run_module("target_service", FULL, [read("failed"), CHANGED, read()])
    assert run.result["operations"] == ["start sipnat"]


def test_removed_unit(run_module: RunModule) -> None:
    options = {"name": "sipnat", "state": "absent", "systemd": {}}
    run = run_module("target_service", options, [read(), CHANGED, NOTHING])
    assert run.result["operations"] == ["stop sipnat", "remove sipnat.service", "disable sipnat"]
    assert run.sent[1][1]["define"] == "remove"
    assert run_module("target_service", options, [NOTHING]).result["changed"] is False


def test_unit_that_does_not_exist_cannot_be_started(run_module: RunModule) -> None:
    options = {"name": "sipnat", "state": "started", "systemd": {}}
    with pytest.raises(AnsibleActionFail, match=r"no service 'sipnat'; describe it by systemd\.unit"):
        run_module("target_service", options, [NOTHING])


@pytest.mark.parametrize("name", ["sipnat.service", "a b", "../x"])
def test_name_that_is_none_of_a_unit(run_module: RunModule, name: str) -> None:
    with pytest.raises(AnsibleActionFail, match="is not the name of a unit"):
        run_module("target_service", {**FULL, "name": name})


def test_units_are_linux_only(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="systemd: has no meaning on Windows"):
        run_module("target_service", FULL, platform="windows")


SRC = {"name": "sipnat", "src": {"path": "/opt/freeware/bin/python3", "user": "sipnat"}}
CONSOLES = ":".join(["/dev/console"] * 3)
MADE = f"definition=sipnat:::/opt/freeware/bin/python3:204:0:{CONSOLES}:-O:-Q:-S:0:0:20:15:9:-d:20::\n"


def test_user_of_a_subsystem_by_name(run_module: RunModule) -> None:
    before, after = (Answer("target_service_read", text + "uid=204\n") for text in ("", MADE))
    run = run_module("target_service", SRC, [before, Answer("target_service_change"), after])
    assert run.sent[1][1]["uid"] == 204
    assert run.result["state"]["src"]["uid"] == 204


def test_user_that_is_still_to_be_made(run_module: RunModule) -> None:
    nothing = Answer("target_service_read")
    assert run_module("target_service", SRC, [nothing], check=True).result["state"]["src"]["uid"] == "of sipnat"
    with pytest.raises(AnsibleActionFail, match=r"src\.user: the target has no user 'sipnat'; make it first"):
        run_module("target_service", SRC, [nothing])
