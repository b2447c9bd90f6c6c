"""Whether somebody is typing: RFC 3994."""

from __future__ import annotations

import xml.etree.ElementTree as ET

TYPE = "application/im-iscomposing+xml"
_SPACE = "urn:ietf:params:xml:ns:im-iscomposing"
_DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<isComposing xmlns="{space}"><state>{state}</state>'
    "<contenttype>text/plain</contenttype><refresh>60</refresh></isComposing>\r\n"
)


def build(active: bool) -> bytes:
    """The document."""
    return _DOCUMENT.format(space=_SPACE, state="active" if active else "idle").encode()


def parse(body: bytes) -> bool:
    """Whether the document says `active`. Raises `ValueError` for what is no such document."""
    if b"<!DOCTYPE" in body:
        raise ValueError("the document has a document type")
    try:
        root = ET.fromstring(body)
    except ET.ParseError as error:
        raise ValueError(f"the document is no XML: {error}") from None
    state = root.findtext(f"{{{_SPACE}}}state")
    if root.tag != f"{{{_SPACE}}}isComposing" or state not in ("active", "idle"):
        raise ValueError("the document is no isComposing with a state")
    return state == "active"
