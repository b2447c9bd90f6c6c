"""Whatever breaks while WebSphere and the gateway are installed: the error says it, the next run goes on from there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from lab.settings import REPOSITORY
from tests.lab.conftest import Lab

pytestmark = pytest.mark.long

# In the order in which a run reaches them: each is struck by the run that resumes the one before.
FAULTS = [
    ("was:install", "disk-full", "INSTCONFFAILED"),
    ("was:install", "killed", "Killed"),
    ("was:updi", "killed", "Killed"),
    ("was:fixpack", "disk-full", "INSTCONFFAILED"),
    ("was:fixpack", "killed", "Killed"),
    ("gateway:prerequisites", "licence-refused", "license agreement could not be registered"),
    ("gateway:install", "disk-full", "not enough disk space"),
    ("gateway:install", "killed", "Killed"),
    ("was:manageprofiles", "disk-full", "could not be created"),
    ("was:manageprofiles", "killed", "Killed"),
    ("gateway:profile", "start-fails", "could not be configured"),
    ("gateway:profile", "killed", "Killed"),
]


def play(lab: Lab, playbook: str, host: str) -> tuple[int, str]:
    """Play a stage for one host: exit code and what it printed."""
    done = subprocess.run(
        [
            Path(sys.executable).parent / "ansible-playbook", f"playbooks/{playbook}.yml", "--diff", "-vvv",
            "-i", "inventories/rtp", "-i", lab.settings.overlay, "--limit", host,
        ],
        cwd=REPOSITORY,
        env={**os.environ, **lab.environment, "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def database(lab: Lab) -> None:
    """The database that the gateway's installer looks at; the second test finds it done."""
    code, shown = play(lab, "databases", "db2srv1")
    assert code == 0, shown


@pytest.mark.usefixtures("database")
def test_each_fault_is_told_and_healed(lab: Lab) -> None:
    lab.ok("reset", "stgdm1")
    printed = ""
    for step, kind, said in FAULTS:
        lab.ok("fail", "stgdm1", step, kind)
        code, shown = play(lab, "deployment_manager", "stgdm1")
        assert code == 2, f"{step} {kind} did not break the run\n{shown}"
        assert said in shown, f"{step} {kind}\n{shown}"
        printed += shown
    code, shown = play(lab, "deployment_manager", "stgdm1")
    assert code == 0, shown
    printed += shown
    code, shown = play(lab, "deployment_manager", "stgdm1")
    assert code == 0, shown
    assert "changed=0 " in shown, shown
    disk = lab.settings.state / "hosts/stgdm1/disk"
    left = [file for file in disk.rglob("*") if file.is_file() and not file.is_symlink()]
    vault = yaml.safe_load((lab.settings.overlay / "group_vars/all/vault.yml").read_text("utf-8"))
    for name in ("vault_was_admin_password", "vault_db2_instance_password"):
        assert vault[name] not in printed + shown
        assert not [file for file in left if vault[name].encode() in file.read_bytes()], name
    assert not list((disk / "var/adm/stgw").iterdir())


@pytest.mark.usefixtures("database")
def test_a_lost_connection_does_not_end_the_installers(lab: Lab) -> None:
    lab.ok("reset", "stgdm1")
    for step in ("was:install", "was:fixpack", "gateway:install", "was:manageprofiles"):
        lab.ok("fail", "stgdm1", step, "connection-lost")
    code, shown = play(lab, "deployment_manager", "stgdm1")
    if code != 0:
        code, shown = play(lab, "deployment_manager", "stgdm1")
    assert code == 0, shown
    assert play(lab, "deployment_manager", "stgdm1")[1].count("changed=0 ") == 1
