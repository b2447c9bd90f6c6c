"""`was_node`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

PROFILE = "/usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile"
OPTIONS: dict[str, Any] = {
    "profile": PROFILE,
    "dmgr_host": "rtp-dm.example.com",
    "user": "wasadmin",
    "password": "S3cret",
    "include_apps": True,
}
ABSENT: dict[str, Any] = {"profile": PROFILE, "state": "absent", "user": "wasadmin", "password": "S3cret"}


def index(host: str, **servers: tuple[str, int]) -> str:
    entries = "".join(
        f'<serverEntries serverName="{name}" serverType="{kind}"><specialEndpoints'
        f' endPointName="SOAP_CONNECTOR_ADDRESS"><endPoint host="{host}" port="{port}"/></specialEndpoints>'
        "</serverEntries>"
        for name, (kind, port) in servers.items()
    )
    return f'<s:ServerIndex xmlns:s="http://x/5.0/serverindex.xmi" hostName="{host}">{entries}</s:ServerIndex>\n'


SERVER = ("APPLICATION_SERVER", 8880)
DM = index("rtp-dm.example.com", dmgr=("DEPLOYMENT_MANAGER", 8879))
ALONE = index("rtp-pn.example.com", RTCGWServer=SERVER)
JOINED = index("rtp-pn.example.com", RTCGWServer=SERVER, nodeagent=("NODE_AGENT", 8878))


def read(fields: str, **nodes: str) -> Answer:
    blob = "".join(f"@@ {name}\n{text}\n" for name, text in nodes.items())
    return Answer("was_node_read", f"node=pnNode\n{fields}", blob)


NONE = read("cell=ownCell\ncopy=1\n", pnNode=ALONE)
MANAGED = read("cell=ownCell\ncopy=1\n", pnNode=index("rtp-pn.example.com"))
COMPLETE = read("cell=rtpCell\ncopy=1\n", dmNode=DM, pnNode=JOINED)
STARTED = Answer("installer_job", "job=started\n")
ENDED = Answer("installer_job", "job=none\n")
NO_JOB = Answer("installer_job", "job=none\n", "")
CLEAN, LEFT = Answer("was_leftover"), Answer("was_leftover", "leftover=1\n")
FEDERATED = "ADMU0014I: Adding node\nADMU0003I: Node pnNode has been successfully federated.\n"
SERVER_STOPPED = Answer("was_server_read", "cell=ownCell\nnode=pnNode\nconfigured=1\n", ALONE)


def done(rc: int, blob: str) -> Answer:
    return Answer("installer_job", f"job=done\nrc={rc}\n", blob)


def command(rc: int, blob: str) -> list[Answer]:
    return [STARTED, done(rc, blob), ENDED]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def test_a_federated_node_is_left_alone(run_module: RunModule) -> None:
    run = run_module("was_node", OPTIONS, [COMPLETE, CLEAN])
    assert run.result["changed"] is False
    assert run.result["state"] == {
        "node": "pnNode",
        "federation": "complete",
        "cell": "rtpCell",
        "dmgr": "rtp-dm.example.com:8879",
    }


def test_a_short_name_is_the_same_host(run_module: RunModule) -> None:
    assert run_module("was_node", {**OPTIONS, "dmgr_host": "RTP-DM"}, [COMPLETE, CLEAN]).result["changed"] is False


def test_federate(run_module: RunModule) -> None:
    run = run_module("was_node", OPTIONS, [NONE, CLEAN, SERVER_STOPPED, CLEAN, *command(0, FEDERATED), COMPLETE, CLEAN])
    assert run.result["operations"] == ["addNode rtp-dm.example.com 8879"]
    assert "ADMU0003I" in run.result["log_excerpt"]
    start = run.sent[4][1]
    assert "arguments='rtp-dm.example.com\n8879\n-includeapps'" in str(start["response"])
    assert "com.ibm.SOAP.loginUserid=wasadmin" in str(start["response"])
    assert "S3cret" not in str(start["command"]) + str(run.result)


def test_servers_that_run_are_stopped_with_their_own_credentials(run_module: RunModule) -> None:
    options = {**OPTIONS, "local_user": "local", "local_password": "L0cal", "include_apps": False, "node_agent": False}
    runs = Answer("was_server_read", f"{SERVER_STOPPED.fields}pid=7\nlistening=8880\n", ALONE)
    stop = command(0, "ADMU4000I\n")
    answers = [
        NONE,
        CLEAN,
        runs,
        CLEAN,
        *stop,
        SERVER_STOPPED,
        SERVER_STOPPED,
        CLEAN,
        *command(0, FEDERATED),
        COMPLETE,
        CLEAN,
    ]
    run = run_module("was_node", options, answers)
    assert run.result["operations"] == ["stopServer RTCGWServer", "addNode rtp-dm.example.com 8879"]
    first, second = (str(each["response"]) for _, each in run.sent if "wasadmin" in str(each) or "L0cal" in str(each))
    assert "loginPassword=L0cal" in first
    assert "arguments='rtp-dm.example.com\n8879\n-noagent'" in second


def test_an_empty_node_is_no_interrupted_one(run_module: RunModule) -> None:
    run = run_module("was_node", {**OPTIONS, "starting_port": 9900}, [MANAGED, CLEAN], check=True)
    assert run.result["diff"]["before"] == "federation: none\nnode: pnNode\n"
    assert "cell: that of rtp-dm.example.com:8879" in run.result["diff"]["after"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            "ADMU0006E: Exception creating Deployment Manager connection: ConnectorNotAvailableException",
            "is it started",
        ),
        ("ADMN0022E: Access is denied", "refuses them"),
        ("java.net.UnknownHostException: rtp-dm", "cannot be resolved"),
        ("ADMU0027E: An error occurred ADMU0126E: The system\n  clock of the new node", "more than five minutes"),
        ("ADMU0125E: The Deployment Manager is of version 6.1.0.0", "is older than that of this host"),
        ("ADMU0027E: The cell\n  name is rtpCell too", "the same name"),
        ("ADMU0045E: The node name pnNode already exists in the cell", "has a node of this name already"),
        ("ADMU0111E: Program exiting with error: x", "exit code 255\nADMU0111E"),
    ],
)
def test_why_it_failed(run_module: RunModule, said: str, why: str) -> None:
    with pytest.raises(AnsibleActionFail, match=why) as failure:
        run_module("was_node", OPTIONS, [NONE, CLEAN, SERVER_STOPPED, CLEAN, *command(255, said + "\n")])
    assert said in failure.value.message


def test_success_has_to_be_said(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="addNode failed"):
        run_module("was_node", OPTIONS, [NONE, CLEAN, SERVER_STOPPED, CLEAN, *command(0, "ADMU0014I: Adding node\n")])


def test_an_addnode_at_work_is_waited_for(run_module: RunModule) -> None:
    half = read("cell=ownCell\ncopy=1\nbegun=1\n", pnNode=ALONE)
    running = Answer("installer_job", "job=running\n", "ADMU0016I: Synchronizing\n")
    answers = [half, running, CLEAN, running, done(0, FEDERATED), ENDED, COMPLETE, CLEAN]
    run = run_module("was_node", OPTIONS, answers)
    assert "federation: under way" in run.result["diff"]["before"]
    assert run.result["operations"] == ["addNode rtp-dm.example.com 8879"]


def test_killed_after_the_deployment_manager_was_told(run_module: RunModule) -> None:
    half = read("cell=ownCell\ncopy=1\nbegun=1\n", pnNode=ALONE)
    answers = [
        half, NO_JOB, CLEAN, SERVER_STOPPED, CLEAN, *command(0, ""), Answer("was_node_settle"), SERVER_STOPPED, CLEAN,
        *command(0, FEDERATED), COMPLETE, CLEAN,
    ]  # fmt: skip
    run = run_module("was_node", OPTIONS, answers)
    assert run.result["operations"] == [
        "cleanupNode pnNode rtp-dm.example.com 8879",
        "addNode rtp-dm.example.com 8879",
    ]


def test_killed_after_the_profile_was_changed(run_module: RunModule) -> None:
    half = read("cell=ownCell\ncopy=1\nbegun=1\n", pnNode=JOINED)
    agent_stopped = Answer("was_server_read", "cell=ownCell\nnode=pnNode\nconfigured=1\n", JOINED)
    answers = [
        half, NO_JOB, CLEAN, agent_stopped, CLEAN, agent_stopped, CLEAN, *command(0, "ADMU2024I\n"), *command(0, ""),
        Answer("was_node_settle"), agent_stopped, CLEAN, agent_stopped, CLEAN, *command(0, FEDERATED), COMPLETE, CLEAN,
    ]  # fmt: skip
    run = run_module("was_node", OPTIONS, answers)
    assert run.result["operations"][0] == "removeNode -force"
    assert run.result["changed"] is True


def test_undoing_needs_the_deployment_manager(run_module: RunModule) -> None:
    half = read("cell=ownCell\ncopy=1\nbegun=1\n", pnNode=ALONE)
    with pytest.raises(AnsibleActionFail, match="dmgr_host is needed to clean up"):
        run_module("was_node", ABSENT, [half, CLEAN])
    down = command(255, "ADMU0006E: ConnectorNotAvailableException\n")
    with pytest.raises(AnsibleActionFail, match=r"cleanupNode failed with exit code 255.*is it started"):
        run_module("was_node", OPTIONS, [half, NO_JOB, CLEAN, SERVER_STOPPED, CLEAN, *down])


def test_federated_into_another_cell(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match=r"cell rtpCell of rtp-dm.example.com:8879 already"):
        run_module("was_node", {**OPTIONS, "dmgr_host": "other.example.com"}, [COMPLETE, CLEAN])


def test_a_deployment_manager_is_no_node(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="is the profile of a deployment manager"):
        run_module("was_node", OPTIONS, [read("cell=rtpCell\ncopy=1\n", pnNode=DM)])


def test_remove(run_module: RunModule) -> None:
    removed = command(0, "ADMU2024I: Removal of node\n")
    run = run_module("was_node", ABSENT, [COMPLETE, CLEAN, *removed, Answer("was_node_settle"), NONE, CLEAN])
    assert run.result["operations"] == ["removeNode"]
    assert run_module("was_node", ABSENT, [NONE, CLEAN]).result["changed"] is False


def test_nothing_is_installed(run_module: RunModule) -> None:
    nothing = Answer("was_node_read", "")
    run = run_module("was_node", OPTIONS, [nothing], check=True)
    assert run.result["changed"] is True
    assert run.result["diff"]["before"] == ""
    assert run_module("was_node", ABSENT, [nothing]).result["changed"] is False
    with pytest.raises(AnsibleActionFail, match="there is no profile"):
        run_module("was_node", OPTIONS, [nothing])


def test_credentials_of_an_interrupted_run_go(run_module: RunModule) -> None:
    run = run_module("was_node", OPTIONS, [COMPLETE, LEFT, LEFT, COMPLETE, CLEAN])
    assert run.result["operations"] == ["removed the credentials that an interrupted run left"]
