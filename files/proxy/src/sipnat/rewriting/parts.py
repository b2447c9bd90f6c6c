# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A message taken apart for people: for proofs and explanations, not for the road that messages take."""

from __future__ import annotations

from typing import List, NamedTuple, Tuple

from .headers import unfolded

_LONG = {
    b"b": b"referred-by",
    b"c": b"content-type",
    b"e": b"content-encoding",
    b"f": b"from",
    b"i": b"call-id",
    b"l": b"content-length",
    b"m": b"contact",
    b"r": b"refer-to",
    b"t": b"to",
    b"v": b"via",
}


class Parts(NamedTuple):
    """Start line, header fields as (lower case long name, line as written with its folds), body."""

    start: bytes
    fields: List[Tuple[bytes, bytes]]
    body: bytes

    def values(self, name: bytes) -> List[bytes]:
        """The lines of one name."""
        return [line for field, line in self.fields if field == name]


def parts(data: bytes) -> Parts:
    """Takes a message apart; whatever the bytes, something comes out."""
    head, _end, body = data.partition(b"\r\n\r\n")
    start, *lines = unfolded(head.split(b"\r\n"))
    fields = []
    for line in lines:
        name = line.partition(b":")[0].strip().lower()
        fields.append((_LONG.get(name, name), line))
    return Parts(start, fields, body)
