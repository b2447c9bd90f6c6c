"""`was_server`, and the commands of a profile behind it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from plugins.plugin_utils._was_credentials import escaped, soap_properties
from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

PROFILE = "/usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile"
OPTIONS: dict[str, Any] = {"profile": PROFILE, "name": "dmgr"}
STOP: dict[str, Any] = {**OPTIONS, "state": "stopped", "user": "wasadmin", "password": "S3cret"}

INDEX = """<?xml version="1.0" encoding="UTF-8"?>
<serverindex:ServerIndex xmi:version="2.0" xmlns:xmi="http://www.omg.org/XMI"
    xmlns:serverindex="http://www.ibm.com/websphere/appserver/schemas/5.0/serverindex.xmi" xmi:id="ServerIndex_1"
    hostName="rtp-dm.example.com">
  <serverEntries xmi:id="ServerEntry_1" serverName="dmgr" serverType="DEPLOYMENT_MANAGER">
    <specialEndpoints xmi:id="NamedEndPoint_1" endPointName="SOAP_CONNECTOR_ADDRESS">
      <endPoint xmi:id="EndPoint_1" host="rtp-dm.example.com" port="8879"/>
    </specialEndpoints>
    <specialEndpoints xmi:id="NamedEndPoint_2" endPointName="WC_adminhost">
      <endPoint xmi:id="EndPoint_2" host="*" port="9060"/>
    </specialEndpoints>
  </serverEntries>
  <serverEntries xmi:id="ServerEntry_2" serverName="RTCGWServer" serverType="APPLICATION_SERVER"/>
