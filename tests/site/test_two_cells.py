"""Two cells in one inventory, of AIX and of Windows hosts; one has two secondary nodes and two proxies.

A stranger installs them: from the artifact, in a folder with nothing of this repository, as docs/first_cell.md says.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lab.settings import REPOSITORY
from tests.site.conftest import CELL_ROW, Run, Site, fresh

pytestmark = pytest.mark.long

INVENTORIES = ("inventories/rtp", "tests/inventories/windows_cell", "tests/inventories/larger_cell")
JOB = "sametime.gateway.site"

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


def _galaxy(*arguments: str, **environment: str) -> None:
    argv = ["ansible-galaxy", "collection", *arguments]
    done = subprocess.run(
        argv, cwd=REPOSITORY, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the settings of the documentation; the collection is installed below it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    _galaxy("build", "--output-path", str(folder))
    (artifact,) = folder.glob("*.tar.gz")
    _galaxy("install", "--offline", str(artifact), ANSIBLE_COLLECTIONS_PATH=str(folder / "collections"))
    page = (REPOSITORY / "docs/first_cell.md").read_text("utf-8")
    (settings,) = re.findall(r"^```ini\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (folder / "ansible.cfg").write_text(settings)
    return folder


@pytest.fixture(scope="module")
def both(elsewhere: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A fresh lab of the hosts of both cells."""
    installed = elsewhere / "collections/ansible_collections/sametime/gateway"
    inventories = (str(installed / INVENTORIES[0]), *(str(REPOSITORY / name) for name in INVENTORIES[1:]))
    for site in fresh(tmp_path_factory.mktemp("cells"), *INVENTORIES):
        environment = {"ANSIBLE_COLLECTIONS_PATH": str(elsewhere / "collections")}
        yield replace(site, inventories=inventories, folder=elsewhere, environment=environment)


@pytest.fixture(scope="module")
def first(both: Site) -> Run:
    return both.play(playbook=JOB)


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
    again = both.play(playbook=JOB)
    assert again.rc == 0, again.output
    assert (again.changed(), both.launches() - launches) == ({}, 0), again.output
