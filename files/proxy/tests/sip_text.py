# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""SIP messages as the tests read them: slowly, by the grammar, and with nothing of the proxy's own code."""

from __future__ import annotations

import re
from typing import List, NamedTuple

_COMPACT = {
    b"b": b"referred-by",
    b"c": b"content-type",
    b"f": b"from",
    b"i": b"call-id",
    b"l": b"content-length",
    b"m": b"contact",
    b"r": b"refer-to",
    b"t": b"to",
    b"v": b"via",
}


class Field(NamedTuple):
    """One header field: its name in lower case and in full, its value unfolded, and the bytes that it came from."""

    name: bytes
    value: bytes
    raw: bytes  # with every line end


class Message(NamedTuple):
    """A message in parts; `raw` of the parts together are the message."""

    start: bytes  # without line end
    fields: List[Field]
    body: bytes

    def values(self, name: bytes) -> List[bytes]:
        """The values of every field of that name, in their order."""
        return [field.value for field in self.fields if field.name == name]

    def each(self, name: bytes) -> List[bytes]:
        """The same, with lists taken apart at their commas (RFC 3261, 7.3.1)."""
        return [value for line in self.values(name) for value in at_commas(line)]


def parse(data: bytes) -> Message:
    """Take a message apart; its body is what stands behind the empty line."""
    head, separator, body = data.partition(b"\r\n\r\n")
    assert separator, data
    start, _, rest = head.partition(b"\r\n")
    fields = []
    for raw in re.findall(rb"[^ \t].*?\r\n(?:[ \t].*?\r\n)*", rest + b"\r\n" if rest else b""):
        name, colon, value = raw.partition(b":")
        assert colon, raw
        name = name.strip().lower()
        fields.append(Field(_COMPACT.get(name, name), re.sub(rb"[ \t]*\r\n[ \t]*", b" ", value).strip(), raw))
    assert b"\r\n".join([start, b"".join(field.raw for field in fields), body]) == data, data
    return Message(start, fields, body)


def at_commas(value: bytes) -> List[bytes]:
    """The values of a list; a comma in quotes or in angle brackets is none."""
    values, part, quoted, bracket, escaped = [], bytearray(), False, False, False
    for byte in value:
        char = bytes([byte])
        if escaped:
            escaped = False
        elif quoted:
            escaped, quoted = char == b"\\", char != b'"'
        elif char == b'"':
            quoted = True
        elif char in b"<>":
            bracket = char == b"<"
        elif char == b"," and not bracket:
            values.append(bytes(part).strip())
            part.clear()
            continue
        part += char
    return [*values, bytes(part).strip()]


def without(data: bytes, raw: bytes) -> bytes:
    """The message without one of its fields, which it holds once."""
    assert data.count(raw) == 1, (raw, data)
    return data.replace(raw, b"")
