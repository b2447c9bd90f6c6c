"""The ports that the indexes of a cell give away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace


def index(workspace: Workspace, node: str) -> Element:
    """The `ServerIndex` of a node; raises `KeyError` without one."""
    return workspace.document(f"cells/{workspace.cell}/nodes/{node}/serverindex.xml").roots[0]


def entries(workspace: Workspace, node: str) -> list[Element]:
    """The servers in the index of a node."""
    return list(index(workspace, node).children.get("serverEntries", ()))


def ports(entry: Element) -> Iterator[tuple[str, int]]:
    """End points of a server with their ports."""
    for named in entry.children.get("specialEndpoints", ()):
        for end_point in named.children.get("endPoint", ()):
            yield named.get("endPointName") or "", int(end_point.get("port") or 0)


def free(workspace: Workspace, node: str, wanted: Mapping[str, int]) -> Mapping[str, int]:
    """For every end point the first port that no server on the node's host has, above those of the same end point."""
    used: dict[str, set[int]] = {}
    host = index(workspace, node).get("hostName")
    for path in workspace.paths(f"cells/{workspace.cell}/nodes/*/serverindex.xml"):
        other = workspace.document(path).roots[0]
        for entry in other.children.get("serverEntries", ()) if other.get("hostName") == host else ():
            for end_point, port in ports(entry):
                used.setdefault(end_point, set()).add(port)
    taken = {port for each in used.values() for port in each} - {0}
    found: dict[str, int] = {}
    for end_point, default in wanted.items():
        port = max([default, *(each + 1 for each in used.get(end_point, ()))]) if default else 0
        while port and port in taken:
            port += 1
        taken.add(port)
        found[end_point] = port
    return found
