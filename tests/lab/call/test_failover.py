"""Node replication and failover: a member of the cluster is killed, the other one goes on with its subscriptions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.lab.call.transports import inventories
from tests.lab.call.verified import verified
from tests.lab.conftest import Lab

MEMBERS = ("stgpn1", "stgsn1")
LOG = "/usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile/logs/RTCGWServer/SystemOut.log"


def continued(lab: Lab) -> int:
    """How many dialogs of lost members were taken over so far."""
    logs = [lab.ok("exec", host, "cat", LOG) for host in MEMBERS]
    return sum(int(number) for log in logs for number in re.findall(r"LABGW0403A.* (\d+) of its dialogs", log))


@pytest.mark.parametrize("deployed", ["udp"], indirect=True, scope="package")
def test_a_member_is_killed(scenario: Lab, deployed: str, tmp_path: Path) -> None:
    case, before = "first-member-killed", continued(scenario)
    assert verified(scenario, tmp_path, inventories(deployed), only=[case], disruptive=True) == {case: "passed"}
    # Presence could come of a new subscription too.
    assert continued(scenario) > before
