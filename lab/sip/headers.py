"""Parts of From, To and Contact that are wanted often, from the text."""

from __future__ import annotations

import re
import secrets

_TAG = re.compile(r";\s*tag\s*=\s*([^\s;,>]+)", re.I)
_URI = re.compile(r"<([^>]*)>")


def tag(value: str) -> str | None:
    """The tag of a From or To."""
    found = _TAG.search(value, value.rfind(">") + 1)
    return found.group(1) if found else None


def uri(value: str) -> str:
    """The URI of a From, To, Contact, Route or Record-Route, as text and without the field's own parameters."""
    found = _URI.search(value)
    return found.group(1) if found else value.partition(";")[0].strip()


def new_tag() -> str:
    """A tag that nobody guesses."""
    return secrets.token_hex(8)
