"""Clusters while they run: their members are started and stopped by the node agents."""

from __future__ import annotations

import json
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from lab.products.was.errors import NotAuthorized, NotReachable, ScriptingError
from lab.products.was.servers.runtime import Runtime

_XMI_ID = "{http://www.omg.org/XMI}id"
_LAUNCH_WITHIN_S = 120.0


@dataclass(frozen=True)
class Cluster:
    """A cluster of the saved configuration; a member is (node, server)."""

    name: str
    id: str
    members: tuple[tuple[str, str], ...]


def all_of(server: Runtime) -> list[Cluster]:
    """The clusters of the cell."""
    found = []
    for file in sorted((server.config / "cells" / server.cell / "clusters").glob("*/cluster.xml")):
        root = ET.parse(file).getroot()
        members = tuple((each.get("nodeName", ""), each.get("memberName", "")) for each in root.iter("members"))
        found.append(Cluster(root.get("name", ""), root.get(_XMI_ID, ""), members))
    return found


def state(server: Runtime, cluster: Cluster) -> str:
    """Its state, as the product names it."""
    up = sum(_runs(server, node, name) for node, name in cluster.members)
    if up == len(cluster.members) and up:
        return "websphere.cluster.running"
    ordered = server.cluster_orders.get(cluster.name, "")
    if up == 0:
        return "websphere.cluster.starting" if ordered == "starting" else "websphere.cluster.stopped"
    return "websphere.cluster.partial.start" if ordered.startswith("start") else "websphere.cluster.partial.stop"


def start(server: Runtime, cluster: Cluster) -> None:
    """Have all members started; returns at once."""
    server.cluster_orders[cluster.name] = "starting"
    _in_background(lambda: _start_members(server, cluster))


def stop(server: Runtime, cluster: Cluster) -> None:
    """Have all members stopped; returns at once."""
    server.cluster_orders[cluster.name] = "stopping"
    _in_background(lambda: _stop_members(server, cluster))


def ripple_start(server: Runtime, cluster: Cluster) -> None:
    """Have one member after the other stopped and started again; returns at once."""

    def ripple() -> None:
        for member in cluster.members:
            _stop_member(server, *member)
            _start_member(server, *member)
        server.cluster_orders[cluster.name] = "started"

    server.cluster_orders[cluster.name] = "starting"
    _in_background(ripple)


def _start_members(server: Runtime, cluster: Cluster) -> None:
    threads = [threading.Thread(target=_start_member, args=(server, *member)) for member in cluster.members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.cluster_orders[cluster.name] = "started"


def _stop_members(server: Runtime, cluster: Cluster) -> None:
    for member in cluster.members:
        _stop_member(server, *member)
    server.cluster_orders[cluster.name] = "stopped"


def _in_background(work: Callable[[], object]) -> None:
    threading.Thread(target=work, daemon=True).start()


def _start_member(server: Runtime, node: str, name: str) -> None:
    _ask_agent(server, node, "launch", name, str(_LAUNCH_WITHIN_S))


def _stop_member(server: Runtime, node: str, name: str) -> None:
    _ask_agent(server, node, "stop_server", name)


def _runs(server: Runtime, node: str, name: str) -> bool:
    return name in (_ask_agent(server, node, "running") or [])


def _ask_agent(server: Runtime, node: str, method: str, *arguments: str) -> list[str] | None:
    """A request to a node's agent; None when it cannot be asked: such a member is left as it is."""
    with suppress(NotReachable, NotAuthorized, KeyError, FileNotFoundError, ScriptingError):
        agent = server.agent(node)
        try:
            answer: list[str] | None = json.loads(str(agent.call("Server", method, arguments).value))
            return answer
        finally:
            agent.close()
    return None
