"""How cmd reads a line: variables first, then commands joined by `&`, `&&`, `||`, each with its redirections."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Joint = Literal["", "&", "&&", "||"]


class NotUnderstood(Exception):
    """The line has something that cmd has but the lab has not, or that is no cmd at all."""


@dataclass
class Simple:
    """One command: its text without redirections, and where its streams go (None: where they always go)."""

    text: str
    joint: Joint = ""
    """What stands in front of it."""
    out: str | None = None
    append: bool = False
    err: str | None = None
    merge: bool = False


def split(line: str) -> list[Simple]:
    """The commands of a line."""
    found: list[Simple] = []
    joint: Joint = ""
    for part, following in _pieces(line):
        if part.strip():
            found.append(_redirected(part.strip(), joint))
        elif following in ("&&", "||"):
            raise NotUnderstood(f"{following} was unexpected at this time.")
        joint = following
    return found


def _pieces(line: str) -> list[tuple[str, Joint]]:
    """The line cut at its operators, which count outside of quotes only; `if` and `for` take all that follows."""
    if re.match(r"\s*@?(if|for)\b", line, re.IGNORECASE):
        return [(line, "")]
    pieces: list[tuple[str, Joint]] = []
    start = place = 0
    quoted = False
    while place < len(line):
        mark = line[place]
        if mark == '"':
            quoted = not quoted
        elif mark == "^" and not quoted:
            place += 1
        elif mark in "&|" and not quoted and not (mark == "&" and place and line[place - 1] == ">"):
            double = line[place : place + 2] == mark * 2
            if mark == "|" and not double:
                raise NotUnderstood("pipes of cmd are not imitated")
            joint: Joint = "||" if mark == "|" else "&&" if double else "&"
            pieces.append((line[start:place], joint))
            place += 1 if double else 0
            start = place + 1
        place += 1
    return [*pieces, (line[start:], "")]


# A digit names a stream only when it stands apart: `echo a1> f` writes `a1`.
_REDIRECTION = re.compile(r'((?<=\s)[12]|)(>>|>|<)\s*(&[12]|"[^"]*"|[^\s"&<>]+)')


def _redirected(text: str, joint: Joint) -> Simple:
    simple = Simple("", joint)
    kept: list[str] = []
    place = 0
    while place < len(text):
        found = _REDIRECTION.match(text, place)
        if found is None:
            stop = place + 1
            if text[place] == '"':
                end = text.find('"', place + 1)
                stop = len(text) if end < 0 else end + 1
            elif text[place] == "^":
                stop = place + 2
            kept.append(text[place:stop])
            place = stop
            continue
        stream, operator, target = found.groups()
        place = found.end()
        if operator == "<":
            raise NotUnderstood("input redirection of cmd is not imitated")
        if target.startswith("&"):
            if (stream or "1", target) != ("2", "&1"):
                raise NotUnderstood(f"redirection {stream}{operator}{target} is not imitated")
            simple.merge = True
        elif stream == "2":
            simple.err = target.strip('"')
        else:
            simple.out, simple.append = target.strip('"'), operator == ">>"
    simple.text = re.sub(r"\^(.)", r"\1", "".join(kept)).strip() if '"' not in "".join(kept) else "".join(kept).strip()
    return simple


def expand_arguments(line: str, arguments: list[str]) -> str:
    """`%1` to `%9`, `%0`, `%*`, `%~dp0` and `%~1` of a batch file; `arguments[0]` is its own full name."""

    def fill(found: re.Match[str]) -> str:
        modifiers, name = found[1] or "", found[2]
        if name == "*":
            return " ".join(arguments[1:])
        value = arguments[int(name)] if int(name) < len(arguments) else ""
        if modifiers:
            value = value.strip('"')
        if "dp" in modifiers:
            return value.rpartition("\\")[0] + "\\"
        return value

    return re.sub(r"%(~(?:dp)?)?([0-9*])", fill, line)
