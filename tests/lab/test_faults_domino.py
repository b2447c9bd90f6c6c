"""A play that a fault broke in the middle of Domino is run again, and goes on."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lab.products.domino import profile
from lab.settings import REPOSITORY
from tests.lab.conftest import Lab

pytestmark = pytest.mark.long

# Each is met on the way that the play in front of it left off.
FAULTS = {
    "stsrv1": [
        ("domino:install", "killed"),
        ("domino:setup", "killed"),
    ],
    "stsrv2": [
        ("domino:prerequisites", "licence-refused"),
        ("domino:profile", "start-fails"),
        # Not on AIX: init may be the first to start a new entry of inittab, and the second start succeeds.
        ("domino:start", "start-fails"),
    ],
}


def play(lab: Lab, host: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "ansible-playbook"
    inventories = ["-i", "inventories/rtp", "-i", str(lab.settings.overlay)]
    return subprocess.run(
        [program, "molecule/domino/converge.yml", *inventories, "--limit", host, "-e", "domino_start_timeout=4"],
        cwd=REPOSITORY,
        env={**os.environ, **lab.environment, "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("host", sorted(FAULTS))
def test_every_step_can_be_repeated(lab: Lab, host: str) -> None:
    answers = (lab.settings.state / "domino.pds").read_bytes()
    recorded = profile.unpack(answers)
    hidden = [recorded[name] for name in profile.PASSWORDS if name in recorded]
    assert len(hidden) == 2
    for step, kind in FAULTS[host]:
        lab.ok("fail", host, step, kind)
        done = play(lab, host)
        shown = done.stdout + done.stderr
        assert done.returncode != 0, f"{step} {kind} was not met\n{shown}"
        assert not [secret for secret in hidden if secret in shown], f"{step} {kind}: a secret shows"
    done = play(lab, host)
    assert done.returncode == 0, done.stdout
    # The answers themselves must not stay either, as they are or as they travelled.
    traces = [profile.MARK, base64.b64encode(answers)[:60], *(secret.encode() for secret in hidden)]
    left = [
        path
        for path in (lab.settings.state / "hosts" / host).rglob("*")
        if path.is_file() and not path.is_symlink() and any(trace in path.read_bytes() for trace in traces)
    ]
    assert left == [], "files with a secret"
