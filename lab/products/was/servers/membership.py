"""The deployment manager's part when nodes come and go: what its repository gains and loses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from typing import Any

from lab.products.was.documents import nodes
from lab.products.was.errors import ScriptingError
from lab.products.was.model.workspace import Workspace
from lab.products.was.servers import repository, server_index
from lab.products.was.servers.runtime import Runtime

_WEB_END_POINTS = ("WC_defaulthost", "WC_defaulthost_secure", "SIP_DEFAULTHOST", "SIP_DEFAULTHOST_SECURE")
_VIRTUAL_HOST = "default_host"


def methods(server: Runtime) -> Mapping[str, Callable[..., Any]]:
    """The requests."""
    return {
        "admits": lambda node, host_name: _admits(server, node, host_name),
        "upload": lambda documents: _alone(server, _upload, json.loads(documents)),
        "join": lambda node, node_group, core_group: _alone(server, _join, node, node_group, core_group),
        "leave": lambda node: _alone(server, _leave, node),
    }


def _alone(server: Runtime, change: Callable[..., None], *arguments: Any) -> None:
    """One change after the other: nodes may come from several hosts at once."""
    with server.lock:
        change(server, *arguments)


def _admits(server: Runtime, node: str, host_name: str) -> dict[str, Any]:
    """The cell, its host and applications; `problem` when the node cannot join."""
    problem = ""
    if node in server_index.nodes(server.config, server.cell):
        problem = f"ADMU0045E: The node name {node} already exists in the cell {server.cell}."
    elif server.host.resolve(host_name) is None:
        problem = f"java.net.UnknownHostException: {host_name}"
    applications = sorted(path.name for path in (server.config / "cells" / server.cell / "applications").glob("*.ear"))
    return {"cell": server.cell, "host": server.index().host, "applications": applications, "problem": problem}


def _upload(server: Runtime, documents: Mapping[str, str]) -> None:
    repository.write(server.config, documents)
    server.refresh_epoch()


def _join(server: Runtime, node: str, node_group: str, core_group: str) -> None:
    """What the cell's own documents say of a node: group, core group, security, virtual hosts."""
    workspace = Workspace(server.config)
    nodes.join(workspace, node, node_group)
    group = next((each for each in workspace.list("CoreGroup") if each.name == core_group), None)
    if group is None:
        raise ScriptingError(f"ADMU0113E: The core group {core_group} does not exist.")
    known = {(each.get("nodeName"), each.get("serverName")) for each in workspace.list("CoreGroupServer")}
    servers = server.index(node).servers.values()
    for entry in servers:
        if (node, entry.name) not in known:
            workspace.create("CoreGroupServer", group, {"nodeName": node, "serverName": entry.name})
    host = next(each for each in workspace.list("VirtualHost") if each.name == _VIRTUAL_HOST)
    present = {alias.get("port") for alias in host.children.get("aliases", ())}
    for entry in servers:
        for port in sorted({str(entry.port(name)) for name in _WEB_END_POINTS if entry.port(name)} - present):
            workspace.create("HostAlias", host, {"hostname": "*", "port": port})
            present.add(port)
    workspace.save(overwrite=True)
    server.refresh_epoch()


def _leave(server: Runtime, node: str) -> None:
    """Forget a node. Raises `ScriptingError` when there is none of that name."""
    folder = server.config / "cells" / server.cell / "nodes" / node
    if not folder.exists() or node == server.node:
        raise ScriptingError(f"ADMU2028E: The node {node} does not exist in the cell {server.cell}.")
    workspace = Workspace(server.config)
    for kind in ("ClusterMember", "CoreGroupServer"):
        for each in list(workspace.list(kind)):
            if each.get("nodeName") == node:
                workspace.remove(each)
    nodes.leave(workspace, node)
    workspace.save(overwrite=True)
    shutil.rmtree(folder)
    server.refresh_epoch()
