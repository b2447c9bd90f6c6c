"""The server that the running process is: what it knows of itself and of its cell."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path

from lab.host import Host
from lab.products.was.admin import Process
from lab.products.was.connector import Connection
from lab.products.was.layout import Installation, Profile
from lab.products.was.security_registry import Security
from lab.products.was.servers import server_index
from lab.products.was.servers.logs import SystemOut

_KEYS = "ltpa.jceks"


@dataclass
class Runtime:
    """One running server. `entry` and `document` are what the configuration said when it started."""

    host: Host
    installation: Installation
    profile: Profile
    cell: str
    node: str
    name: str
    entry: server_index.Entry
    document: server_index.Document
    log: SystemOut
    security: Security = field(default_factory=Security)
    """Who may log in, as the configuration said when it started."""
    trace: str = "*=info"
    state: str = "STARTED"
    version: str = "6.1.0.0"
    epoch: str = ""
    """Deployment manager: which state of the repository it offers. Node agent: the one it took over last."""
    started_applications: set[str] = field(default_factory=set)
    cluster_orders: dict[str, str] = field(default_factory=dict)
    """What was last asked of a cluster: `start` or `stop`."""
    restarting: bool = False
    """Whether it starts again once it has stopped."""
    stopping: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def process(self) -> Process:
        """As its clients see it."""
        kind = server_index.PROCESS_KINDS[self.entry.type]
        if kind == "ManagedProcess" and not server_index.is_managed(self.config, self.cell, self.node):
            kind = "UnManagedProcess"
        return Process(self.name, self.node, kind)

    @property
    def config(self) -> Path:
        """The repository it reads."""
        return self.profile.config

    @property
    def pid(self) -> int:
        """Its process id."""
        return os.getpid()

    def index(self, node: str = "") -> server_index.ServerIndex:
        """What the repository says now of a node, its own by default. Raises `FileNotFoundError`."""
        return server_index.read(self.config, self.cell, node or self.node)

    def refresh_epoch(self) -> None:
        """Say that the repository has changed."""
        self.epoch = secrets.token_hex(8)

    def connect(self, node: str, server: str) -> Connection:
        """To another server of the cell, as a server. Raises `NotReachable`, `NotAuthorized`, `KeyError` for a server
        that the repository does not know, `FileNotFoundError` for such a node."""
        index = self.index(node)
        entry = index.servers[server]
        address = self.host.resolve(index.host) or index.host
        return Connection(address, entry.port("SOAP_CONNECTOR_ADDRESS"), token=token(self.config, self.cell))

    def agent(self, node: str) -> Connection:
        """To a node's agent. Raises as `connect`."""
        entry = self.index(node).of_type("NODE_AGENT")
        if entry is None:
            raise KeyError(node)
        return self.connect(node, entry.name)


_current: list[Runtime] = []


def become(runtime: Runtime) -> None:
    """Make `runtime` the server that this process is."""
    _current[:] = [runtime]


def current() -> Runtime:
    """The server that this process is."""
    return _current[0]


def token(config: Path, cell: str) -> str:
    """What a server of the cell shows to another one: made of the cell's LTPA keys, empty when there are none."""
    file = config / "cells" / cell / _KEYS
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def make_keys(config: Path, cell: str) -> None:
    """Generate the cell's LTPA keys, as the first server of a cell does."""
    file = config / "cells" / cell / _KEYS
    if not file.exists():
        file.write_bytes(secrets.token_bytes(64))
