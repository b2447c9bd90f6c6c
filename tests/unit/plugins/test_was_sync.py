"""`was_sync`, and the script it launches."""

from __future__ import annotations

import ast
import io
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from plugins.plugin_utils._programs import jy_source
from plugins.plugin_utils._was_sync import digest
from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer
from tests.unit.plugins.test_was_node import DM, JOINED

OPTIONS: dict[str, Any] = {"profile": "/was/profiles/P", "user": "wasadmin", "password": "S3cret"}
LISTING = "aa cell.xml\nbb nodes/dmNode/serverindex.xml\ncc nodes/pnNode/node.xml\ndd nodes/dmNode/node.xml\n"
LISTED = Answer("was_sync_read", "", LISTING)
DIGEST = digest([tuple(line.split(" ")) for line in LISTING.splitlines()], "pnNode")  # type: ignore[misc]


@pytest.fixture(autouse=True)
def known_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugins.plugin_utils._was_read.uuid4", lambda: SimpleNamespace(hex="mark"))


def read(node: str = "dmNode", running: str = "running=dmgr\n") -> Answer:
    folder = "cells/rtpCell/nodes"
    blob = f"@@mark {folder}/dmNode/serverindex.xml\n{DM}\n@@mark {folder}/pnNode/serverindex.xml\n{JOINED}\n"
    return Answer("was_read", f"profile=1\ncell=rtpCell\nnode={node}\n{running}", blob)


def launched(**nodes: list[int]) -> Answer:
    return Answer("was_launch", "rc=0\n", f"WASX7209I: Connected\n@@STGW {nodes!r}\n")


def test_one_launch_synchronises(run_module: RunModule) -> None:
    run = run_module("was_sync", OPTIONS, [read(), launched(pnNode=[0, 1])])
    assert run.result["operations"] == ["synchronised pnNode"]
    assert run.result["sync"] == {"pnNode": True}
    assert run.result["launches"] == 1
    assert run.result["diff"]["before"] == "pnNode: false\n"
    assert "'nodes': ['pnNode']" in str(run.sent[1][1]["request"])
    assert run.sent[1][1]["connection"] == ["-conntype", "SOAP", "-host", "localhost", "-port", "8879"]


def test_a_node_that_is_in_sync(run_module: RunModule) -> None:
    run = run_module("was_sync", OPTIONS, [read(), launched(pnNode=[1, 1])])
    assert run.result["changed"] is False
    assert run.result["sync"] == {}


def test_a_copy_that_is_the_same_saves_the_launch(run_module: RunModule) -> None:
    run = run_module("was_sync", {**OPTIONS, "copies": {"pnNode": DIGEST}}, [read(), LISTED])
    assert run.result["changed"] is False
    assert run.result["launches"] == 0
    assert run.result["digests"] == {"pnNode": DIGEST}


def test_a_copy_that_differs(run_module: RunModule) -> None:
    options = {**OPTIONS, "copies": {"pnNode": "other"}}
    assert run_module("was_sync", options, [read(), LISTED, launched(pnNode=[0, 1])]).result["launches"] == 1


def test_what_a_node_has(run_module: RunModule) -> None:
    run = run_module("was_sync", {"profile": "/was/profiles/P", "state": "read"}, [read("pnNode", ""), LISTED])
    assert run.result["digest"] == DIGEST
    assert run.result["changed"] is False


def test_other_nodes_count_only_by_their_servers() -> None:
    listing = [("aa", "cell.xml"), ("bb", "nodes/dm/serverindex.xml"), ("cc", "nodes/dm/servers/dmgr/server.xml")]
    assert digest(listing, "pn") == digest(listing[:2], "pn")
    assert digest(listing, "pn") != digest(listing[:1], "pn")
    assert digest(listing, "dm") != digest(listing[:2], "dm")


def test_a_node_agent_that_does_not_run(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="node agent of pnNode does not answer"):
        run_module("was_sync", OPTIONS, [read(), launched()])


def test_a_synchronisation_that_fails(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="synchronisation of pnNode failed"):
        run_module("was_sync", OPTIONS, [read(), launched(pnNode=[0, 0])])


def test_check_mode(run_module: RunModule) -> None:
    run = run_module("was_sync", OPTIONS, [read(), launched(pnNode=[0, 0])], check=True)
    assert run.result["changed"] is True
    assert "'dry': 1" in str(run.sent[1][1]["request"])
    assert run_module("was_sync", OPTIONS, [read(running="")], check=True).result["launches"] == 0
    nothing = Answer("was_read", "")
    assert run_module("was_sync", OPTIONS, [nothing], check=True).result["changed"] is True


def test_where_it_makes_no_sense(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="the cell has no node x"):
        run_module("was_sync", {**OPTIONS, "nodes": ["x"]}, [read()])
    with pytest.raises(AnsibleActionFail, match="is not that of a deployment manager"):
        run_module("was_sync", OPTIONS, [read("pnNode", "")])
    with pytest.raises(AnsibleActionFail, match="there is no profile"):
        run_module("was_sync", OPTIONS, [Answer("was_read", "")])


class Control:
    """AdminControl of a cell with one node agent."""

    def __init__(self, synchronised: str) -> None:
        self.synchronised = synchronised
        self.invoked: list[str] = []

    def queryNames(self, pattern: str) -> str:  # noqa: N802 - the product's name
        return "WebSphere:type=NodeSync,node=pnNode\n" if pattern == "type=NodeSync,node=pnNode,*" else ""

    def invoke(self, name: str, operation: str) -> str:
        assert name == "WebSphere:type=NodeSync,node=pnNode"
        self.invoked.append(operation)
        return self.synchronised if operation == "isNodeSynchronized" else "true"


@pytest.mark.parametrize(
    ("synchronised", "dry", "result", "invoked"),
    [
        ("false", 0, [0, 1], ["isNodeSynchronized", "sync"]),
        ("true", 0, [1, 1], ["isNodeSynchronized"]),
        ("false", 1, [0, 0], ["isNodeSynchronized"]),
    ],
)
def test_the_script(tmp_path: Path, synchronised: str, dry: int, result: list[int], invoked: list[str]) -> None:
    control = Control(synchronised)
    names: dict[str, Any] = {"AdminControl": control, "__name__": "test"}
    exec(jy_source("was_sync"), names)
    request = tmp_path / "request"
    request.write_text(repr({"nodes": ["pnNode", "gone"], "dry": dry}))
    said = io.StringIO()
    with redirect_stdout(said):
        names["main"](str(request))
    assert ast.literal_eval(said.getvalue().split("@@STGW ")[1]) == {"pnNode": result}
    assert control.invoked == invoked
