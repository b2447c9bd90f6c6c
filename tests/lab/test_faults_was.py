"""Whatever breaks from the bare host to the running cell: the error says it, and the next run goes on from there.

The installers of WebSphere and the gateway on AIX have a file of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from lab import fault_steps
from tests.lab import test_faults_websphere
from tests.lab.commands import traced
from tests.lab.conftest import Lab, new_lab
from tests.lab.gateway_cell import WINDOWS_CELL, holders, play, secrets, succeed

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Stage:
    """Playbooks for some hosts, and the faults in the order in which a run reaches them: host, step, kind, and what is
    said of it. Each is struck by the run that resumes the one before."""

    playbooks: list[str]
    hosts: str
    faults: list[tuple[str, str, str, str]]


# A cell of two hosts has everything that breaks.
ALONE: dict[str, object] = {"stgw_cell_secondaries": [], "stgw_cell_proxies": []}
AIX = [
    Stage(
        ["deployment_manager"],
        "stgdm1",
        [("stgdm1", "startServer", "start-fails", "startManager failed with exit code")],
    ),
    Stage(
        ["nodes"],
        "stgpn1",
        [
            ("stgpn1", "addNode:upload", "killed", "addNode failed with exit code 9"),
            ("stgpn1", "addNode:sync", "disk-full", "addNode failed with exit code"),
            ("stgpn1", "addNode:sync", "killed", "addNode failed with exit code 9"),
            ("stgpn1", "addNode:agent", "killed", "addNode failed with exit code 9"),
            ("stgpn1", "startServer", "start-fails", "startNode failed with exit code"),
        ],
    ),
    Stage(
        ["deployment_manager", "cluster"],
        "stgdm1",
        [
            ("stgdm1", "wsadmin", "killed", "and no result; run the task again, it compares anew"),
            ("stgdm1", "wsadmin:save", "killed", "and no result; run the task again, it compares anew"),
            # The deployment manager itself dies.
            ("stgdm1", "repository:save", "killed", "the deployment manager at localhost:8879 went away meanwhile"),
        ],
    ),
    Stage(
        ["start"],
        "stgdm1,stgpn1",
        # The cluster's stage has changed security.xml, so the node agent is the first that starts again.
        [("stgpn1", "startServer", "start-fails", "startNode failed with exit code 255; see SystemOut.log")],
    ),
]
WINDOWS = [
    Stage(
        ["deployment_manager"],
        "stgw2",
        [
            ("stgw2", "was:install", "killed", "it failed: exit code 1, accepted is 0"),
            ("stgw2", "was:updi", "killed", "it failed: exit code 1, accepted is 0"),
            ("stgw2", "was:fixpack", "killed", "it failed: exit code 1, accepted is 0"),
            ("stgw2", "gateway:prerequisites", "licence-refused", "license agreement could not be registered"),
            ("stgw2", "gateway:install", "killed", "it failed: exit code 1, accepted is 0"),
            ("stgw2", "was:manageprofiles", "killed", "it failed: exit code 1, accepted is 0"),
            ("stgw2", "gateway:profile", "killed", "it failed: exit code 1, accepted is 0"),
            ("stgw2", "startServer", "start-fails", "startManager failed with exit code"),
        ],
    ),
    Stage(
        ["nodes"],
        "ldapsrv2",
        [
            ("ldapsrv2", "addNode:upload", "killed", "addNode failed with exit code 1"),
            ("ldapsrv2", "addNode:sync", "killed", "addNode failed with exit code 1"),
            ("ldapsrv2", "addNode:agent", "killed", "addNode failed with exit code 1"),
        ],
    ),
    Stage(
        ["cluster"],
        "stgw2",
        [("stgw2", "wsadmin:save", "killed", "and no result; run the task again, it compares anew")],
    ),
    Stage(
        ["start"],
        "stgw2,ldapsrv2",
        [("ldapsrv2", "startServer", "start-fails", "startNode failed with exit code")],
    ),
]


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A fresh lab of hosts for a cell on either platform, with their databases."""
    lab = new_lab(tmp_path_factory.mktemp("cells"), "inventories/rtp", WINDOWS_CELL)
    lab.ok("up")
    succeed(lab, "playbooks/databases.yml", limit="db2srv1,db2srv2")
    yield lab
    lab("clean")


