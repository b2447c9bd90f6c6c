"""What the repository says of the replication of a server's sessions, and which other servers may share it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from lab.products.was.servers import clusters, server_index
from lab.products.was.servers.runtime import Runtime

END_POINT = "DCS_UNICAST_ADDRESS"


@dataclass(frozen=True)
class Peer:
    """Another member of the cluster: its name `<node>.<server>`, its host's name, the port it replicates over."""

    name: str
    host: str
    port: int


def domain(server: Runtime) -> str:
    """The replication domain that the server's session manager uses, empty when its sessions are its own. Raises
    `LookupError` for a domain that the cell does not have."""
    document = server_index.server_document(server.config, server.cell, server.node, server.name)
    name = _session_domain(document)
    known = _domains(server.config / "cells" / server.cell / "multibroker.xml")
    if name and name not in known:
        raise LookupError(f"the session manager names the replication domain {name}, which the cell does not have")
    return name


def _session_domain(document: Path) -> str:
    for manager in ET.parse(document).getroot().iter("services"):
        if manager.get("sessionPersistenceMode") != "DATA_REPLICATION":
            continue
        settings = manager.find("sessionDRSPersistence")
        if settings is not None and settings.get("dataReplicationMode", "BOTH") == "BOTH":
            return settings.get("messageBrokerDomainName", "")
    return ""


def _domains(document: Path) -> set[str]:
    if not document.exists():
        return set()
    return {
        each.get("name", "")
        for each in ET.parse(document).getroot().iter()
        if each.tag.endswith("}DataReplicationDomain")
    }


def peers(server: Runtime) -> list[Peer]:
    """The other members of the server's cluster, in the order of names that begins after its own: which of them is in
    its replication domain only they know, because a node has no copy of other nodes' servers."""
    own = name_of(server.node, server.name)
    members = [
        member
        for cluster in clusters.all_of(server)
        if (server.node, server.name) in cluster.members
        for member in cluster.members
        if member != (server.node, server.name)
    ]
    found = []
    for node, name in members:
        index = server.index(node)
        entry = index.servers.get(name)
        if entry and entry.port(END_POINT):
            found.append(Peer(name_of(node, name), index.host, entry.port(END_POINT)))
    found.sort(key=lambda peer: (peer.name <= own, peer.name))
    return found


def name_of(node: str, server: str) -> str:
    """What members call each other."""
    return f"{node}.{server}"
