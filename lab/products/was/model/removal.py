"""What goes with an object that is removed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from lab.products.was.model import folders
from lab.products.was.model.document import Document
from lab.products.was.model.element import Element

if TYPE_CHECKING:
    from lab.products.was.model.workspace import Workspace


def removed_with(workspace: Workspace, element: Element) -> list[Element]:
    """The objects elsewhere that go with it: the servers of a cluster; what lists a server."""
    if folders.owned(element) is None:
        return []
    if element.type == "ServerCluster":
        return list(_members(workspace, element))
    return _listings(workspace, element) if element.type == "Server" else []


def _members(workspace: Workspace, cluster: Element) -> Iterator[Element]:
    cell = "/".join(cluster.document.path.split("/")[:2])
    for member in cluster.children.get("members", ()):
        path = f"{cell}/nodes/{member.get('nodeName')}/servers/{member.get('memberName')}/server.xml"
        yield from workspace.document(path).roots if workspace.exists(path) else ()


def _listings(workspace: Workspace, server: Element) -> list[Element]:
    """Its entry in the node's index, in core groups, in its cluster."""
    parts = server.document.path.split("/")
    if parts[2] != "nodes":
        return []
    cell, node, name = "/".join(parts[:2]), parts[3], parts[5]
    paths = [
        f"{cell}/nodes/{node}/serverindex.xml",
        *workspace.paths(f"{cell}/coregroups/*/coregroup.xml"),
        *workspace.paths(f"{cell}/clusters/*/cluster.xml"),
    ]
    found = [each for path in paths if workspace.exists(path) for each in workspace.document(path).walk()]
    return [
        each
        for each in found
        if (each.type == "ServerEntry" and each.get("serverName") == name)
        or (each.type == "CoreGroupServer" and (each.get("nodeName"), each.get("serverName")) == (node, name))
        or (each.type == "ClusterMember" and (each.get("nodeName"), each.get("memberName")) == (node, name))
    ]


def forget(gone: Collection[str], home: Document, documents: Iterable[Document]) -> None:
    """Drop references to objects of document `home` that are no more."""
    for document in {home, *documents}:
        names = gone if document is home else {f"{home.path}#{each}" for each in gone}
        for element in document.walk():
            for name in element.info.references:
                tokens = element.attributes.get(name, "").split()
                left = [token for token in tokens if token not in names]
                if len(left) == len(tokens):
                    continue
                if left:
                    element.attributes[name] = " ".join(left)
                else:
                    del element.attributes[name]
                    element.texts.discard(name)
