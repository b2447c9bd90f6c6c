"""Passwords as the product's files hide them: `{xor}` and the bytes, each xored with an underscore, in base 64."""

from __future__ import annotations

import base64

_PREFIX = "{xor}"
_MASK = ord("_")


def encode(text: str) -> str:
    """The hidden form of a password."""
    return _PREFIX + base64.b64encode(bytes(byte ^ _MASK for byte in text.encode())).decode()


def decode(text: str) -> str:
    """The password behind `{xor}...`; plain text stays as it is."""
    if not text.startswith(_PREFIX):
        return text
    return bytes(byte ^ _MASK for byte in base64.b64decode(text.removeprefix(_PREFIX))).decode("utf-8", "replace")
