"""What values attributes can have, and how the documents write them."""

from __future__ import annotations

import re

from lab.products.was import xor
from lab.products.was.model import messages
from lab.products.was.model.types import Attribute

_LIMITS = {"int": 2**31, "long": 2**63}


def checked(attribute: Attribute, value: str) -> str:
    """The value as a document holds it; raises `ScriptingError` for one that the attribute cannot have.

    A boolean is true only for the word: anything else is false, as the product takes it."""
    if attribute.type == "boolean":
        return "true" if value.strip().lower() == "true" else "false"
    if attribute.type in _LIMITS:
        return _whole(attribute, value.strip())
    if attribute.type == "float":
        if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", value.strip()):
            raise messages.invalid_value(attribute.name, value)
        return value.strip()
    if attribute.type == "ENUM" and value not in attribute.values:
        raise messages.invalid_value(attribute.name, value)
    return _hidden(attribute.name, value)


def is_secret(name: str) -> bool:
    """Whether documents keep the attribute's value encoded and nobody is shown it."""
    return name.lower().endswith("password")


def _whole(attribute: Attribute, value: str) -> str:
    limit = _LIMITS[attribute.type]
    if not re.fullmatch(r"[+-]?\d+", value) or not -limit <= int(value) < limit:
        raise messages.invalid_value(attribute.name, value)
    return str(int(value))


def _hidden(name: str, value: str) -> str:
    if not is_secret(name) or not value or re.match(r"\{\w+\}", value):
        return value
    return xor.encode(value)
