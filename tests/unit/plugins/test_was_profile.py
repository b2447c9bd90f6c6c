"""`was_profile`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer
from tests.unit.plugins.test_was_server import INDEX

ROOT = "/usr/IBM/WebSphere/STgateway"
PATH = f"{ROOT}/profiles/RTCGW_Profile"
OPTIONS: dict[str, Any] = {
    "root": ROOT,
    "name": "RTCGW_Profile",
    "template": "dmgr",
    "cell": "rtpCell",
    "node": "dmNode",
    "host": "rtp-dm.example.com",
    "security": {"user": "wasadmin", "password": "S3cret"},
}


def entry(ticket: str = "false", path: str = PATH, name: str = "RTCGW_Profile") -> str:
    template = f"{ROOT}/profileTemplates/dmgr"
    return (
        f'entry=isAReservationTicket="{ticket}" isDefault="true" name="{name}" path="{path}" template="{template}"/\n'
    )


def read(fields: str = "", blob: str | None = None) -> Answer:
    return Answer("was_profile_read", fields, blob)


THERE = read(f"{entry()}folder=profile\ncell=rtpCell\nnode=dmNode\n", INDEX)
STARTED = Answer("installer_job", "job=started\n")
ENDED = Answer("installer_job", "job=none\n")
NO_JOB = Answer("installer_job", "job=none\n", "")
REMOVED = Answer("was_profile_remove")
EXISTS = "INSTCONFSUCCESS: Success: Profile RTCGW_Profile now exists.\n"


def command(rc: int, blob: str) -> list[Answer]:
    return [STARTED, Answer("installer_job", f"job=done\nrc={rc}\n", blob), ENDED]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def test_an_existing_profile_is_left_alone(run_module: RunModule) -> None:
    run = run_module("was_profile", OPTIONS, [THERE])
    assert run.result["changed"] is False
    assert run.result["state"] == {
        "profile": "complete",
        "path": PATH,
        "template": "dmgr",
        "cell": "rtpCell",
        "node": "dmNode",
        "host": "rtp-dm.example.com",
    }


def test_create(run_module: RunModule) -> None:
    run = run_module("was_profile", OPTIONS, [read(), *command(0, EXISTS), THERE])
    assert run.result["operations"] == ["manageprofiles -create RTCGW_Profile"]
    start = run.sent[1][1]
    expected = (
        f"create\nprofileName=RTCGW_Profile\nprofilePath={PATH}\ntemplatePath={ROOT}/profileTemplates/dmgr\n"
        "cellName=rtpCell\nnodeName=dmNode\nhostName=rtp-dm.example.com\nenableAdminSecurity=true\n"
        "adminUserName=wasadmin\nadminPassword=S3cret'"
    )
    assert f"answers='{expected}" in str(start["response"])
    assert "S3cret" not in str(start["command"]) + str(run.result)


def test_create_with_ports_on_windows(run_module: RunModule) -> None:
    root = r"C:\Program Files\IBM\WebSphere\STgateway"
    options = {
        **OPTIONS, "root": root, "template": "managed", "cell": None, "security": None,
        "ports": {"SOAP_CONNECTOR_ADDRESS": 8879},
    }  # fmt: skip
    path = rf"{root}\profiles\RTCGW_Profile"
    text = f'entry=isAReservationTicket="false" name="RTCGW_Profile" path="{path.upper()}" template="x\\managed" /\n'
    made = read(f"{text}folder=profile\ncell=rtpCell\nnode=dmNode\n", INDEX)
    run = run_module("was_profile", options, [read(), *command(0, EXISTS), made], platform="windows")
    response = str(run.sent[1][1]["response"])
    assert r"profilePath=C:\\Program Files\\IBM\\WebSphere\\STgateway\\profiles\\RTCGW_Profile" in response
    assert "federateLater=true" in response
    assert "enableAdminSecurity" not in response
    assert "$ports = 'SOAP_CONNECTOR_ADDRESS=8879'" in response
    assert r"$folder = 'C:\Windows\Temp\stgw\manageprofiles-create-c-program-files" in response


@pytest.mark.parametrize(
    ("rc", "said", "why"),
    [
        (0, "INSTCONFPARTIALSUCCESS: The profile now exists, but errors occurred.\n", "ended with errors"),
        (1, "INSTCONFFAILED: Cannot create profile.\n", "failed with exit code 1"),
        (0, "\n", "failed with exit code 0"),
    ],
)
def test_the_verdict_is_a_text(run_module: RunModule, rc: int, said: str, why: str) -> None:
    with pytest.raises(AnsibleActionFail, match=rf"{why}; see {ROOT}/logs/manageprofiles/RTCGW_Profile_create.log"):
        run_module("was_profile", OPTIONS, [read(), *command(rc, said)])


def test_a_killed_creation_is_cleaned_up(run_module: RunModule) -> None:
    half = read(f"{entry('true')}folder=profile\n")
    answers = [half, NO_JOB, REMOVED, *command(0, "[RTCGW_Profile]\n"), *command(0, EXISTS), THERE]
    run = run_module("was_profile", OPTIONS, answers)
    assert run.result["operations"] == [
        "removed what an interrupted creation of RTCGW_Profile left",
        "manageprofiles -create RTCGW_Profile",
    ]
    assert run.sent[2][1] == {"path": PATH}
    assert "answers='validateAndUpdateRegistry'" in str(run.sent[3][1]["response"])


def test_a_folder_without_an_entry_is_cleaned_up(run_module: RunModule) -> None:
    answers = [read("folder=profile\n"), NO_JOB, REMOVED, *command(0, EXISTS), THERE]
    run = run_module("was_profile", OPTIONS, answers)
    assert run.result["operations"][0].startswith("removed")


def test_a_creation_at_work_is_waited_for(run_module: RunModule) -> None:
    running = Answer("installer_job", "job=running\n", "")
    ended = Answer("installer_job", "job=done\nrc=0\n", EXISTS)
    run = run_module("was_profile", OPTIONS, [read("folder=profile\n"), running, running, ended, ENDED, THERE])
    assert run.result["operations"] == ["manageprofiles -create RTCGW_Profile"]


def test_a_folder_with_other_files_is_not_touched(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="holds files that are not those of a profile"):
        run_module("was_profile", OPTIONS, [read("folder=foreign\n"), NO_JOB])


def test_the_folder_of_another_profile(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="is the folder of profile Dmgr01"):
        run_module("was_profile", OPTIONS, [read(f"{entry(name='Dmgr01')}folder=profile\n")])


@pytest.mark.parametrize(
    ("option", "value"), [("template", "managed"), ("cell", "x"), ("node", "x"), ("host", "x"), ("path", "/p")]
)
def test_what_cannot_be_changed(run_module: RunModule, option: str, value: str) -> None:
    with pytest.raises(AnsibleActionFail, match=f"{option}: profile RTCGW_Profile is there with {option}"):
        run_module("was_profile", {**OPTIONS, option: value}, [THERE])


def test_ports_are_compared(run_module: RunModule) -> None:
    same = {**OPTIONS, "ports": {"WC_adminhost": "9060"}}
    assert run_module("was_profile", same, [THERE]).result["changed"] is False
    with pytest.raises(AnsibleActionFail, match="ports: profile RTCGW_Profile is there"):
        run_module("was_profile", {**OPTIONS, "ports": {"WC_adminhost": 9061}}, [THERE])


def test_a_federated_profile_has_another_cell(run_module: RunModule) -> None:
    federated = read(f"{entry()}folder=profile\ncell=other\nnode=dmNode\nfederated=1\n", INDEX)
    assert run_module("was_profile", OPTIONS, [federated]).result["changed"] is False


def test_what_a_creation_needs(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="host: needed to create"):
        run_module("was_profile", {**OPTIONS, "host": None}, [read()])
    with pytest.raises(AnsibleActionFail, match="is not the name of a profile"):
        run_module("was_profile", {**OPTIONS, "name": "../x"}, [])


def test_delete(run_module: RunModule) -> None:
    options = {**OPTIONS, "state": "absent"}
    said = "INSTCONFSUCCESS: Success: The profile no longer exists.\n"
    run = run_module("was_profile", options, [THERE, *command(0, said), REMOVED, read()])
    assert run.result["operations"] == ["manageprofiles -delete RTCGW_Profile"]
    assert "answers='delete\nprofileName=RTCGW_Profile'" in str(run.sent[1][1]["response"])
    assert run_module("was_profile", options, [read()]).result["changed"] is False


def test_check_mode_before_the_installation(run_module: RunModule) -> None:
    run = run_module("was_profile", OPTIONS, [read()], check=True)
    assert run.result["changed"] is True
    assert run.result["diff"]["before"] == ""
    assert "S3cret" not in run.result["diff"]["after"]
