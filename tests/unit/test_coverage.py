"""docs/coverage.md: every line of the scenario has a row, and what its rows name exists."""

from __future__ import annotations

import re

import pytest

from lab.settings import REPOSITORY

DEPLOYMENT = """
Planning a deployment
Deployment scenarios
Reviewing the installation checklist
Hardware requirements
Software requirements
Installing DB2
Installing servers in a cluster
Installing the Deployment Manager on Windows
Installing the primary node on Windows
Federating the primary node into the cell on Windows
Installing a secondary node on Windows
Federating a secondary node on Windows into the cell
Starting the Integrated Solutions Console
Creating the cluster
Installing a SIP and XMPP proxy server on Windows
Federating the proxy server node into the cell
Configuring a SIP proxy server
Configuring the XMPP proxy server
Setting up node replication and failover for the cluster
Starting a cluster
Configuring LDAP
Setting up SSL on a cluster
Connecting servers to Sametime Gateway
Opening ports in the firewalls
Connecting the local Sametime server to Sametime Gateway
Connecting to instant messaging communities
Connecting to external Sametime communities
How users can add external contacts to their Contact List
Tuning Sametime Gateway
Managing properties
Troubleshooting
"""
NAT = """
Define the WAS custom property within the cell
Enable the Sprayer
Map all inbound traffic at 9.42.124.45 port 5062 to 9.42.111.5 port 5062
Map all outbound traffic to source address 9.42.124.46
Must the sprayer configuration match the external community setting for the cluster?
Can this solution handle an inbound static translation to a different destination port?
"""
MACHINES = """
SIP Proxy1
STGW DM1
STGW PN1
STGW SN1
Sametime Server1
DB2 Server1
LDAP Server1
STGW Standalone2
Sametime Server2
DB2 Server2
LDAP Server2
"""
SOFTWARE = """
Sametime Gateway 8.0.1
WAS 6.1.0.11
ITDS 6.1 Server
DB2 9.1 WSE Server
Sametime 8.0.1 Server
Domino 8.0.1 Server
"""
EMPTY = """
Environment Diagram
Tuning Information
Test Case Execution
Reliability Data
Gotcha's
"""
"""The scenario's own words, in its order."""

SECTIONS = {
    "Deployment instructions": DEPLOYMENT,
    "NAT": NAT,
    "Infrastructure": MACHINES,
    "Software stack": SOFTWARE,
    "Sections that the scenario leaves empty": EMPTY,
}
_HEAD = 2
_COLUMNS = 5
_NAMED = re.compile(r"`([^`]+)`")
_PLACES = ("tests/", "docs/", "molecule/", "playbooks/", "inventories/", "roles/")


def _rows(section: str) -> list[list[str]]:
    text = (REPOSITORY / "docs/coverage.md").read_text("utf-8")
    body = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    lines = [line for line in body.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines[_HEAD:]]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_line_of_the_scenario_has_its_row_in_its_order(section: str) -> None:
    assert [row[0] for row in _rows(section)] == SECTIONS[section].strip().splitlines()


@pytest.mark.parametrize("section", SECTIONS)
def test_every_row_names_what_does_it_and_what_proves_it(section: str) -> None:
    for row in _rows(section):
        assert len(row) == _COLUMNS, row
        assert _NAMED.search(row[1]), row
        assert any(name.startswith(("tests/", "molecule/")) for name in _NAMED.findall(row[2])), row


@pytest.mark.parametrize("section", SECTIONS)
def test_what_a_row_names_exists(section: str) -> None:
    roles = {path.name for path in (REPOSITORY / "roles").iterdir()}
    for row in _rows(section):
        named = [name for cell in row for name in _NAMED.findall(cell)]
        assert [name for name in named if name.startswith(_PLACES) and not (REPOSITORY / name).exists()] == [], row
        of_roles = re.findall(r"roles? ((?:`\w+`(?:, | and )?)+)", row[1])
        assert {name for text in of_roles for name in _NAMED.findall(text)} <= roles, row


def test_every_role_has_a_row() -> None:
    named = {name for section in SECTIONS for row in _rows(section) for name in _NAMED.findall(row[1])}
    assert {path.name for path in (REPOSITORY / "roles").iterdir()} <= named


def test_every_machine_of_the_inventory_has_a_row() -> None:
    hosts = {path.stem for path in (REPOSITORY / "inventories/rtp/host_vars").glob("*.yml")}
    named = " ".join(row[1] for row in _rows("Infrastructure"))
    # The router stands in the text of the scenario, not in its table.
    assert {host for host in hosts if f"host_vars/{host}.yml" not in named} == {"natrouter"}
