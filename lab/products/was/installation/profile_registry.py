"""`properties/profileRegistry.xml`: the profiles of an installation, and the tickets of those that are being made."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from xml.sax.saxutils import quoteattr

from lab.products.was import layout
from lab.products.was.layout import Installation


@dataclass(frozen=True)
class Entry:
    """One line. `ticket`: reserved by a creation that is not through, or never will be."""

    name: str
    path: str
    template: str
    default: bool
    ticket: bool


def read(installation: Installation) -> list[Entry]:
    """All entries, tickets too."""
    file = installation.file(*layout.REGISTRY)
    if not file.exists():
        return []
    return [
        Entry(
            found.get("name", ""), found.get("path", ""), found.get("template", ""),
            found.get("isDefault") == "true", found.get("isAReservationTicket") == "true",
        )
        for found in ET.parse(file).getroot().iter("profile")
    ]  # fmt: skip


def write(installation: Installation, entries: list[Entry]) -> None:
    """Replace the file."""
    lines = [
        f'    <profile isAReservationTicket="{_word(entry.ticket)}" isDefault="{_word(entry.default)}" '
        f"name={quoteattr(entry.name)} path={quoteattr(entry.path)} template={quoteattr(entry.template)}/>\n"
        for entry in entries
    ]
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<profiles>\n' + "".join(lines) + "</profiles>\n"
    installation.file(*layout.REGISTRY).write_text(text, "utf-8")


def put(installation: Installation, entry: Entry) -> None:
    """Add an entry, or replace the one of that name; there is one default only."""
    others = [
        replace(other, default=other.default and not entry.default)
        for other in read(installation)
        if other.name != entry.name
    ]
    write(installation, [*others, entry])


def remove(installation: Installation, name: str) -> None:
    """Take an entry out."""
    write(installation, [entry for entry in read(installation) if entry.name != name])


def _word(value: bool) -> str:
    return "true" if value else "false"
