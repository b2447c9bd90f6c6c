"""addNode, removeNode, syncNode, cleanupNode, and what an interrupted federation leaves behind."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import clocks, faults
from lab.products.was import security
from lab.products.was.connector import Connection
from lab.products.was.servers import server_index
from tests.lab.products.was.running_cell import CELL, LOGIN, NODE, SERVER, RunningCell, running_cell
from tests.lab.products.was.running_host import PASSWORD, USER, KilledError

ORDER = (
    "ADMU0116I", "ADMU0128I", "ADMU0001I", "ADMU0009I", "ADMU0505I", "ADMU0506I", "ADMU2010I", "ADMU0512I", "ADMU0024I",
    "ADMU0015I", "ADMU0012I", "ADMU0014I", "ADMU0016I", "ADMU0018I", "ADMU0020I", "ADMU0022I", "ADMU0030I", "ADMU0300I",
    "ADMU0306I", "ADMU0302I", "ADMU0307I", "ADMU0303I", "ADMU0306I", "ADMU0304I", "ADMU0307I", "ADMU0305I", "ADMU0003I",
)  # fmt: skip


@pytest.fixture
def cell(tmp_path: Path) -> Iterator[RunningCell]:
    with running_cell(tmp_path) as cell:
        cell.start()
        yield cell


def knows_node(cell: RunningCell) -> bool:
    return cell.config(cell.dm, f"cells/{CELL}/nodes/{NODE}/node.xml").exists()


def scripts_go_to(cell: RunningCell) -> list[str]:
    """Host and port that wsadmin of the node connects to by default."""
    properties = text(cell.node.path("/was/profiles/App/properties/wsadmin.properties"))
    values = dict(line.partition("=")[::2] for line in properties.splitlines())
    return [values[f"com.ibm.ws.scripting.{key}"] for key in ("host", "port")]


def text(path: Path) -> str:
    return path.read_text("utf-8")


def test_a_node_joins_and_leaves(cell: RunningCell) -> None:
    original = text(cell.config(cell.node, "cells/pnCell/security.xml"))
    code, said = cell.add_node()
    assert code == 0, said
    assert tuple(word.rstrip(":") for word in said.split() if word.startswith("ADMU")) == ORDER
    assert said.endswith(f"ADMU0003I: Node {NODE} has been successfully federated.")
    assert cell.setting("WAS_CELL") == CELL
    assert not cell.config(cell.node, "cells/pnCell").exists()
    assert scripts_go_to(cell) == ["dm.example.com", str(cell.soap)]
    own = server_index.read(cell.config(cell.node, ""), CELL, NODE)
    assert own == server_index.read(cell.config(cell.dm, ""), CELL, NODE)
    assert sorted(port for _, port in own.servers["nodeagent"].end_points.values()) == list(
        range(cell.agent_first, cell.agent_first + len(own.servers["nodeagent"].end_points))
    )
    core_group = text(cell.config(cell.dm, f"cells/{CELL}/coregroups/DefaultCoreGroup/coregroup.xml"))
    assert all(f'nodeName="{NODE}" serverName="{name}"' in core_group for name in (SERVER, "nodeagent"))
    sip = own.servers[SERVER].port("SIP_DEFAULTHOST")
    assert f'port="{sip}"' in text(cell.config(cell.dm, f"cells/{CELL}/virtualhosts.xml"))
    assert f'nodeName="{NODE}"' in text(cell.config(cell.dm, f"cells/{CELL}/nodegroups/DefaultNodeGroup/nodegroup.xml"))
    assert not cell.config(cell.node, f"cells/{CELL}/nodes/dmNode/servers").exists()
    # The cell's administrator is now the node's; servers start without the deployment manager.
    cell.dm.stop_all()
    assert cell.node("App", "startServer", SERVER)[0] == 0
    assert cell.add_node()[0] == -1
    assert cell.node("App", "removeNode", *LOGIN)[0] == -1
    cell.start()
    code, said = cell.node("App", "removeNode", *LOGIN)
    assert (code, said.endswith(f"ADMU2024I: Removal of node {NODE} is complete.")) == (0, True)
    assert not cell.node.processes()
    assert not knows_node(cell)
    assert NODE not in text(cell.config(cell.dm, f"cells/{CELL}/coregroups/DefaultCoreGroup/coregroup.xml"))
    assert cell.setting("WAS_CELL") == "pnCell"
    own = server_index.read(cell.config(cell.node, ""), "pnCell", NODE)
    assert scripts_go_to(cell) == ["localhost", str(own.servers[SERVER].port("SOAP_CONNECTOR_ADDRESS"))]
    assert text(cell.config(cell.node, "cells/pnCell/security.xml")) == original


def test_servers_are_stopped_with_the_credentials_of_the_node(cell: RunningCell) -> None:
    fresh = security.registry_text("local", "own")
    cell.config(cell.node, "cells/pnCell/fileRegistry.xml").write_text(fresh)
    registries = cell.config(cell.node, "cells/pnCell/security.xml")
    registries.write_text(text(registries).replace('primaryAdminId="wasadmin"', 'primaryAdminId="local"'))
    cell.node("App", "startServer", SERVER)
    assert "ADMN0022E" in cell.add_node()[1]
    assert not knows_node(cell)
    code, said = cell.add_node("-localusername", "local", "-localpassword", "own")
    assert (code, f"ADMU0510I: Server {SERVER} is now STOPPED" in said) == (0, True)


def test_applications_come_along_when_wanted(cell: RunningCell) -> None:
    application = "applications/rtcgw.ear/deployments/rtcgw/deployment.xml"
    document = cell.config(cell.node, f"cells/pnCell/{application}")
    document.parent.mkdir(parents=True)
    document.write_text("<deployment/>")
    index = cell.config(cell.node, f"cells/pnCell/nodes/{NODE}/serverindex.xml")
    deployed = "<deployedApplications>rtcgw.ear/deployments/rtcgw</deployedApplications>"
    index.write_text(text(index).replace("</serverEntries>", f"{deployed}</serverEntries>", 1))
    assert cell.add_node()[0] == 0
    assert not cell.config(cell.dm, f"cells/{CELL}/{application}").exists()
    assert not server_index.read(cell.config(cell.node, ""), CELL, NODE).servers[SERVER].applications
    assert cell.node("App", "removeNode", *LOGIN)[0] == 0
    assert cell.add_node("-includeapps")[0] == 0
    assert text(cell.config(cell.dm, f"cells/{CELL}/{application}")) == "<deployment/>"
    assert server_index.read(cell.config(cell.node, ""), CELL, NODE).servers[SERVER].applications


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("down", "ADMU0006E: Exception creating Deployment Manager connection"),
        ("password", "ADMU4113E"),
        ("no node agent's manager", "ADMU0006E"),
        ("clock", "ADMU0126E"),
        ("name", "java.net.UnknownHostException: node1.example.com"),
        ("twice", "ADMU0045E"),
    ],
)
def test_what_addnode_refuses(cell: RunningCell, wrong: str, message: str) -> None:
    options = [*LOGIN]
    port = cell.soap
    if wrong == "down":
        cell.dm.stop_all()
    elif wrong == "password":
        options[-1] = "wrong"
    elif wrong == "no node agent's manager":
        port += 1
    elif wrong == "clock":
        clocks.set_off(cell.node.memory, -301)
    elif wrong == "name":
        with cell.dm.memory.open("names") as names:
            names["node1.example.com"] = ""
    else:
        cell.add_node()
        cell.node.stop_all()
        # The deployment manager is not told.
        cell.node("App", "removeNode", "-force", "-username", USER, "-password", "wrong")
    code, said = cell.node("App", "addNode", "dm.example.com", str(port), *options)
    assert (code, message in said) == (-1, True), said
    assert cell.setting("WAS_CELL") == "pnCell"
    assert not cell.config(cell.node, f"cells/pnCell/nodes/{NODE}/servers/nodeagent").exists()


def test_clocks_may_differ_by_five_minutes(cell: RunningCell) -> None:
    clocks.set_off(cell.node.memory, 290)
    assert cell.add_node()[0] == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "ADMU9994E"),
        (("dm.example.com", "port"), "ADMU9994E"),
        (("dm.example.com", "-wrong"), "ADMU9991E: Unknown option: -wrong"),
        (("dm.example.com", "-registerservice"), "not imitated"),
        (("no.such.host", "8879"), "ADMC0016E"),
    ],
)
def test_refused_commands(cell: RunningCell, words: tuple[str, ...], message: str) -> None:
    code, said = cell.node("App", "addNode", *words)
    assert (code, message in said) == (-1, True), said


# What a run that was killed leaves: whether the cell knows the node, whether the node has a node agent in its own old
# cell, and which cell its commands work in.
KILLED = {
    "addNode:upload": (True, True, "pnCell"),
    "addNode:sync": (True, True, "pnCell"),
    "syncNode": (True, True, "pnCell"),
    "addNode:agent": (True, False, CELL),
}


@pytest.mark.parametrize("step", KILLED)
def test_a_killed_federation_can_be_healed(cell: RunningCell, step: str) -> None:
    in_cell, old_agent, own_cell = KILLED[step]
    faults.order(cell.node.memory, step, "killed")
    with pytest.raises(KilledError):
        cell.add_node()
    assert knows_node(cell) == in_cell
    assert cell.config(cell.node, f"cells/pnCell/nodes/{NODE}/servers/nodeagent").exists() == old_agent
    assert cell.setting("WAS_CELL") == own_cell
    assert cell.config(cell.node, "backup/base/cells/pnCell").exists()
    assert cell.add_node()[0] == -1
    code, said = cell.node("App", "removeNode", "-force", *LOGIN)
    assert code == 0, said
    assert cell.setting("WAS_CELL") == "pnCell"
    if knows_node(cell):
        code, said = cell.node("App", "cleanupNode", NODE, "dm.example.com", str(cell.soap), *LOGIN)
        assert code == 0, said
    assert not knows_node(cell)
    assert cell.add_node()[0] == 0


def test_a_federation_that_fails_is_taken_back(cell: RunningCell) -> None:
    faults.order(cell.node.memory, "addNode:sync", "disk-full")
    code, said = cell.add_node()
    assert (code, "ADMU0027E: An error occurred during federation" in said) == (-1, True)
    assert not knows_node(cell)
    assert cell.setting("WAS_CELL") == "pnCell"
    assert cell.add_node()[0] == 0


def test_cleanup_wants_a_node_of_the_cell(cell: RunningCell) -> None:
    for node in ("nosuch", "dmNode"):
        code, said = cell.dm("Dmgr", "cleanupNode", node, *LOGIN)
        assert (code, f"ADMU2028E: The node {node} does not exist" in said) == (-1, True)


def test_a_node_that_was_offline_gets_what_changed(cell: RunningCell) -> None:
    cell.add_node()
    words = ("dm.example.com", str(cell.soap), *LOGIN)
    code, said = cell.node("App", "syncNode", *words)
    assert (code, "ADMU0122E" in said) == (-1, True)
    assert cell.node("App", "stopNode", *LOGIN)[0] == 0
    manager = Connection("127.0.0.1", cell.soap, USER, PASSWORD)
    parent = manager.call("AdminConfig", "getid", [f"/Cell:{CELL}/"]).value
    manager.call("AdminConfig", "create", ["Property", parent, [["name", "fqdn"], ["value", "gw.example.com"]]])
    manager.call("AdminConfig", "save", [])
    document = cell.config(cell.node, f"cells/{CELL}/cell.xml")
    stray = cell.config(cell.node, f"cells/{CELL}/clusters/gone/cluster.xml")
    stray.parent.mkdir(parents=True)
    stray.write_text("")
    assert "gw.example.com" not in text(document)
    code, said = cell.node("App", "syncNode", *words)
    assert (code, f"ADMU0402I: The configuration for node {NODE} has been synchronized" in said) == (0, True)
    assert "gw.example.com" in text(document)
    assert not stray.parent.exists()


def test_nodes_that_come_at_once_all_become_members(cell: RunningCell) -> None:
    names = [f"node{number}" for number in range(6)]
    folder = cell.config(cell.dm, f"cells/{CELL}/nodes")
    for name in names:
        shutil.copytree(cell.config(cell.node, f"cells/pnCell/nodes/{NODE}"), folder / name)

    def join(name: str) -> None:
        manager = Connection("127.0.0.1", cell.soap, USER, PASSWORD)
        manager.call("Server", "join", [name, "DefaultNodeGroup", "DefaultCoreGroup"])

    threads = [threading.Thread(target=join, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    group = text(cell.config(cell.dm, f"cells/{CELL}/nodegroups/DefaultNodeGroup/nodegroup.xml"))
    core = text(cell.config(cell.dm, f"cells/{CELL}/coregroups/DefaultCoreGroup/coregroup.xml"))
    assert [name for name in names if f'nodeName="{name}"' not in group or f'nodeName="{name}"' not in core] == []
