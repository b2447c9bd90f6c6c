# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""WebSphere's repository as objects: what contains what, and where new objects go."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping

from ._was_document import Element, parse
from ._was_types import Type, fitting, types

# The document whose root stands for a folder of each kind.
MAIN = {
    "cells": "cell.xml",
    "nodes": "node.xml",
    "servers": "server.xml",
    "clusters": "cluster.xml",
    "coregroups": "coregroup.xml",
    "nodegroups": "nodegroup.xml",
}
_STEP = re.compile(r"/(\w+):([^/]*)")


class BadPath(Exception):
    """A text that is no containment path."""


def path_steps(path: str) -> list[tuple[str, str]]:
    """The types and names of a containment path such as `/Cell:c/Node:n/`; raises `BadPath`."""
    if not re.fullmatch(r"(/\w+:[^/]*)+/", path):
        raise BadPath(f"{path!r} is no containment path; write it as /Cell:stgwCell/Node:stgpn1Node/")
    return _STEP.findall(path)


@functools.cache
def root_type(folder: str) -> str:
    """The type of the main document of folders of a kind."""
    return next(each.type for each in types().values() if each.documents.get(folder) == MAIN[folder])


class Repository:
    """The documents that were read, by their paths below `config`. Templates are documents too, but contain nothing
    that a path or a type could find."""

    def __init__(self, cell: str, texts: Mapping[str, str]) -> None:
        self.cell = cell
        self.documents: dict[str, list[Element]] = {path: parse(path, text) for path, text in texts.items()}

    def roots(self) -> Iterator[Element]:
        """The roots of every document of the cell, in the order of the documents' paths."""
        for path in sorted(self.documents):
            if path.startswith(f"cells/{self.cell}/"):
                yield from self.documents[path]

    def main(self, context: str) -> Element | None:
        """The object that a folder stands for."""
        kind = kind_of(context)
        roots = self.documents.get(f"{context}/{MAIN[kind]}", []) if kind in MAIN else []
        return next((root for root in roots if root.type == root_type(kind)), None)

    def owner(self, root: Element) -> Element | None:
        """The object that contains the root of a document."""
        own = self.main(root.context)
        if own is not root:
            return own
        above = root.context.rpartition("/")[0].rpartition("/")[0]
        return self.main(above) if above else None

    def contained(self, scope: Element) -> Iterator[Element]:
        """What `scope` contains directly, in its own document and in others."""
        for children in scope.children.values():
            yield from children
        for root in self.roots():
            if self.owner(root) is scope:
                yield root

    def below(self, scope: Element | None, type_name: str) -> Iterator[Element]:
        """Every object of a type, in all or in `scope`."""
        whole_folder = scope is not None and scope is self.main(scope.context)
        if scope is None or whole_folder:
            inside = "" if scope is None else f"{scope.context}/"
            roots = [root for root in self.roots() if root.document.startswith(inside)]
        else:
            roots = [scope]
        return (each for root in roots for each in root.walk() if each is not scope and each.is_a(type_name))

    def resolve(self, path: str) -> list[Element]:
        """The objects that a containment path stands for."""
        found: list[Element] = []
        for number, (type_name, name) in enumerate(path_steps(path)):
            if number == 0:
                candidates = list(self.below(None, type_name))
            else:
                candidates = [each for scope in found for each in self.contained(scope) if each.is_a(type_name)]
            found = [each for each in candidates if not name or each.name == name]
        return found

    def add_root(self, element: Element) -> None:
        """Put a new root into its document, which may be new too."""
        self.documents.setdefault(element.document, []).append(element)

    def remove(self, element: Element) -> None:
        """Take an object out, and with the root of a folder the folder."""
        if element.parent is not None:
            element.parent.children[element.feature].remove(element)
        elif element is self.main(element.context):
            for path in [path for path in self.documents if path.startswith(f"{element.context}/")]:
                del self.documents[path]
        else:
            self.documents[element.document].remove(element)


def kind_of(context: str) -> str:
    """The kind of a folder: `nodes` of `cells/c/nodes/n`."""
    parts = context.split("/")
    return parts[-2] if len(parts) > 1 else ""


def document_of(type_: Type, context: str) -> str | None:
    """The document that roots of a type have in a folder."""
    name = type_.documents.get(kind_of(context))
    return f"{context}/{name}" if name else None


def sub_context(type_: Type, name: str, context: str) -> str | None:
    """The folder of a new object that has one, below `context`."""
    for folder, document in type_.documents.items():
        if MAIN.get(folder) == document:
            return f"{context}/{folder}/{name}".lstrip("/")
    return None


def feature_for(owner: Type, child: str) -> list[str]:
    """The attributes of a type that may hold a child of another."""
    return [name for name, feature in owner.children.items() if child in fitting(feature)]
