# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bodies of several parts, RFC 2046 5.1: each part is converted by its own content type, what is between them stays."""

from __future__ import annotations

import re
from typing import Callable, Dict, List, Optional, Tuple

ConvertPart = Callable[[bytes, bytes], bytes]

_FOLD = re.compile(rb"\r?\n[ \t]+")
_PARAMETER = re.compile(rb';[ \t]*([^;="]*)(?:=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^;"]*)))?[ \t]*', re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_BLANK_LINE = re.compile(rb"(?:^|\n)\r?\n")
_LONG_NAMES = {b"c": b"content-type", b"e": b"content-encoding", b"l": b"content-length"}


def media_type(value: bytes) -> Tuple[bytes, bytes]:
    """Type/subtype in lower case and the boundary (empty: there is none) of a Content-Type, RFC 3261 20.15."""
    value = _FOLD.sub(b" ", value).strip()
    kind, semicolon, rest = value.partition(b";")
    kind = b"/".join(half.strip() for half in kind.lower().split(b"/"))
    rest = semicolon + rest
    parameter = _PARAMETER.match(rest)
    while parameter:  # one after the other: what follows a quote without end is not looked at again and again
        name, quoted, token = parameter.groups(b"")
        if name.strip().lower() == b"boundary":
            return kind, _ESCAPED.sub(rb"\1", quoted) or token.strip()
        parameter = _PARAMETER.match(rest, parameter.end())
    return kind, b""


def convert(body: bytes, boundary: bytes, convert_part: ConvertPart) -> bytes:
    """The body with every part converted; the same object when none changes.

    A part whose end is missing ends with the body. `convert_part` gets the content type and the content of a part.
    """
    out: List[bytes] = []
    done = 0
    for start, end in _parts(body, b"--" + boundary):
        old = body[start:end]
        new = _convert_part(old, convert_part)
        if new is not old:
            out += body[done:start], new
            done = end
    if not out:
        return body
    out.append(body[done:])
    return b"".join(out)


def _parts(body: bytes, delimiter: bytes) -> List[Tuple[int, int]]:
    """Where the parts begin and end: behind a delimiter's line, and before the line break of the next one."""
    parts: List[Tuple[int, int]] = []
    begin = -1  # of the part that is open
    at = body.find(delimiter)
    while at >= 0:
        line_end = body.find(b"\n", at)
        if line_end < 0:
            line_end = len(body)
        rest = body[at + len(delimiter) : line_end].rstrip(b" \t\r")
        if (at == 0 or body[at - 1] == 10) and rest in (b"", b"--"):
            if begin >= 0:
                end = at - 2 if body[at - 2 : at] == b"\r\n" else at - 1
                parts.append((begin, max(begin, end)))
            begin = line_end + 1
            if rest:
                return parts
        at = body.find(delimiter, line_end)
    if 0 <= begin < len(body):
        parts.append((begin, len(body)))
    return parts


def _convert_part(part: bytes, convert_part: ConvertPart) -> bytes:
    blank = _BLANK_LINE.search(part)
    if blank is None:
        return part
    head, content = part[: blank.end()], part[blank.end() :]
    fields = _fields(head)
    kind = fields.get(b"content-type")
    if kind is None or b"content-encoding" in fields:
        return part
    changed = convert_part(kind[0], content)
    if changed is content:
        return part
    return _with_length(head, fields.get(b"content-length"), len(changed)) + changed


def _fields(head: bytes) -> Dict[bytes, Tuple[bytes, int]]:
    """Values of the header fields by lower case name, still folded, with their place; the first of a name counts."""
    fields: Dict[bytes, Tuple[bytes, int]] = {}
    start = 0
    while start < len(head):
        end = head.find(b"\n", start) + 1 or len(head)
        while head[end : end + 1] in (b" ", b"\t"):
            end = head.find(b"\n", end) + 1 or len(head)
        name, colon, value = head[start:end].partition(b":")
        if colon:
            name = name.strip().lower()
            fields.setdefault(_LONG_NAMES.get(name, name), (value, end - len(value)))
        start = end
    return fields


def _with_length(head: bytes, field: Optional[Tuple[bytes, int]], length: int) -> bytes:
    if field is None or not field[0].strip().isdigit():
        return head
    value, place = field
    first = place + len(value) - len(value.lstrip())
    return b"%s%d%s" % (head[:first], length, head[first + len(value.strip()) :])
