"""Between XMI text and trees of `Element`.

A document has one root `prefix:Type`, or `xmi:XMI` around none or several. A contained object is an element named after
its feature; its type is what the feature is declared with, unless `xmi:type` says another. References are ids in an
attribute, or elements with `href` for objects of other documents. Ids say nothing about types.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element
from lab.products.was.model.types import types

if TYPE_CHECKING:
    from lab.products.was.model.document import Document

XMI = "http://www.omg.org/XMI"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\n": "&#xA;", "\r": "&#xD;", "\t": "&#x9;"})


def read(document: Document, text: str) -> None:
    """Fill `document` with the objects of `text`. Raises `ScriptingError` for what is no XMI."""
    parser: ET.XMLPullParser[Any] = ET.XMLPullParser(("start-ns", "end"))
    root: ET.Element | None = None
    try:
        # Bytes: the declaration may name the encoding, which is UTF-8 in every document of WAS.
        parser.feed(text.encode("utf-8"))
        parser.close()
        for event, value in cast(Iterator[tuple[str, Any]], parser.read_events()):
            if event == "start-ns":
                document.namespaces.setdefault(value[0], value[1])
            else:
                root = value
    except ET.ParseError as error:
        raise ScriptingError(
            "com.ibm.websphere.management.exception.DocumentParseException: "
            f"ADMG0003E: The document {document.path} cannot be loaded: {error}"
        ) from error
    if root is None or (_space(root.tag) != XMI and f"{{{XMI}}}version" not in root.attrib):
        raise ScriptingError(
            "com.ibm.websphere.management.exception.DocumentParseException: "
            f"ADMG0003E: The document {document.path} cannot be loaded: it is no XMI document."
        )
    for tag in root if root.tag == f"{{{XMI}}}XMI" else [root]:
        # The documentation that IBM's templates carry is XMI's own, no configuration.
        if _space(tag.tag) != XMI:
            element = _element(document, tag, _local(tag.tag))
            element.prefix = _prefix(document, _space(tag.tag))
            document.add_root(element)


def _element(document: Document, tag: ET.Element, type_name: str) -> Element:
    element = Element(type_name, tag.get(f"{{{XMI}}}id", ""), document)
    element.attributes = {name: value for name, value in tag.attrib.items() if not name.startswith("{")}
    for child in tag:
        feature = _local(child.tag)
        if _space(child.tag) == XMI:
            continue
        if "href" in child.attrib:
            _append(element, feature, child.get("href", ""), " ")
        elif _is_text(element, child, feature):
            _append(element, feature, (child.text or "").strip(), ";")
        else:
            said = child.get(f"{{{XMI}}}type", "")
            contained = _element(document, child, said.rpartition(":")[2] or _declared(element, child, feature))
            contained.prefix = said.rpartition(":")[0]
            contained.parent, contained.feature = element, feature
            element.children.setdefault(feature, []).append(contained)
    return element


def _is_text(element: Element, tag: ET.Element, feature: str) -> bool:
    if feature in element.info.children:
        return False
    return feature in element.info.attributes or (len(tag) == 0 and not tag.attrib)


def _append(element: Element, feature: str, value: str, separator: str) -> None:
    element.texts.add(feature)
    before = element.attributes.get(feature, "")
    element.attributes[feature] = f"{before}{separator}{value}" if before else value


def _declared(element: Element, tag: ET.Element, feature: str) -> str:
    """The type of a contained object whose `xmi:type` is not written."""
    known = element.info.children.get(feature)
    if known and len(known.types) == 1:
        return known.types[0]
    hint = tag.get(f"{{{XMI}}}id", "").partition("_")[0]
    if known:
        return hint if hint in known.types else known.types[0]
    return hint if hint in types() else feature[:1].upper() + feature[1:]


def write(document: Document) -> str:
    """The document in the form that WAS writes."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    spaces = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in sorted(_used(document).items()))
    head = f' xmi:version="2.0" xmlns:xmi="{XMI}"{spaces}'
    if len(document.roots) == 1:
        root = document.roots[0]
        _write(root, _qualified(root), head, 0, lines)
    else:
        lines.append(f"<xmi:XMI{head}{'>' if document.roots else '/>'}")
        for root in document.roots:
            _write(root, _qualified(root), "", 1, lines)
        lines += ["</xmi:XMI>"] if document.roots else []
    return "\n".join(lines) + "\n"


def _write(element: Element, tag: str, head: str, depth: int, lines: list[str]) -> None:
    indent = "  " * depth
    attributes = "".join(
        f' {name}="{value.translate(_ESCAPES)}"'
        for name, value in element.attributes.items()
        if name not in element.texts
    )
    identity = f' xmi:id="{element.id}"' if element.id else ""
    inside: list[str] = []
    for name in (each for each in element.attributes if each in element.texts):
        inside += _texts(element, name, f"{indent}  ")
    for feature, children in element.children.items():
        for child in children:
            _write(child, feature, _type_of(child), depth + 1, inside)
    lines.append(f"{indent}<{tag}{head}{identity}{attributes}{'>' if inside else '/>'}")
    if inside:
        lines += [*inside, f"{indent}</{tag}>"]


def _texts(element: Element, name: str, indent: str) -> Iterator[str]:
    value = element.attributes[name]
    if name in element.info.references:
        yield from (f'{indent}<{name} href="{each.translate(_ESCAPES)}"/>' for each in value.split())
    else:
        pieces = value.split(";") if _is_list(element, name) else [value]
        yield from (f"{indent}<{name}>{each.translate(_ESCAPES)}</{name}>" for each in pieces)


def _is_list(element: Element, name: str) -> bool:
    attribute = element.info.attributes.get(name)
    return attribute is None or attribute.many


def _type_of(element: Element) -> str:
    """The ` xmi:type` of a contained object: written where the feature says another type, or none."""
    known = element.parent.info.children.get(element.feature) if element.parent else None
    if not element.prefix and (known is None or element.type in known.types or not element.info.prefix):
        return ""
    return f' xmi:type="{_qualified(element)}"'


def _qualified(element: Element) -> str:
    prefix = element.prefix or element.info.prefix
    return f"{prefix}:{element.type}" if prefix else element.type


def _used(document: Document) -> dict[str, str]:
    """The name spaces that the document must declare."""
    used = {}
    for element in document.walk():
        prefix = element.prefix or ("" if element.parent and not _type_of(element) else element.info.prefix or "")
        if prefix:
            used[prefix] = document.namespaces.get(prefix) or element.info.namespace or _namespace(prefix)
    return used


def _namespace(prefix: str) -> str:
    return next((each.namespace for each in types().values() if each.prefix == prefix and each.namespace), prefix)


def _prefix(document: Document, space: str) -> str:
    return next((prefix for prefix, each in document.namespaces.items() if each == space and prefix), "")


def _space(tag: str) -> str:
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