def test_every_step_is_broken() -> None:
    struck = {step for step, _, _ in test_faults_websphere.FAULTS}
    struck |= {step for stage in AIX for _, step, _, _ in stage.faults}
    struck |= {"syncNode", "stopServer"}
    products = ("was:", "gateway:", "addNode:", "wsadmin", "repository:", "syncNode", "startServer", "stopServer")
    assert struck == {step for step in fault_steps.steps() if step.startswith(products)}


def broken(lab: Lab, stage: Stage) -> str:
    """Strike one fault after the other, then none: all that was printed."""
    playbooks = [f"playbooks/{name}.yml" for name in stage.playbooks]
    printed = ""
    for host, step, kind, said in stage.faults:
        lab.ok("fail", host, step, kind)
        played = play(lab, *playbooks, limit=stage.hosts, variables=ALONE)
        assert played.rc == 2, f"{step} {kind} did not break the run\n{played.shown}"
        assert said in played.said, f"{step} {kind}\n{played.shown}"
        assert "Traceback (most recent call last)" not in played.shown
        printed += played.shown
    printed += succeed(lab, *playbooks, limit=stage.hosts, variables=ALONE).shown
    again = succeed(lab, *playbooks, limit=stage.hosts, variables=ALONE)
    assert again.changed == 0, again.shown
    return printed + again.shown


def nothing_left(lab: Lab, host: str, jobs: str) -> None:
    assert holders(lab, host) == []
    assert list((lab.settings.hosts / host / jobs).iterdir()) == []


def test_aix(cells: Lab) -> None:
    with traced(cells, "stgdm1", "stgpn1") as commands:
        printed = "".join(broken(cells, stage) for stage in AIX)
    for secret in secrets(cells).values():
        assert secret not in printed
        assert not [line for line in commands if secret in line]
    assert any("addNode" in line for line in commands), "the trace has the work"
    for host in ("stgdm1", "stgpn1"):
        nothing_left(cells, host, "disk/var/adm/stgw")


def test_a_node_agent_that_dies_while_it_synchronises(cells: Lab) -> None:
    """What was changed is saved; the data source cannot be tried where no agent runs, which the nodes' stage starts."""
    hosts = "stgdm1,stgpn1"
    stages = [f"playbooks/{stage}.yml" for stage in ("nodes", "cluster", "start")]
    value = {**ALONE, "gateway_cluster_cell_properties": {"stgw.test": "for the node"}}
    cells.ok("fail", "stgpn1", "syncNode", "killed")
    broke = play(cells, *stages, limit=hosts, variables=value)
    assert broke.rc == 2, broke.shown
    assert "the node agent of node stgpn1Node cannot be reached" in broke.said
    assert "and their node agents must run" in broke.said
    succeed(cells, *stages, limit=hosts, variables=value)
    document = "/usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile/config/cells/rtpCell/cell.xml"
    assert 'value="for the node"' in cells.ok("exec", "stgpn1", "cat", document)
    assert succeed(cells, *stages, limit=hosts, variables=value).changed == 0


def test_a_restart_that_is_due_since_an_earlier_run(cells: Lab) -> None:
    """The run that changed the value never came to the restart; a later one sees that the server is older."""
    hosts = "stgdm1,stgpn1"
    value = {**ALONE, "tuning_values": {"gateway.maximum_heap_mb": 640}}
    succeed(cells, "playbooks/cluster.yml", limit="stgdm1", variables=value)
    assert "-Xmx640m" not in cells.ok("exec", "stgpn1", "ps", "-ef")
    # The command dies, the server stops all the same.
    cells.ok("fail", "stgpn1", "stopServer", "killed")
    restarted = succeed(cells, "playbooks/start.yml", limit=hosts, variables=value)
    assert "stopServer" not in cells.ok("fail", "--list").partition("steps:")[2].partition("\n")[2]
    assert restarted.changed == 1, restarted.shown
    assert "-Xmx640m" in cells.ok("exec", "stgpn1", "ps", "-ef")
    assert succeed(cells, "playbooks/start.yml", limit=hosts, variables=value).changed == 0


def test_windows(cells: Lab) -> None:
    printed = "".join(broken(cells, stage) for stage in WINDOWS)
    assert [name for name, secret in secrets(cells).items() if secret in printed] == []
    for host in ("stgw2", "ldapsrv2"):
        nothing_left(cells, host, "C/WINDOWS/Temp/stgw")