</serverindex:ServerIndex>
"""
KNOWN = "cell=rtpCell\nnode=dmNode\nconfigured=1\n"
STARTED = Answer("installer_job", "job=started\n")
ENDED = Answer("installer_job", "job=none\n")
CLEAN, LEFT = Answer("was_leftover"), Answer("was_leftover", "leftover=1\n")


def read(fields: str = "", blob: str = INDEX) -> Answer:
    return Answer("was_server_read", KNOWN + fields, blob)


def done(rc: int, blob: str) -> Answer:
    return Answer("installer_job", f"job=done\nrc={rc}\n", blob)


RUNS = read("pid=4711\nlistening=8879\n")
STOPPED = read("listening=22\n")
OPEN = "ADMU3000I: Server dmgr open for e-business; process id is 4711\n"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def test_a_running_server_is_left_alone(run_module: RunModule) -> None:
    run = run_module("was_server", OPTIONS, [RUNS, CLEAN])
    assert run.result["changed"] is False
    assert run.result["state"] == {"status": "started"}
    assert run.result["pid"] == 4711
    assert run.result["kind"] == "DEPLOYMENT_MANAGER"
    assert run.result["ports"] == {"SOAP_CONNECTOR_ADDRESS": 8879, "WC_adminhost": 9060}


def test_a_server_that_runs_with_older_documents(run_module: RunModule) -> None:
    run = run_module("was_server", OPTIONS, [read("pid=4711\nnewer=cell.xml\nlistening=8879\n"), CLEAN], check=True)
    assert (run.result["stale"], run.result["newer"]) == (True, ["cell.xml"])
    assert run.result["changed"] is False
    run = run_module("was_server", OPTIONS, [RUNS, CLEAN])
    assert (run.result["stale"], run.result["newer"], run.result["start_failed"]) == (False, [], False)


def test_a_server_that_a_restart_left_behind(run_module: RunModule) -> None:
    run = run_module("was_server", OPTIONS, [read("newer=cell.xml\nfailed=1\n"), CLEAN], check=True)
    assert (run.result["stale"], run.result["newer"], run.result["start_failed"]) == (False, ["cell.xml"], True)


def test_start_of_the_deployment_manager(run_module: RunModule) -> None:
    run = run_module("was_server", OPTIONS, [STOPPED, CLEAN, STARTED, done(0, OPEN), ENDED, RUNS, RUNS, CLEAN])
    assert run.result["operations"] == ["startManager"]
    start = run.sent[2][1]
    assert str(start["command"]).startswith("exec '/bin/sh' '/var/adm/stgw/startmanager-usr-ibm-")
    assert f"program='{PROFILE}/bin/startManager.sh'" in str(start["response"])
    assert "arguments='-timeout\n600'" in str(start["response"])
    assert "loginUserid" not in str(start["response"]).split("\n: ")[0], "a start needs no credentials"


def test_an_application_server_is_named(run_module: RunModule) -> None:
    options = {**OPTIONS, "name": "RTCGWServer"}
    runs = read("pid=5\n")
    run = run_module("was_server", options, [read(), CLEAN, STARTED, done(0, OPEN), ENDED, runs, runs, CLEAN])
    assert run.result["operations"] == ["startServer RTCGWServer"]


def test_start_on_windows(run_module: RunModule) -> None:
    options = {"profile": r"C:\Program Files\IBM\WebSphere\STgateway\profiles\RTCGW_Profile", "name": "dmgr"}
    run = run_module(
        "was_server", options, [STOPPED, CLEAN, STARTED, done(0, OPEN), ENDED, RUNS, RUNS, CLEAN], platform="windows"
    )
    start = run.sent[2][1]
    assert start["program"] == "powershell.exe"
    assert "ReadAllText('C:\\Windows\\Temp\\stgw\\startmanager-c-program-files-" in str(start["arguments"])
    assert "$output = 'C:\\Windows\\Temp\\stgw\\startmanager-c-program-files-" in str(start["response"])
    assert "$arguments = '-timeout 600'" in str(start["response"])


def test_a_process_without_its_port_is_waited_for(run_module: RunModule) -> None:
    starting = read("pid=4711\n")
    run = run_module("was_server", OPTIONS, [starting, CLEAN, starting, RUNS, RUNS, CLEAN])
    assert run.result["operations"] == ["waited for dmgr to start"]
    assert "starting" in run.result["diff"]["before"]


def test_an_instance_that_runs_already_is_no_failure(run_module: RunModule) -> None:
    said = "ADMU3027E: An instance of the server may already be running: dmgr\n"
    run = run_module("was_server", OPTIONS, [STOPPED, CLEAN, STARTED, done(255, said), ENDED, RUNS, RUNS, CLEAN])
    assert run.result["changed"] is True


def test_a_port_that_another_program_has(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match=r"its port 8879 .SOAP_CONNECTOR_ADDRESS. is in use"):
        run_module("was_server", OPTIONS, [read("listening=8879\n"), CLEAN])


def test_a_failed_start_names_the_ports_that_are_taken(run_module: RunModule) -> None:
    said = "ADMU3011E: Server launched but failed initialization.\n"
    taken = read("listening=9060\n")
    with pytest.raises(AnsibleActionFail, match=r"exit code 255.*9060 .WC_adminhost."):
        run_module("was_server", OPTIONS, [taken, CLEAN, STARTED, done(-1, said), ENDED, taken])


def test_a_failed_start_leads_to_the_log(run_module: RunModule) -> None:
    said = "ADMU3011E: Server launched but failed initialization.\n"
    with pytest.raises(AnsibleActionFail, match=f"SystemOut.log in {PROFILE}/logs/dmgr\n.*ADMU3011E"):
        run_module("was_server", OPTIONS, [STOPPED, CLEAN, STARTED, done(255, said), ENDED, STOPPED])


def test_a_server_that_ends_again(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="it was started and has ended again"):
        run_module("was_server", OPTIONS, [STOPPED, CLEAN, STARTED, done(0, OPEN), ENDED, STOPPED])


def test_stop_takes_credentials_to_a_file(run_module: RunModule) -> None:
    secured = read("pid=4711\nlistening=8879\nsecurity=1\n")
    said = "ADMU4000I: Server dmgr stop completed.\n"
    run = run_module("was_server", STOP, [secured, CLEAN, STARTED, done(0, said), ENDED, STOPPED, STOPPED, CLEAN])
    assert run.result["operations"] == ["stopManager"]
    start = run.sent[2][1]
    assert "com.ibm.SOAP.loginPassword=S3cret" in str(start["response"])
    assert "S3cret" not in str(start["command"])
    assert "S3cret" not in str(run.result)


def test_stop_without_credentials(run_module: RunModule) -> None:
    options = {**OPTIONS, "state": "stopped"}
    secured = read("pid=4711\nlistening=8879\nsecurity=1\n")
    with pytest.raises(AnsibleActionFail, match="user and password are needed"):
        run_module("was_server", options, [secured, CLEAN])
    own = read("pid=4711\nlistening=8879\nsecurity=1\nlogin=1\n")
    run = run_module(
        "was_server", options, [own, CLEAN, STARTED, done(0, "ADMU4000I\n"), ENDED, STOPPED, STOPPED, CLEAN]
    )
    assert run.result["changed"] is True


@pytest.mark.parametrize("said", ["ADMN0022E: Access is denied\n", 'ADMU0509I: The server "dmgr" cannot be reached.\n'])
def test_a_wrong_password(run_module: RunModule, said: str) -> None:
    with pytest.raises(AnsibleActionFail, match=r"is wasadmin an administrator.*password right"):
        run_module("was_server", STOP, [RUNS, CLEAN, STARTED, done(246, said), ENDED, RUNS])


def test_a_stop_that_does_not_end_the_process(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="exit code 245, but process 4711 is still there"):
        run_module("was_server", STOP, [RUNS, CLEAN, STARTED, done(-11, "ADMU3060E\n"), ENDED, RUNS])


def test_restart(run_module: RunModule) -> None:
    answers = [
        RUNS,
        CLEAN,
        STARTED,
        done(0, "ADMU4000I\n"),
        ENDED,
        STOPPED,
        STARTED,
        done(0, OPEN),
        ENDED,
        RUNS,
        RUNS,
        CLEAN,
    ]
    run = run_module("was_server", {**STOP, "state": "restarted"}, answers)
    assert run.result["operations"] == ["stopManager", "startManager"]
    assert run.result["state"] == {"status": "started"}


def test_somebody_else_starts_it_behind_the_stop(run_module: RunModule) -> None:
    """On AIX init does, which acts on a new entry of its table when it likes."""
    other, up = read("pid=4712\n"), read("pid=4712\nlistening=8879\n")
    stopped = [RUNS, CLEAN, STARTED, done(0, "ADMU4000I\n"), ENDED, other]
    run = run_module("was_server", {**STOP, "state": "restarted"}, [*stopped, up, up, CLEAN])
    assert run.result["operations"] == ["stopManager", "waited for dmgr to start"]
    with pytest.raises(AnsibleActionFail, match="did not take effect: status is 'started', wanted 'stopped'"):
        run_module("was_server", STOP, [*stopped, up, CLEAN])


def test_restart_in_check_mode(run_module: RunModule) -> None:
    run = run_module("was_server", {**OPTIONS, "state": "restarted"}, [RUNS, CLEAN], check=True)
    assert run.result["changed"] is True


def test_nothing_is_installed(run_module: RunModule) -> None:
    nothing = Answer("was_server_read", "")
    run = run_module("was_server", OPTIONS, [nothing, CLEAN], check=True)
    assert run.result["state"] == {"status": "started"}
    assert run_module("was_server", STOP, [nothing, CLEAN]).result["changed"] is False
    with pytest.raises(AnsibleActionFail, match="there is no profile"):
        run_module("was_server", OPTIONS, [nothing, CLEAN])


def test_a_server_that_the_configuration_does_not_know(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="no server 'Other' on node dmNode"):
        run_module("was_server", {**OPTIONS, "name": "Other"}, [read(), CLEAN])


def test_what_a_killed_run_left_is_put_right(run_module: RunModule) -> None:
    run = run_module("was_server", OPTIONS, [RUNS, LEFT, LEFT, RUNS, CLEAN])
    assert run.result["operations"] == ["removed the credentials that an interrupted run left"]
    assert run.sent[2][1] == {
        "action": "remove",
        "profile_path": PROFILE,
        "jobs": "/var/adm/stgw/*-usr-ibm-websphere-stgateway-profiles-rtcgw-profile",
    }


def test_a_command_that_takes_too_long_leaves_no_credentials(run_module: RunModule) -> None:
    options = {**STOP, "timeout": 1}
    lost = Answer("installer_job", "job=lost\n", "ADMU3201I\n")
    with pytest.raises(AnsibleActionFail, match="killed it"):
        run_module("was_server", options, [RUNS, CLEAN, STARTED, lost, ENDED, CLEAN])


@pytest.mark.parametrize(
    ("value", "written"),
    [("plain", "plain"), ("a\\b", "a\\\\b"), (" x", "\\ x"), ("\u00e4", "\\u00e4"), ("\U0001f511", "\\ud83d\\udd11")],
)
def test_values_are_escaped_as_java_reads_them(value: str, written: str) -> None:
    assert escaped(value) == written


def test_the_lines_of_soap_client_props() -> None:
    assert soap_properties("wasadmin", "p=w#1").splitlines() == [
        "com.ibm.SOAP.securityEnabled=true",
        "com.ibm.SOAP.loginUserid=wasadmin",
        "com.ibm.SOAP.loginPassword=p=w#1",
        "com.ibm.SOAP.loginSource=none",
    ]
