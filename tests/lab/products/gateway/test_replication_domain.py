"""What the repository of a member says of the replication of its sessions."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from lab.products.gateway.application.replication_domain import Peer, domain, peers
from lab.products.was.servers import server_index
from lab.products.was.servers.runtime import Runtime

_INDEX = """<serverindex:ServerIndex xmlns:serverindex="x" hostName="{host}.rtp.example">
  <serverEntries serverName="RTCGWServer" serverType="APPLICATION_SERVER">
    <specialEndpoints endPointName="DCS_UNICAST_ADDRESS"><endPoint host="*" port="9353"/></specialEndpoints>
  </serverEntries>
</serverindex:ServerIndex>
"""
_SERVER = """<process:Server xmlns:process="p" xmlns:xmi="x" name="RTCGWServer"><components><services>
  <services sessionPersistenceMode="{mode}">
    <sessionDRSPersistence messageBrokerDomainName="pair1" dataReplicationMode="{direction}"/>
  </services>
</services></components></process:Server>
"""
_CLUSTER = """<topology.cluster:ServerCluster xmlns:topology.cluster="c" xmlns:xmi="http://www.omg.org/XMI" name="G">
  {members}
</topology.cluster:ServerCluster>
"""
_DOMAINS = '<xmi:XMI xmlns:xmi="x" xmlns:m="y"><m:DataReplicationDomain name="pair1"/></xmi:XMI>'


def member(folder: Path, *, own: str = "b", mode: str = "DATA_REPLICATION", direction: str = "BOTH") -> Runtime:
    """A member on the node `own` of a cluster of the nodes a, b, c."""
    texts = {
        "multibroker.xml": _DOMAINS,
        f"nodes/{own}/servers/RTCGWServer/server.xml": _SERVER.format(mode=mode, direction=direction),
        "clusters/G/cluster.xml": _CLUSTER.format(
            members="".join(f'<members nodeName="{node}" memberName="RTCGWServer"/>' for node in "abc")
        ),
        **{f"nodes/{node}/serverindex.xml": _INDEX.format(host=node) for node in "abc"},
    }
    for path, text in texts.items():
        file = folder / "cells/C" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    server = SimpleNamespace(
        config=folder, cell="C", node=own, name="RTCGWServer", index=lambda node: server_index.read(folder, "C", node)
    )
    return cast(Runtime, server)


def test_the_domain_of_the_session_manager(tmp_path: Path) -> None:
    assert domain(member(tmp_path)) == "pair1"


@pytest.mark.parametrize(("mode", "direction"), [("NONE", "BOTH"), ("DATA_REPLICATION", "SERVER")])
def test_sessions_that_are_not_replicated(tmp_path: Path, mode: str, direction: str) -> None:
    assert domain(member(tmp_path, mode=mode, direction=direction)) == ""


def test_a_domain_that_the_cell_does_not_have(tmp_path: Path) -> None:
    server = member(tmp_path)
    (tmp_path / "cells/C/multibroker.xml").unlink()
    with pytest.raises(LookupError, match="the replication domain pair1, which the cell does not have"):
        domain(server)


@pytest.mark.parametrize(("own", "others"), [("a", "bc"), ("b", "ca"), ("c", "ab")])
def test_the_next_members_come_first(tmp_path: Path, own: str, others: str) -> None:
    assert peers(member(tmp_path, own=own)) == [
        Peer(f"{node}.RTCGWServer", f"{node}.rtp.example", 9353) for node in others
    ]
