"""Where the objects that the commands work on lie in the repository."""

from __future__ import annotations

from collections.abc import Iterator

from lab.products.was.documents import end_points, ports_in_use, servers
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace


def root(workspace: Workspace, path: str) -> Element:
    """The one object at the top of a document of the cell."""
    return workspace.document(f"cells/{workspace.cell}/{path}").roots[0]


def nodes(workspace: Workspace) -> list[str]:
    """The names of the nodes, sorted."""
    return [path.split("/")[3] for path in workspace.paths(f"cells/{workspace.cell}/nodes/*/node.xml")]


def node(workspace: Workspace, name: str) -> Element | None:
    """A node."""
    path = f"cells/{workspace.cell}/nodes/{name}/node.xml"
    return workspace.document(path).roots[0] if name and workspace.exists(path) else None


def server(workspace: Workspace, node_name: str, name: str) -> Element | None:
    """A server of a node."""
    path = f"{servers.folder(workspace, node_name, name)}/server.xml"
    return workspace.document(path).roots[0] if name and workspace.exists(path) else None


def entries(workspace: Workspace) -> Iterator[tuple[str, Element]]:
    """(node, entry in its index) of every server of the cell."""
    for each in nodes(workspace):
        if workspace.exists(f"cells/{workspace.cell}/nodes/{each}/serverindex.xml"):
            yield from ((each, entry) for entry in ports_in_use.entries(workspace, each))


def entry(workspace: Workspace, node_name: str, name: str) -> Element | None:
    """The entry of a server in the index of its node."""
    return next(
        (each for where, each in entries(workspace) if where == node_name and each.get("serverName") == name), None
    )


def server_type(workspace: Workspace, node_name: str, name: str) -> str:
    """The type of a server, empty when there is no such one."""
    found = entry(workspace, node_name, name)
    return (found.get("serverType") or "") if found else ""


def is_managed(workspace: Workspace, node_name: str) -> bool:
    """Whether a node has an agent or is the deployment manager's."""
    managing = {end_points.NODE_AGENT, end_points.DEPLOYMENT_MANAGER}
    return any(where == node_name and each.get("serverType") in managing for where, each in entries(workspace))


def cluster(workspace: Workspace, name: str) -> Element | None:
    """A cluster."""
    path = f"cells/{workspace.cell}/clusters/{name}/cluster.xml"
    return workspace.document(path).roots[0] if name and workspace.exists(path) else None


def component(server_element: Element, type_name: str) -> Element:
    """The one object of that type in a server; raises `ScriptingError` when it has none."""
    found = next((each for each in server_element.walk() if each.type == type_name), None)
    if found is None:
        raise ScriptingError(f"ADMG0011E: {type_name} is not found in server {server_element.get('name')}.")
    return found


def deployment_manager_node(workspace: Workspace) -> str:
    """The deployment manager's node; empty in a cell without one."""
    return next(
        (where for where, each in entries(workspace) if each.get("serverType") == end_points.DEPLOYMENT_MANAGER), ""
    )


def core_group_member(workspace: Workspace, node_name: str, name: str) -> Element | None:
    """What makes a server a member of its core group."""
    for path in workspace.paths(f"cells/{workspace.cell}/coregroups/*/coregroup.xml"):
        for member in workspace.document(path).roots[0].children.get("coreGroupServers", ()):
            if (member.get("nodeName"), member.get("serverName")) == (node_name, name):
                return member
    return None
