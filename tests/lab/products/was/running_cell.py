"""Hosts with WAS on which servers really run, for tests of several of them."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.lab.products.was.running_host import PASSWORD, USER, RunningHost, installed

LOGIN = ("-username", USER, "-password", PASSWORD)
CELL, NODE, SERVER = "rtpCell", "pnNode", "RTCGWServer"
_SPAN = 30


def free_ports(count: int = _SPAN) -> int:
    """The first of `count` ports in a row that nobody listens on, and that no other test run of this machine is given
    as long as this one lives: a server that is stopped for a while keeps its ports."""
    for _ in range(200):
        first = random.randrange(20000, 32000, _SPAN)
        if all(_is_free(port) for port in range(first, first + count)) and _claim(first):
            return first
    raise RuntimeError("no ports are free")


_claims: list[socket.socket] = []


def _claim(first: int) -> bool:
    """Whether these ports are this process's now: by an abstract Unix socket, which ends with it, as ports do."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0sametime-gateway-tests-{first}")
    except OSError:
        claim.close()
        return False
    _claims.append(claim)
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


class RunningCell:
    """A deployment manager on `dm` and a node on `node` that is not federated yet; the ports of their profiles begin at
    `dm_first` and `node_first`."""

    def __init__(self, folder: Path) -> None:
        self.dm = installed(folder / "dm", "dm")
        self.node = installed(folder / "node1", "node1")
        self.dm_first, self.node_first, self.agent_first = free_ports(), free_ports(), free_ports()
        self.dm.make_profile("Dmgr", "dmgr", first=self.dm_first, node="dmNode", cell=CELL)
        self.node.make_profile("App", "default", first=self.node_first, node=NODE, cell="pnCell", server=SERVER)

    @property
    def soap(self) -> int:
        """The deployment manager's SOAP port: the eighth in the alphabet of its end points."""
        return self.dm_first + 7

    def start(self) -> None:
        """Start the deployment manager."""
        code, said = self.dm("Dmgr", "startManager")
        assert code == 0, said

    def add_node(self, *options: str) -> tuple[int, str]:
        """`addNode` on the node."""
        first = str(self.agent_first)
        return self.node("App", "addNode", "dm.example.com", str(self.soap), "-startingport", first, *LOGIN, *options)

    def config(self, host: RunningHost, path: str) -> Path:
        """A document of the repository of a host's profile."""
        profile = "Dmgr" if host is self.dm else "App"
        return host.path(f"/was/profiles/{profile}/config/{path}")

    def setting(self, name: str) -> str:
        """A line of the node's `setupCmdLine`."""
        text = self.node.path("/was/profiles/App/bin/setupCmdLine.sh").read_text()
        return next(line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{name}="))


@contextmanager
def running_cell(folder: Path) -> Iterator[RunningCell]:
    """A cell; whatever runs of it ends with the context."""
    cell = RunningCell(folder)
    try:
        yield cell
    finally:
        cell.node.stop_all()
        cell.dm.stop_all()
