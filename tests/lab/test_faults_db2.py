"""Whatever breaks while DB2 and its database are set up: the error says it, and the next run goes on from there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from lab.settings import REPOSITORY
from tests.lab.commands import traced
from tests.lab.conftest import Lab

pytestmark = pytest.mark.long

# In the order in which a run reaches them: each is struck by the run that resumes the one before.
AIX = [
    ("db2setup:prerequisites", "licence-refused", "license agreement could not be registered"),
    ("db2setup", "disk-full", "DBI1284E"),
    ("db2setup", "killed", "it failed: exit code"),
    ("db2licm", "licence-refused", "DBI1416N"),
    ("db2icrt", "disk-full", "not enough space in /home"),
    ("db2icrt", "killed", "Killed"),
    ("db2start", "start-fails", "SQL1220N"),
    ("createdb", "disk-full", "SQL0968C"),
    ("createdb", "killed", "Killed"),
    ("updatedb", "killed", "db2 update db cfg for STGW using LOCKTIMEOUT 30 LOGSECOND 10: exit code"),
]
WINDOWS = [
    ("setup.exe:prerequisites", "licence-refused", "license agreement could not be registered"),
    ("setup.exe", "disk-full", "not enough disk space"),
    ("setup.exe", "killed", "the product is not there afterwards"),
    ("db2licm", "licence-refused", "DBI1416N"),
    ("db2start", "start-fails", "SQL1220N"),
    ("createdb", "disk-full", "SQL0968C"),
    ("updatedb", "killed", "the change did not take effect: LOCKTIMEOUT is '-1'"),
]


def play(lab: Lab, host: str) -> tuple[int, str]:
    """Play the stage for one host, and tune what it made: exit code and what it printed."""
    done = subprocess.run(
        [
            Path(sys.executable).parent / "ansible-playbook", "playbooks/databases.yml", "playbooks/tuning.yml",
            "--diff", "-vvv", "-e", "tuning_profile=small", "-i", "inventories/rtp", "-i", lab.settings.overlay,
            "--limit", host,
        ],
        cwd=REPOSITORY,
        env={**os.environ, **lab.environment, "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def secrets(lab: Lab) -> list[str]:
    """The passwords that this stage works with."""
    vault = yaml.safe_load((lab.settings.overlay / "group_vars/all/vault.yml").read_text("utf-8"))
    return [value for name, value in vault.items() if name.startswith("vault_db2_")]


def resume(lab: Lab, host: str, faults: list[tuple[str, str, str]]) -> str:
    """Strike one fault after the other on a fresh host, then none: all that was printed."""
    printed = ""
    for step, kind, said in faults:
        lab.ok("fail", host, step, kind)
        code, shown = play(lab, host)
        assert code == 2, f"{step} {kind} did not break the run\n{shown}"
        assert said in shown, f"{step} {kind}\n{shown}"
        printed += shown
    code, shown = play(lab, host)
    assert code == 0, shown
    printed += shown
    code, shown = play(lab, host)
    assert code == 0, shown
    assert "changed=0 " in shown, shown
    return printed + shown


def test_aix(lab: Lab) -> None:
    lab.ok("reset", "db2srv1")
    with traced(lab, "db2srv1") as commands:
        printed = resume(lab, "db2srv1", AIX)
    disk = lab.settings.state / "hosts/db2srv1/disk"
    left = [file for file in disk.rglob("*") if file.is_file() and not file.is_symlink()]
    for secret in secrets(lab):
        assert secret not in printed
        assert not [line for line in commands if secret in line]
        assert not [file for file in left if secret.encode() in file.read_bytes()]
    assert any("db2setup" in line for line in commands), "the trace has the work"
    assert not list((disk / "var/adm/stgw").iterdir())


def test_windows(lab: Lab) -> None:
    lab.ok("reset", "db2srv2")
    printed = resume(lab, "db2srv2", WINDOWS)
    disk = lab.settings.state / "hosts/db2srv2/C"
    left = [file for file in disk.rglob("*") if file.is_file()]
    for secret in secrets(lab):
        assert secret not in printed
        assert not [file for file in left if secret.encode() in file.read_bytes()]
    assert not list((disk / "WINDOWS/Temp/stgw").iterdir())


def test_a_lost_connection_does_not_end_the_setup(lab: Lab) -> None:
    lab.ok("reset", "db2srv1")
    for step in ("db2setup", "createdb"):
        lab.ok("fail", "db2srv1", step, "connection-lost")
    code, shown = play(lab, "db2srv1")
    if code != 0:
        code, shown = play(lab, "db2srv1")
    assert code == 0, shown
    # Each of the two playbooks ends with what it did.
    assert play(lab, "db2srv1")[1].count("changed=0 ") == 2


def communities(lab: Lab) -> tuple[int, str]:
    """Play the stage that fills the database: exit code and what it printed."""
    done = subprocess.run(
        [
            Path(sys.executable).parent / "ansible-playbook", "playbooks/communities.yml", "--diff", "-i",
            "inventories/rtp", "-i", lab.settings.overlay, "--limit", "db2srv1",
        ],
        cwd=REPOSITORY,
        env={**os.environ, **lab.environment, "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_communities_whose_change_is_broken_off(lab: Lab) -> None:
    """All of it is there afterwards or nothing, and no lock is left."""
    assert play(lab, "db2srv1")[0] == 0
    lab.ok("fail", "db2srv1", "sql:commit", "killed")
    code, shown = communities(lab)
    assert code == 2, shown
    assert "db2_change failed with exit code" in shown
    code, shown = communities(lab)
    assert code == 0, shown
    assert "changed=1 " in shown, shown
