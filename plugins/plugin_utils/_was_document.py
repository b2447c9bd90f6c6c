# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Documents of WebSphere's repository (XMI) as typed objects."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field

from ._was_types import is_a, types

_XMI = "{http://www.omg.org/XMI}"
_XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


@dataclass(eq=False)
class Element:
    """One object: its type, its plain attributes as they are written, lists of texts, and what it contains."""

    type: str
    id: str
    document: str
    """Path of its document below `config`, such as `cells/c/cell.xml`."""
    feature: str = ""
    parent: Element | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    children: dict[str, list[Element]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """An attribute, as the model supplies it where the document leaves it out."""
        if name in self.attributes:
            return self.attributes[name]
        known = types().get(self.type)
        attribute = known.attributes.get(name) if known else None
        return attribute.default if attribute else ""

    @property
    def name(self) -> str:
        """What names it, or nothing."""
        known = types().get(self.type)
        return self.get(known.name) if known and known.name else ""

    @property
    def context(self) -> str:
        """The folder of its document."""
        return self.document.rpartition("/")[0]

    def is_a(self, type_name: str) -> bool:
        return is_a(self.type, type_name)

    def walk(self) -> Iterator[Element]:
        """Itself and all that it contains."""
        yield self
        for children in self.children.values():
            for child in children:
                yield from child.walk()

    def add(self, feature: str, child: Element) -> None:
        """Take `child` in, as the last one or as the only one, as the feature is."""
        child.parent, child.feature = self, feature
        known = types()[self.type].children.get(feature) if self.type in types() else None
        if known and not known.many:
            self.children[feature] = [child]
        else:
            self.children.setdefault(feature, []).append(child)


class NotXmi(Exception):
    """A document that is no XML, for example one that was cut off."""


def parse(path: str, text: str) -> list[Element]:
    """The roots of a document: the one root element, or those below `xmi:XMI`."""
    try:
        root = ET.fromstring(text.lstrip("\ufeff \r\n"))
    except ET.ParseError as error:
        raise NotXmi(f"{path} is not well-formed: {error}") from None
    nodes = list(root) if root.tag == f"{_XMI}XMI" else [root]
    return [_element(node, node.tag.rpartition("}")[2], path) for node in nodes]


def _element(node: ET.Element, type_name: str, path: str) -> Element:
    element = Element(type=type_name, id=node.get(f"{_XMI}id", ""), document=path)
    for name, value in node.attrib.items():
        if not name.startswith("{"):
            element.attributes[name] = value
    features = types()[type_name].children if type_name in types() else {}
    for child in node:
        feature = child.tag.rpartition("}")[2]
        if not child.attrib and not len(child):
            element.lists.setdefault(feature, []).append(child.text or "")
        elif _XSI_NIL in child.attrib:
            continue
        else:
            # A type that is the declared one is not written.
            declared = features[feature].types[0] if feature in features else feature
            given = child.get(f"{_XMI}type", "").rpartition(":")[2]
            element.add(feature, _element(child, given or declared, path))
    return element
