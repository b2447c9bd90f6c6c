"""A play that a fault broke in the middle of ITDS is run again, and goes on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lab.settings import REPOSITORY
from tests.lab.conftest import Lab

pytestmark = pytest.mark.long

# Each is met on the way that the play in front of it left off.
FAULTS = {
    "ldapsrv1": [
        ("installp", "disk-full"),
        ("installp", "killed"),
        ("idsicrt", "disk-full"),
        ("idsicrt", "killed"),
        ("idsicrt", "connection-lost"),
        ("idscfgdb", "start-fails"),
        ("idscfgdb", "killed"),
        ("ibmslapd", "start-fails"),
        ("ibmslapd", "killed"),
        ("gskit-database", "killed"),
        ("gskit-certificate", "killed"),
    ],
    "ldapsrv2": [
        ("install_tds", "licence-refused"),
        ("install_tds", "killed"),
        ("idsicrt", "disk-full"),
        ("idscfgdb", "start-fails"),
        ("ibmslapd", "start-fails"),
        ("gskit-database", "killed"),
    ],
}


def play(lab: Lab, host: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "ansible-playbook"
    inventories = ["-i", "inventories/rtp", "-i", str(lab.settings.overlay)]
    return subprocess.run(
        [program, "playbooks/directories.yml", *inventories, "--limit", host, "-e", "itds_tls=true"],
        cwd=REPOSITORY,
        env={**os.environ, **lab.environment, "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def secrets(lab: Lab) -> list[str]:
    text = (lab.settings.overlay / "group_vars/all/vault.yml").read_text("utf-8")
    found = re.findall(r"^vault_(?:itds|ldap)\w*: *['\"]?(.*?)['\"]?$", text, re.MULTILINE)
    assert len(found) >= 4
    return found


@pytest.mark.parametrize("host", sorted(FAULTS))
def test_every_step_can_be_repeated(lab: Lab, host: str) -> None:
    hidden = secrets(lab)
    for step, kind in FAULTS[host]:
        lab.ok("fail", host, step, kind)
        done = play(lab, host)
        shown = done.stdout + done.stderr
        assert done.returncode != 0, f"{step} {kind} was not met\n{shown}"
        assert not [secret for secret in hidden if secret in shown], f"{step} {kind}: a secret shows"
    done = play(lab, host)
    assert done.returncode == 0, done.stdout
    done = play(lab, host)
    assert re.search(r"changed=0 .*failed=0", done.stdout), done.stdout
    left = [
        path
        for path in (lab.settings.state / "hosts" / host).rglob("*")
        if path.is_file() and not path.is_symlink() and any(secret.encode() in path.read_bytes() for secret in hidden)
    ]
    assert left == [], "files with a secret"
