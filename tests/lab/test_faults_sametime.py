"""A play that a fault broke in the middle of Sametime is run again, and goes on."""

from __future__ import annotations

import json

import pytest

from tests.lab import gateway_cell
from tests.lab.conftest import Lab

pytestmark = pytest.mark.long

# Each is met on the way that the play in front of it left off; staddin's leaves a Domino that runs without it.
FAULTS = {
    "stsrv1": [
        ("sametime:install", "disk-full"),
        ("sametime:configure", "killed"),
        ("staddin", "start-fails"),
    ],
    "stsrv2": [
        ("sametime:prerequisites", "licence-refused"),
        ("sametime:configure", "start-fails"),
    ],
}


def play(lab: Lab, host: str, playbook: str, start_timeout: int = 60) -> gateway_cell.Played:
    variables = {
        "sametime_server_start_timeout": start_timeout,
        "sametime_server_settle_timeout": 2,
        # It is somebody else's to make one.
        "sametime_server_ldap_probe": False,
    }
    where = ["-i", "inventories/rtp", "-i", str(lab.settings.overlay), "--limit", host, "-e", json.dumps(variables)]
    return gateway_cell.ansible_playbook(lab, playbook, *where)


@pytest.mark.parametrize("host", sorted(FAULTS))
def test_every_step_can_be_repeated(lab: Lab, host: str) -> None:
    secret = gateway_cell.secrets(lab)["vault_ldap_bind_password"]
    there = play(lab, host, "molecule/domino/converge.yml")
    assert there.rc == 0, there.shown
    for step, kind in FAULTS[host]:
        lab.ok("fail", host, step, kind)
        broken = play(lab, host, "molecule/sametime_server/converge.yml", start_timeout=8)
        assert broken.rc != 0, f"{step} {kind} was not met\n{broken.shown}"
        assert secret not in broken.shown, f"{step} {kind}: a secret shows"
    done = play(lab, host, "molecule/sametime_server/converge.yml")
    assert done.rc == 0, done.shown
    files = [path for path in (lab.settings.hosts / host).rglob("*") if path.is_file() and not path.is_symlink()]
    assert [path for path in files if secret.encode() in path.read_bytes()] == [], "files with a secret"
