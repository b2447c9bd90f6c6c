# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Filters of LDAP: from their text (RFC 4515) to their encoding (RFC 4511, 4.5.1)."""

from __future__ import annotations

import re

from ._ber import octets, tagged

_AND, _OR, _NOT, _EQUAL, _SUBSTRINGS, _GREATER, _LESS, _PRESENT, _APPROXIMATE = (
    0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0x87, 0xA8,
)  # fmt: skip
_LISTS = {"&": _AND, "|": _OR}
_COMPARISONS = {"=": _EQUAL, ">=": _GREATER, "<=": _LESS, "~=": _APPROXIMATE}
_ITEM = re.compile(r"([A-Za-z0-9.;-]+)(>=|<=|~=|=)([^()]*)")
_INITIAL, _ANY, _FINAL = 0x80, 0x81, 0x82


def encoded_filter(text: str) -> bytes:
    """The encoding. Raises `ValueError` for what is no filter, or one of extensible matches."""
    encoded, end = _filter(text.strip(), 0)
    if end != len(text.strip()):
        raise ValueError(f"{text!r} goes on behind its end")
    return encoded


def _filter(text: str, at: int) -> tuple[bytes, int]:
    if text[at : at + 1] != "(":
        raise ValueError(f"{text!r} has no ( at character {at + 1}")
    sign = text[at + 1 : at + 2]
    if sign in _LISTS or sign == "!":
        parts, end = _parts(text, at + 2)
        if sign == "!" and len(parts) != 1:
            raise ValueError(f"{text!r} denies several filters at once, at character {at + 1}")
        encoded = tagged(_NOT if sign == "!" else _LISTS[sign], b"".join(parts))
    else:
        found = _ITEM.match(text, at + 1)
        if found is None:
            raise ValueError(f"{text!r} has no comparison at character {at + 2}")
        encoded, end = _comparison(found[1], found[2], found[3]), found.end()
    if text[end : end + 1] != ")":
        raise ValueError(f"{text!r} has no ) at character {end + 1}")
    return encoded, end + 1


def _parts(text: str, at: int) -> tuple[list[bytes], int]:
    parts = []
    while text[at : at + 1] == "(":
        part, at = _filter(text, at)
        parts.append(part)
    return parts, at


def _comparison(attribute: str, sign: str, value: str) -> bytes:
    if sign == "=" and value == "*":
        return tagged(_PRESENT, attribute.encode())
    if sign == "=" and "*" in value:
        first, *middle, last = value.split("*")
        pieces = [(_INITIAL, first), *((_ANY, each) for each in middle), (_FINAL, last)]
        encoded = b"".join(tagged(tag, _value(piece)) for tag, piece in pieces if piece)
        return tagged(_SUBSTRINGS, octets(attribute) + tagged(0x30, encoded))
    return tagged(_COMPARISONS[sign], octets(attribute) + tagged(0x04, _value(value)))


def _value(text: str) -> bytes:
    return re.sub(rb"\\([0-9a-fA-F]{2})", lambda found: bytes([int(found[1], 16)]), text.encode())
