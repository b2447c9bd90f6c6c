"""The main job as a user runs it: `ansible-playbook site.yml` on a lab of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from lab.settings import REPOSITORY
from tests.lab.conftest import Lab, free_subnet

_RECAP = re.compile(r"^(?P<host>\S+)\s+: (?P<counts>(?:\w+=\d+\s*)+)$", re.MULTILINE)
_RUN_WITHIN_S = 900


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
    """A lab and its inventory."""

    lab: Lab

    @property
    def overlay(self) -> Path:
        return Path(self.lab.environment["LAB_OVERLAY"])

    @property
    def hosts(self) -> Path:
        """The folder with the disks of all hosts."""
        return self.lab.settings.hosts

    def play(self, *arguments: str, variables: Mapping[str, object] | None = None) -> Run:
        """Run the main job on the scenario's inventory, with extra variables."""
        argv = [
            str(Path(sys.executable).with_name("ansible-playbook")),
            "site.yml",
            "-i",
            "inventories/rtp",
            "-i",
            str(self.overlay),
            *arguments,
        ]
        if variables:
            argv += ["-e", json.dumps(variables)]
        done = subprocess.run(
            argv,
            cwd=REPOSITORY,
            env={**os.environ, **self.lab.environment, "ANSIBLE_NOCOLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_RUN_WITHIN_S,
            check=False,
        )
        return Run(done.returncode, done.stdout)

    def secrets(self) -> Mapping[str, str]:
        """Every secret of the lab by its variable."""
        content: dict[str, str] = yaml.safe_load((self.overlay / "group_vars/all/vault.yml").read_text("utf-8"))
        return content


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A fresh lab that is up."""
    folder = tmp_path_factory.mktemp("site")
    lab = Lab(
        {
            "LAB_STATE": str(folder / "state"),
            "LAB_OVERLAY": str(folder / "overlay"),
            "LAB_SUBNET": str(free_subnet()),
        }
    )
    lab.ok("up")
    yield Site(lab)
    lab("clean")
