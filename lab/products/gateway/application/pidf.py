"""Presence documents: RFC 3863, with the activity `away` of RFC 4480."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Literal, get_args
from xml.sax.saxutils import quoteattr

TYPE = "application/pidf+xml"
Status = Literal["online", "away", "offline", "unknown"]
STATUSES: tuple[Status, ...] = get_args(Status)
_PIDF = "urn:ietf:params:xml:ns:pidf"
_MODEL = "urn:ietf:params:xml:ns:pidf:data-model"
_RPID = "urn:ietf:params:xml:ns:pidf:rpid"
_LONGEST = 16384

_AWAY = '<dm:person id="p1"><rpid:activities><rpid:away/></rpid:activities></dm:person>'
_DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?>\r\n'
    f'<presence xmlns="{_PIDF}" xmlns:dm="{_MODEL}" xmlns:rpid="{_RPID}" entity={{entity}}>'
    '<tuple id="t1"><status><basic>{basic}</basic></status></tuple>{person}</presence>\r\n'
)


def build(user: str, status: Status) -> bytes:
    """The document of `user@domain`. Who is neither online nor away is closed."""
    basic = "open" if status in ("online", "away") else "closed"
    person = _AWAY if status == "away" else ""
    return _DOCUMENT.format(entity=quoteattr(f"pres:{user}"), basic=basic, person=person).encode()


def parse(body: bytes) -> Status:
    """The status that a document tells. Raises `ValueError` for what is no such document."""
    if len(body) > _LONGEST or b"<!DOCTYPE" in body:
        raise ValueError("the presence document is too long or has a document type")
    try:
        root = ET.fromstring(body)
    except ET.ParseError as error:
        raise ValueError(f"the presence document is no XML: {error}") from None
    if root.tag != f"{{{_PIDF}}}presence" or not root.get("entity"):
        raise ValueError(f"the document's root {root.tag} is no presence with an entity")
    basics = {(each.text or "").strip() for each in root.iter(f"{{{_PIDF}}}basic")}
    if "open" not in basics:
        return "offline" if "closed" in basics else "unknown"
    return "online" if root.find(f".//{{{_RPID}}}away") is None else "away"
