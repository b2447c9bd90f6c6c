# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A rule as `iptables-save` writes it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Value:
    """What stands behind an option, several words with blanks between them; `negated` by a `!` in front of it."""

    text: str
    negated: bool = False


@dataclass(frozen=True)
class Line:
    """`-A chain option value ...`; of an option that is repeated, as `-m` is, the values are joined by blanks."""

    table: str
    chain: str
    options: Mapping[str, Value]
    text: str


def lines(saved: Iterable[str]) -> Iterator[Line]:
    """The rules of all tables."""
    table = ""
    for line in saved:
        if line.startswith("*"):
            table = line[1:].strip()
        elif line.startswith("-A "):
            yield _line(table, line.strip())


def _line(table: str, text: str) -> Line:
    chain, *words = shlex.split(text)[1:]
    options: dict[str, Value] = {}
    option, negated = "", False
    for word in words:
        if word == "!":
            negated = True
        elif word.startswith("-"):
            option = word
            options[option] = Value(options[option].text if option in options else "", negated)
            negated = False
        elif option:
            value = options[option]
            options[option] = Value(f"{value.text} {word}".strip(), value.negated)
    return Line(table, chain, options, text)
