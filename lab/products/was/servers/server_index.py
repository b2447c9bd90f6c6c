"""What a node's `serverindex.xml` and a server's `server.xml` say to the programs that start and stop servers.

Read directly and not through the model of the repository: these programs want a handful of values, and start often.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROCESS_KINDS = {
    "DEPLOYMENT_MANAGER": "DeploymentManager",
    "NODE_AGENT": "NodeAgent",
    "APPLICATION_SERVER": "ManagedProcess",
    "PROXY_SERVER": "ManagedProcess",
}
"""Kind of process by `serverType`, of a server in a cell; without a deployment manager it is an `UnManagedProcess`."""

DISPLAY_NAMES = {
    "DEPLOYMENT_MANAGER": "Deployment Manager",
    "NODE_AGENT": "Node Agent",
    "APPLICATION_SERVER": "Application Server",
    "PROXY_SERVER": "Proxy Server",
}


@dataclass(frozen=True)
class Entry:
    """A server of a node; `end_points` gives (host, port) by name."""

    name: str
    type: str
    end_points: Mapping[str, tuple[str, int]]
    applications: tuple[str, ...]

    def port(self, end_point: str) -> int:
        """The port of an end point, 0 when it has none."""
        return self.end_points.get(end_point, ("", 0))[1]


@dataclass(frozen=True)
class ServerIndex:
    """A node's servers by name; `host` is the node's host name."""

    host: str
    servers: Mapping[str, Entry]

    def of_type(self, kind: str) -> Entry | None:
        """The node's only server of such a type (`NODE_AGENT`, `DEPLOYMENT_MANAGER`)."""
        return next((entry for entry in self.servers.values() if entry.type == kind), None)


@dataclass(frozen=True)
class Jvm:
    """How a server's Java is started; sizes in MB, 0 where Java decides. `environment` has the options that are in the
    environment variable IBM_JAVA_OPTIONS."""

    initial_heap: int
    maximum_heap: int
    arguments: str
    environment: str
    verbose_gc: bool


@dataclass(frozen=True)
class Document:
    """What a server's own document says of it; `id` is the `xmi:id` of its root object."""

    id: str
    jvm: Jvm


_XMI_ID = "{http://www.omg.org/XMI}id"


def read(config: Path, cell: str, node: str) -> ServerIndex:
    """The index of a node. Raises `FileNotFoundError`."""
    root = ET.parse(config / "cells" / cell / "nodes" / node / "serverindex.xml").getroot()
    entries = (_entry(element) for element in root.iter("serverEntries"))
    return ServerIndex(root.get("hostName", ""), {entry.name: entry for entry in entries})


def _entry(element: ET.Element) -> Entry:
    end_points = {}
    for special in element.iter("specialEndpoints"):
        point = special.find("endPoint")
        if point is not None:
            end_points[special.get("endPointName", "")] = (point.get("host", ""), int(point.get("port", "0")))
    applications = tuple(each.text or "" for each in element.iter("deployedApplications"))
    return Entry(element.get("serverName", ""), element.get("serverType", ""), end_points, applications)


def nodes(config: Path, cell: str) -> list[str]:
    """The nodes that the repository knows."""
    return sorted(path.parent.name for path in (config / "cells" / cell / "nodes").glob("*/serverindex.xml"))


def server_document(config: Path, cell: str, node: str, server: str) -> Path:
    """Where a server's own document lies."""
    return config / "cells" / cell / "nodes" / node / "servers" / server / "server.xml"


def is_managed(config: Path, cell: str, node: str) -> bool:
    """Whether the node is part of a cell with a deployment manager, as its repository has it."""
    return any(
        entry.type in ("NODE_AGENT", "DEPLOYMENT_MANAGER") for entry in read(config, cell, node).servers.values()
    )


def read_server(config: Path, cell: str, node: str, server: str) -> Document:
    """A server's own document. Raises `FileNotFoundError`."""
    root = ET.parse(server_document(config, cell, node, server)).getroot()
    entry = next(root.iter("jvmEntries"), None)
    given: Mapping[str, str] = {} if entry is None else entry.attrib
    environment = {each.get("name", ""): each.get("value", "") for each in root.iter("environment")}
    jvm = Jvm(
        int(given.get("initialHeapSize", "0")),
        int(given.get("maximumHeapSize", "0")),
        given.get("genericJvmArguments", ""),
        environment.get("IBM_JAVA_OPTIONS", ""),
        given.get("verboseModeGarbageCollection") == "true",
    )
    return Document(root.get(_XMI_ID, ""), jvm)
