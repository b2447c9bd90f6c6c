# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What differs between a message and what became of it."""

from __future__ import annotations

from itertools import zip_longest
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

from ..rewriting.parts import Parts
from .reasons import ADDED, CHANGED, REMOVED, Direction, of_body, of_field


class Edit(NamedTuple):
    """One line; `before` is None when it is added, `after` when it is removed."""

    before: Optional[str]
    after: Optional[str]
    why: str


def text(line: bytes) -> str:
    """A line for people: folds are shown, what is no text too."""
    return line.decode("utf-8", "backslashreplace").replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")


def edits(before: Parts, after: Parts, direction: Direction) -> Iterator[Edit]:
    """The first line, the header fields in the order in which they leave, removed ones, the body."""
    if before.start != after.start:
        yield Edit(text(before.start), text(after.start), of_field("request-line", CHANGED, direction))
    yield from _fields(before, after, direction)
    if before.body != after.body:
        yield from _body(before.body, after.body)


def _fields(before: Parts, after: Parts, direction: Direction) -> Iterator[Edit]:
    """Lines of one name keep their order, and a proxy adds and removes at the front of it."""
    lines: Dict[bytes, Tuple[List[Optional[bytes]], List[Optional[bytes]]]] = {}
    for name, line in before.fields:
        lines.setdefault(name, ([], []))[0].append(line)
    for name, line in after.fields:
        lines.setdefault(name, ([], []))[1].append(line)
    pairs: Dict[bytes, List[Tuple[Optional[bytes], Optional[bytes]]]] = {}
    for name, (old, new) in lines.items():
        missing = len(new) - len(old)
        pairs[name] = list(zip([None] * missing + old, [None] * -missing + new))
    shown = [name for name, _line in after.fields] + [name for name, _line in before.fields]
    for name in dict.fromkeys(shown):
        for old_line, new_line in pairs[name]:
            if old_line != new_line:
                change = ADDED if old_line is None else REMOVED if new_line is None else CHANGED
                why = of_field(name.decode("utf-8", "replace"), change, direction)
                yield Edit(_shown(old_line), _shown(new_line), why)


def _shown(line: Optional[bytes]) -> Optional[str]:
    return None if line is None else text(line)


def _body(before: bytes, after: bytes) -> Iterator[Edit]:
    """Line by line: no line is added to a body or taken from it."""
    for old, new in zip_longest(before.split(b"\n"), after.split(b"\n")):
        if old != new:
            old_line, new_line = (text((line or b"").rstrip(b"\r")) for line in (old, new))
            yield Edit(old_line, new_line, of_body(old_line))
