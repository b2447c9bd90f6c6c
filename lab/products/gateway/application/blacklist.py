"""Domains that the gateway does not talk with."""

from __future__ import annotations

import re

PROPERTY = "blacklist"


def entries(text: str) -> tuple[str, ...]:
    """The entries of the property: separated by comma, semicolon or blank; in small letters."""
    return tuple(entry.lower() for entry in re.split(r"[,;\s]+", text) if entry)


def wrong(text: str) -> tuple[str, ...]:
    """Entries that match nothing: `*` stands for the first label of a domain only."""
    return tuple(entry for entry in entries(text) if not re.fullmatch(r"(\*|[^*.]+)(\.[^*.]+)+", entry))


def match(text: str, domain: str) -> str | None:
    """The first entry that a domain matches."""
    name = domain.lower()
    bad = wrong(text)
    for entry in entries(text):
        if entry in bad:
            continue
        if entry == name or (entry.startswith("*.") and name.partition(".")[2] == entry[2:]):
            return entry
    return None
