"""The target modules on simulated machines: made, left alone, taken away, and without effect in check mode."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lab.settings import REPOSITORY
from tests.lab.conftest import Lab

PLAYBOOKS = Path(__file__).parent / "modules"
PASSWORD = "S3cr'et pass"


def play(lab: Lab, name: str, *arguments: str) -> tuple[int, int, str]:
    """Play `modules/<name>.yml`: tasks that went well, tasks that changed something, and all that was printed."""
    done = subprocess.run(
        [
            Path(sys.executable).parent / "ansible-playbook", PLAYBOOKS / f"{name}.yml",
            "-i", "inventories/rtp", "-i", lab.settings.overlay, "-e", f'{{"test_password": "{PASSWORD}"}}', *arguments,
        ],
        cwd=REPOSITORY,
        env={**os.environ, **lab.environment, "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    recap = re.search(r"ok=(\d+)\s+changed=(\d+)", done.stdout)
    assert recap
    return int(recap[1]), int(recap[2]), done.stdout


@pytest.mark.parametrize("platform", ["aix", "windows"])
def test_made_left_alone_and_taken_away(lab: Lab, platform: str) -> None:
    for name in (f"{platform}_present", f"{platform}_absent"):
        tasks, changed, shown = play(lab, name, "--check", "--diff")
        # What a check tells is all that would be done; nothing but what is missing already can be left alone.
        assert changed == tasks, shown
        assert PASSWORD not in shown
        tasks, changed, shown = play(lab, name, "--diff", "-vvvv")
        assert changed == tasks, shown
        assert PASSWORD not in shown
        tasks, changed, shown = play(lab, name)
        assert changed == 0, shown


@pytest.mark.parametrize("platform", ["aix", "windows"])
def test_failures_and_what_happens_each_time(lab: Lab, platform: str) -> None:
    play(lab, f"{platform}_other")
