"""`was_service`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import ModuleRun, RunModule
from tests.unit.plugins.fake_target import Answer

ROOT = r"C:\Program Files\IBM\WebSphere\STgateway"
PROFILE = rf"{ROOT}\profiles\RTCGW_Profile"
OPTIONS: dict[str, Any] = {"name": "rtcgw", "root": ROOT, "profile": PROFILE, "server": "RTCGWServer"}
CHANGED = Answer("was_service_change", "", "service successfully added.\n")


def read(mode: str = "Auto", root: str = ROOT) -> Answer:
    command = rf'"{root}\bin\WASService.exe" "IBMWAS61Service - rtcgw"'
    return Answer("target_service_read", f"command={command}\nstart_mode={mode}\nstatus=Running\n")


NONE = Answer("target_service_read", "")


def run(run_module: RunModule, answers: list[Answer], *, check: bool = False, **more: Any) -> ModuleRun:
    return run_module("was_service", {**OPTIONS, **more}, answers, platform="windows", check=check)


def test_a_new_service(run_module: RunModule) -> None:
    done = run(run_module, [NONE, CHANGED, read()])
    assert done.result["operations"] == ["added service IBMWAS61Service - rtcgw"]
    assert done.sent[0][1] == {"name": "IBMWAS61Service - rtcgw"}
    assert done.sent[1][1] == {
        "program": rf"{ROOT}\bin\WASService.exe",
        "arguments": [
            *("-add", "rtcgw", "-serverName", "RTCGWServer", "-profilePath", PROFILE, "-wasHome", ROOT),
            *("-startType", "automatic"),
        ],
    }


def test_the_same_service_is_left_alone(run_module: RunModule) -> None:
    assert run(run_module, [read(root=ROOT.upper())]).result["changed"] is False


def test_another_start_type(run_module: RunModule) -> None:
    done = run(run_module, [read("Manual"), CHANGED, read()])
    assert done.result["operations"] == ["changed service IBMWAS61Service - rtcgw"]


def test_removed(run_module: RunModule) -> None:
    done = run(run_module, [read(), CHANGED, NONE], state="absent")
    assert done.sent[1][1]["arguments"] == ["-remove", "rtcgw"]
    assert done.result["operations"] == ["removed service IBMWAS61Service - rtcgw"]


def test_check_mode_before_the_installation(run_module: RunModule) -> None:
    assert run(run_module, [NONE], check=True).result["changed"] is True


def test_a_service_of_another_installation_is_left_alone(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match=r"is that of another installation: \"C:\\WAS\\bin"):
        run(run_module, [read(root=r"C:\WAS")])


def test_what_the_program_says_when_it_fails(run_module: RunModule) -> None:
    refused = Answer("was_service_change", "", "-profilePath: no profile\n", rc=1)
    with pytest.raises(AnsibleActionFail, match=r"WASService -add rtcgw ended with exit code 1: -profilePath"):
        run(run_module, [NONE, refused])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "a/b"}, "name: 'a/b' cannot be the name of a service"),
        ({"root": "WAS"}, "root: 'WAS' is not an absolute path"),
        ({"profile": "/usr/x"}, "profile: '/usr/x' is not an absolute path"),
    ],
)
def test_bad_options(run_module: RunModule, change: dict[str, Any], said: str) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run(run_module, [], **change)


def test_it_is_for_windows(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="on AIX the module target_service"):
        run_module("was_service", OPTIONS)
