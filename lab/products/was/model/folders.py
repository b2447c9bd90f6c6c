"""Folders of the repository that belong to an object: `cells/C`, `cells/C/nodes/N`, `.../servers/S` and the like.

Each has a document whose root is that object, and more documents whose roots count as contained in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from lab.products.was.model.element import Element
from lab.products.was.model.types import contexts, is_a

# Folder kind -> (type, document) of the object the folder belongs to.
OWNERS = {
    "cells": ("Cell", "cell.xml"),
    "coregroups": ("CoreGroup", "coregroup.xml"),
    "nodegroups": ("NodeGroup", "nodegroup.xml"),
    "clusters": ("ServerCluster", "cluster.xml"),
    "nodes": ("Node", "node.xml"),
    "servers": ("Server", "server.xml"),
    "buses": ("SIBus", "sib-bus.xml"),
    "deployments": ("Deployment", "deployment.xml"),
}
# Folder kind -> kinds of folders in it. An application's deployments lie one folder deeper.
_INSIDE = {
    "cells": ("coregroups", "nodegroups", "clusters", "nodes", "buses", "applications/*/deployments"),
    "nodes": ("servers",),
    "clusters": ("servers",),
}


def kind(path: str) -> str:
    """The kind of the folder of a document: `nodes` for `cells/C/nodes/N/node.xml`."""
    parts = path.split("/")
    return parts[-3] if len(parts) > 2 else ""


def folder(path: str) -> str:
    """The folder of a document."""
    return path.rpartition("/")[0]


def owned(element: Element) -> str | None:
    """The folder that belongs to `element`, if one does."""
    path = element.document.path
    owner = OWNERS.get(kind(path))
    return folder(path) if owner == (element.type, path.rpartition("/")[2]) and element.parent is None else None


def is_owner(type_name: str) -> bool:
    """Whether every object of that type has a folder of its own."""
    return any(owner == type_name for owner, _ in OWNERS.values())


def root_documents(folder_kind: str, type_name: str) -> list[str]:
    """The documents of such a folder that can have a root of that type; the folder's own document is none of them."""
    own = OWNERS.get(folder_kind, ("", ""))[1]
    return [
        name
        for name, roots in contexts().get(folder_kind, {}).items()
        if name != own and any(is_a(root, type_name) or is_a(type_name, root) for root in roots)
    ]


def inside(folder_kind: str, type_name: str) -> Iterator[tuple[str, str]]:
    """(kind of folder, document) of folders inside such a folder that belong to objects of that type."""
    for each in _INSIDE.get(folder_kind, ()):
        owner, document = OWNERS[each.rpartition("/")[2]]
        if owner == type_name:
            yield each, document


def parents(type_name: str) -> list[str]:
    """The types of objects in whose folders objects of that type lie."""
    found = {OWNERS[each][0] for each in OWNERS if root_documents(each, type_name)}
    found.update(OWNERS[each][0] for each in _INSIDE if any(inside(each, type_name)))
    return sorted(found)
