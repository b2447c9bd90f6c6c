"""A running lab of its own for the tests of this folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab import state, topology
from lab.settings import REPOSITORY, Settings

_SSH = 2222


@dataclass(frozen=True)
class Lab:
    """A lab in a temporary folder, driven by its command line as a user would."""

    environment: Mapping[str, str]

    @property
    def settings(self) -> Settings:
        return Settings.from_environment(self.environment)

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "lab", *arguments],
            cwd=REPOSITORY,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def ok(self, *arguments: str) -> str:
        """The output of a command that must succeed."""
        done = self(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ssh(self, name: str, command: str, *, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """A command on an AIX host or the router over the connection that Ansible uses."""
        settings = self.settings
        address, port = topology.load(settings).machine(name).management
        argv = ["ssh", "-F", "/dev/null", "-i", str(settings.key), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"]
        argv += ["-o", f"UserKnownHostsFile={settings.known_hosts}", "-o", "StrictHostKeyChecking=yes", "-p", str(port)]
        argv += [f"root@{address}", command]
        return subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=30, check=False)

    def pids(self) -> dict[str, int]:
        """The first processes of the running machines."""
        running = state.running(self.settings)
        assert running
        return running.pids


# Held until this process ends: each of all test runs' labs keeps its subnet while it is down, too.
_CLAIMS: list[socket.socket] = []


def _claimed_subnet() -> int:
    """A subnet that is this process's from now on: no lab uses it, and no other test run will."""
    for subnet in range(100, 250):
        # Management addresses begin at .10, with the router's, which every lab has.
        claim = socket.socket()
        try:
            claim.bind((f"127.0.{subnet}.1", _SSH))
            with socket.socket() as router:
                router.bind((f"127.0.{subnet}.10", _SSH))
        except OSError:
            claim.close()
            continue
        _CLAIMS.append(claim)
        return subnet
    raise RuntimeError("no free LAB_SUBNET")


def new_lab(folder: Path, *inventories: str) -> Lab:
    """A lab that keeps all in `folder`, of the hosts of `inventories`, or of the scenario's; it is down."""
    environment = {
        "LAB_STATE": str(folder / "state"),
        "LAB_OVERLAY": str(folder / "overlay"),
        "LAB_SUBNET": str(_claimed_subnet()),
        "PWD": str(folder),  # what playbooks write on the controller goes below it
    }
    if inventories:
        environment["LAB_INVENTORY"] = os.pathsep.join(f"{inventory}/hosts.yml" for inventory in inventories)
    return Lab(environment)


@pytest.fixture(scope="package")
def empty_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab that is down and has never been up."""
    lab = new_lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab("clean")


@pytest.fixture
def lab(empty_lab: Lab) -> Lab:
    """A lab that is up."""
    if empty_lab("status").returncode:
        empty_lab.ok("up")
    return empty_lab


@pytest.fixture(scope="package")
def federated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab of its own with a deployment manager and three nodes, as the cluster's stage finds them."""
    from tests.lab import gateway_cell  # noqa: PLC0415 - it needs this module

    lab = new_lab(tmp_path_factory.mktemp("cell"))
    lab.ok("up")
    stages = [f"playbooks/{stage}.yml" for stage in ("databases", "deployment_manager", "nodes")]
    gateway_cell.succeed(lab, *stages, limit="db2srv1,stgdm1,stgpn1,stgsn1")
    gateway_cell.succeed(lab, "playbooks/sip_proxy.yml", limit="sipproxy1")
    yield lab
    lab("clean")
