"""Copies of objects, with ids of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.products.was.model.document import Document
from lab.products.was.model.element import Element

if TYPE_CHECKING:
    from lab.products.was.model.workspace import Workspace


def copy(workspace: Workspace, source: Element, document: Document) -> Element:
    """A copy for `document`, contained in nothing yet: references inside it name the copies."""
    fresh: dict[str, str] = {}
    copied = _copy(workspace, source, document, fresh)
    for element in copied.walk():
        for name in element.info.references.keys() & element.attributes.keys():
            tokens = element.attributes[name].split()
            element.attributes[name] = " ".join(fresh.get(token, token) for token in tokens)
    return copied


def _copy(workspace: Workspace, source: Element, document: Document, fresh: dict[str, str]) -> Element:
    element = Element(source.type, workspace.new_id(source.type, document), document, prefix=source.prefix)
    fresh[source.id] = element.id
    element.attributes, element.texts = dict(source.attributes), set(source.texts)
    for feature, children in source.children.items():
        for child in children:
            inner = _copy(workspace, child, document, fresh)
            inner.parent, inner.feature = element, feature
            element.children.setdefault(feature, []).append(inner)
    return element
