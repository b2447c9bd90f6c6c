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
    """For every end point the first port, from its default on, that no server on the node's host has."""
    host = index(workspace, node).get("hostName")
    indexes = [workspace.document(path).roots[0] for path in _indexes(workspace)]
    taken = {
        port
        for each in indexes
        if each.get("hostName") == host
        for entry in each.children.get("serverEntries", ())
        for _, port in ports(entry)
    }
    found: dict[str, int] = {}
    for end_point, default in wanted.items():
        port = default
        while port and port in taken:
            port += 1
        taken.add(port)
        found[end_point] = port
    return found


def _indexes(workspace: Workspace) -> list[str]:
    return workspace.paths(f"cells/{workspace.cell}/nodes/*/serverindex.xml")
