"""The main job as a user runs it: `ansible-playbook site.yml` on a lab of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from lab import state, topology
from lab.settings import REPOSITORY
from tests.lab.conftest import Lab, new_lab

_RECAP = re.compile(r"^(?P<host>\S+)\s+: (?P<counts>(?:\w+=\d+\s*)+)$", re.MULTILINE)
_RUN_WITHIN_S = 900

# `rtpCell  stgdm1Node  dmgr  started  7277 8879` of the state of the cell.
CELL_ROW = re.compile(
    r"^ +(?P<cell>\S+) +(?P<host>\S+)Node +(?P<server>\S+) +(?P<state>\w+) +(?P<ports>[\d ]+)$", re.MULTILINE
)
"""A server in the state of the cell that a run ends with."""


@dataclass(frozen=True)
class Run:
    """What one `ansible-playbook` printed, and its exit code."""

    rc: int
    output: str

    @property
    def recap(self) -> dict[str, dict[str, int]]:
        """Host to ok, changed, failed, ..."""
        return {
            found["host"]: {key: int(number) for key, number in re.findall(r"(\w+)=(\d+)", found["counts"])}
            for found in _RECAP.finditer(self.output)
        }

    def changed(self) -> dict[str, int]:
        """Hosts with changes, and how many."""
        return {host: counts["changed"] for host, counts in self.recap.items() if counts["changed"]}


@dataclass(frozen=True)
class Site:
    """A lab and the inventories of its hosts, and from where the job is run."""

    lab: Lab
    inventories: tuple[str, ...] = ("inventories/rtp",)
    folder: Path = REPOSITORY
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def overlay(self) -> Path:
        return Path(self.lab.environment["LAB_OVERLAY"])

    @property
    def hosts(self) -> Path:
        """The folder with the disks of all hosts."""
        return self.lab.settings.hosts

    def play(self, *arguments: str, playbook: str = "site.yml", variables: Mapping[str, object] | None = None) -> Run:
        """Run the main job, or one of its stages, with extra variables."""
        argv = [str(Path(sys.executable).with_name("ansible-playbook")), playbook]
        for inventory in (*self.inventories, str(self.overlay)):
            argv += ["-i", inventory]
        argv += arguments
        if variables:
            argv += ["-e", json.dumps(variables)]
        done = subprocess.run(
            argv,
            cwd=self.folder,
            env={**os.environ, **self.lab.environment, **self.environment, "ANSIBLE_NOCOLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_RUN_WITHIN_S,
            check=False,
        )
        return Run(done.returncode, done.stdout)

    def ansible(self, program: str, *arguments: str) -> str:
        """Run one of Ansible's other programs on the lab's hosts; what it printed. It must succeed."""
        done = subprocess.run(
            [Path(sys.executable).with_name(program), *arguments, "-i", str(self.overlay)],
            cwd=REPOSITORY,
            env={**os.environ, **self.lab.environment, "ANSIBLE_NOCOLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def launches(self) -> int:
        """How often wsadmin was started on all hosts, as the lab itself counts."""
        hosts = topology.load(self.lab.settings).hosts
        return sum(state.memory(self.lab.settings, host, "wsadmin").get("launches", 0) for host in hosts)

    def secrets(self) -> Mapping[str, str]:
        """Every secret of the lab by its variable."""
        content: dict[str, str] = yaml.safe_load((self.overlay / "group_vars/all/vault.yml").read_text("utf-8"))
        return content


def fresh(folder: Path, *inventories: str) -> Iterator[Site]:
    """A fresh lab of the hosts of `inventories`, the scenario's if none is named, that is up until it is not needed."""
    inventories = inventories or ("inventories/rtp",)
    lab = new_lab(folder, *inventories)
    lab.ok("up")
    yield Site(lab, inventories)
    lab("clean")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The scenario on a lab of its own."""
    yield from fresh(tmp_path_factory.mktemp("site"))
