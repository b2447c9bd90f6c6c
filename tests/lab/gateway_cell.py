"""Cells with gateways in a running lab: playing their stages and playbooks, and what is looked at afterwards."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from lab import state, topology
from lab.settings import REPOSITORY
from tests.lab.conftest import Lab

WINDOWS_CELL = "tests/inventories/windows_cell"
PROFILE = "/usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile"


@dataclass(frozen=True)
class Played:
    """What one `ansible-playbook` did."""

    rc: int
    shown: str

    @property
    def said(self) -> str:
        """What was shown, with single blanks in place of line ends and indents."""
        return " ".join(self.shown.split())

    @property
    def changed(self) -> int:
        """Tasks that changed something, on all hosts."""
        return sum(map(int, re.findall(r"^\S+ +: ok=\d+ +changed=(\d+)", self.shown, re.MULTILINE)))


def play(
    lab: Lab,
    *playbooks: str | Path,
    limit: str = "",
    check: bool = False,
    variables: Mapping[str, object] | None = None,
) -> Played:
    """Play playbooks of the repository, for some hosts."""
    argv = [*map(str, playbooks), "--diff", "-vvv"]
    argv += ["-i", "inventories/rtp", "-i", WINDOWS_CELL] if windows(lab) else ["-i", "inventories/rtp"]
    argv += ["-i", str(lab.settings.overlay), "-e", json.dumps(variables or {})]
    argv += ["--limit", limit] if limit else []
    argv += ["--check"] if check else []
    return ansible_playbook(lab, *argv)


def ansible_playbook(
    lab: Lab, *arguments: str, within_s: int = 600, environment: Mapping[str, str] | None = None
) -> Played:
    """`ansible-playbook` with these arguments, on lines that do not wrap."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("ansible-playbook")), *arguments],
        cwd=REPOSITORY,
        env={**os.environ, **lab.environment, **(environment or {}), "ANSIBLE_NOCOLOR": "1", "COLUMNS": "2000"},
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
    )
    return Played(done.returncode, done.stdout + done.stderr)


def succeed(lab: Lab, *playbooks: str | Path, limit: str = "", variables: Mapping[str, object] | None = None) -> Played:
    """Of a run that must go well."""
    played = play(lab, *playbooks, limit=limit, variables=variables)
    assert played.rc == 0, played.shown
    return played


def windows(lab: Lab) -> bool:
    """Whether the lab has the cell of Windows hosts."""
    return any(WINDOWS_CELL in str(inventory) for inventory in lab.settings.inventories)


def launches(lab: Lab, host: str = "stgdm1") -> int:
    """How often wsadmin was started on a host, as the lab itself counts."""
    spec = topology.load(lab.settings).host(host)
    count: int = state.memory(lab.settings, spec, "wsadmin").get("launches", 0)
    return count


def secrets(lab: Lab) -> dict[str, str]:
    """The secrets of the lab by variable."""
    found: dict[str, str] = yaml.safe_load((lab.settings.overlay / "group_vars/all/vault.yml").read_text("utf-8"))
    return found


def holders(lab: Lab, host: str) -> list[str]:
    """The files of a host that hold a secret of WebSphere or of the database, with the variable."""
    files = [file for file in (lab.settings.hosts / host).rglob("*") if file.is_file() and not file.is_symlink()]
    wanted = {name: value.encode() for name, value in secrets(lab).items() if re.match("vault_(was|db2)_", name)}
    return [f"{name} in {file}" for file in files for name, value in wanted.items() if value in file.read_bytes()]


def by_hand(lab: Lab, command: str, host: str = "stgdm1") -> str:
    """What somebody does with wsadmin itself on the deployment manager: one line of Jython, and what it printed."""
    return lab.ok(
        "exec", host, f"{PROFILE}/bin/wsadmin.sh", "-lang", "jython", "-user", "wasadmin",
        "-password", secrets(lab)["vault_was_admin_password"], "-c", command,
    )  # fmt: skip
