"""What goes with an object that is removed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from lab.products.was.model import folders
from lab.products.was.model.document import Document
from lab.products.was.model.element import Element

if TYPE_CHECKING:
    from lab.products.was.model.workspace import Workspace


def removed_with(workspace: Workspace, element: Element) -> list[Element]:
    """The objects elsewhere that list a server: its entry in the node's index, in core groups, in its cluster."""
    if element.type != "Server" or folders.owned(element) is None:
        return []
    parts = element.document.path.split("/")
    if parts[2] != "nodes":
        return []
    cell, node, server = "/".join(parts[:2]), parts[3], parts[5]
    index = f"{cell}/nodes/{node}/serverindex.xml"
    paths = [
        index,
        *workspace.paths(f"{cell}/coregroups/*/coregroup.xml"),
        *workspace.paths(f"{cell}/clusters/*/cluster.xml"),
    ]
    found = [each for path in paths if workspace.exists(path) for each in workspace.document(path).walk()]
    return [
        each
        for each in found
        if (each.type == "ServerEntry" and each.get("serverName") == server)
        or (each.type == "CoreGroupServer" and (each.get("nodeName"), each.get("serverName")) == (node, server))
        or (each.type == "ClusterMember" and (each.get("nodeName"), each.get("memberName")) == (node, server))
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
