"""The local communities that are on the lab's hosts from the start."""

from __future__ import annotations

import time

from tests.lab.conftest import Lab

CLIENT = "/opt/stclient/stclient"
ALICE, AMY = "alice@rtp.example", "amy@rtp.example"


def test_a_sametime_server_starts_with_its_machine_and_knows_its_people(lab: Lab) -> None:
    # init starts it when the machine is up already.
    deadline = time.monotonic() + 20
    while (said := lab("exec", "stsrv1", CLIENT, ALICE, "set", "away")).returncode and time.monotonic() < deadline:
        time.sleep(0.1)
    assert said.stdout == "status=away\n"
    refused = lab("exec", "stsrv1", CLIENT, AMY, "inbox", ALICE)
    assert (refused.returncode, refused.stdout) == (1, f"reason={AMY} is offline: set {AMY} online first\n")
    assert lab("exec", "stsrv1", CLIENT, ALICE).returncode == 2
    # Both ports are the server's: no gateway could connect otherwise.
    listening = lab.ok("exec", "stsrv1", "/usr/bin/netstat", "-an")
    assert {port for port in ("1516", "1533") if f"*.{port} " in listening} == {"1516", "1533"}


def test_no_other_host_has_one(lab: Lab) -> None:
    assert lab("exec", "stgpn1", CLIENT, ALICE, "set", "away").returncode != 0
    assert "stcommunity" not in lab.ok("exec", "stgpn1", "/usr/bin/cat", "/etc/inittab")
