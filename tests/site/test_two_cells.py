"""Two cells in one inventory, of AIX and of Windows hosts; one has two secondary nodes and two proxies."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.site.conftest import CELL_ROW, Run, Site, fresh

CELLS = {
    "rtpCell": {
        "stgdm1": {"dmgr"},
        "stgpn1": {"nodeagent", "RTCGWServer"},
        "stgsn1": {"nodeagent", "RTCGWServer"},
        "stsrv1": {"nodeagent", "RTCGWServer"},
        "sipproxy1": {"nodeagent", "SIPProxyServer", "XMPPProxyServer"},
        "ldapsrv1": {"nodeagent", "SIPProxyServer"},
    },
    "partnerCell": {
        "stgw2": {"dmgr"},
        "ldapsrv2": {"nodeagent", "RTCGWServer"},
        "stsrv2": {"nodeagent", "RTCGWServer"},
        "db2srv2": {"nodeagent", "SIPProxyServer", "XMPPProxyServer"},
    },
}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A fresh lab of the hosts of both cells."""
    yield from fresh(
        tmp_path_factory.mktemp("cells"),
        "inventories/rtp",
        "tests/inventories/windows_cell",
        "tests/inventories/larger_cell",
    )


@pytest.fixture(scope="module")
def first(both: Site) -> Run:
    return both.play()


def test_both_cells_run(both: Site, first: Run) -> None:
    assert first.rc == 0, first.output
    found: dict[str, dict[str, set[str]]] = {}
    for row in CELL_ROW.finditer(first.output):
        assert row["state"] == "started", row[0]
        found.setdefault(row["cell"], {}).setdefault(row["host"], set()).add(row["server"])
    assert found == CELLS
    # One launch in each stage for each cell, and a login that proves the user registry; one of them is behind a NAT.
    assert both.launches() == 13


def test_each_pair_of_members_replicates(both: Site, first: Run) -> None:
    assert first.rc == 0
    config = both.hosts / "stgdm1/disk/usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile/config/cells/rtpCell"
    servers = sorted(config.glob("nodes/*/servers/RTCGWServer/server.xml"))
    domains = [
        found[1] for file in servers for found in re.finditer(r'messageBrokerDomainName="(\w+)"', file.read_text())
    ]
    assert domains == ["SametimeGatewayClusterReplication1"] * 2, "the third member has no partner"


def test_the_second_run_changes_neither(both: Site, first: Run) -> None:
    assert first.rc == 0
    launches = both.launches()
    again = both.play()
    assert again.rc == 0, again.output
    assert (again.changed(), both.launches() - launches) == ({}, 0), again.output
