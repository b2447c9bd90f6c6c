"""What is on the lab's Sametime hosts from the start: the client. Its server comes with the roles."""

from __future__ import annotations

from tests.lab.conftest import Lab

CLIENT = "/opt/stclient/stclient"
ALICE = "alice@rtp.example"


def test_a_client_is_there_from_the_start_and_its_server_is_not(lab: Lab) -> None:
    lab.ok("reset", "stsrv1")
    said = lab("exec", "stsrv1", CLIENT, ALICE, "set", "away")
    assert (said.returncode, said.stdout) == (1, "reason=the Sametime server does not answer: Connection refused\n")
    assert lab("exec", "stsrv1", CLIENT, ALICE).returncode == 2
    assert lab("exec", "stgpn1", CLIENT, ALICE, "set", "away").returncode != 0
