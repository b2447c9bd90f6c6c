"""What stands behind `|`: the lines of an output that somebody wants to see."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lab.ios.syntax import Refused

_FILTERS = ("begin", "exclude", "include", "section")


def split(line: str) -> tuple[str, str]:
    """The command and what is behind the first `|`."""
    command, _, behind = line.partition("|")
    return command.rstrip(), behind.strip()


def apply(text: str, behind: str) -> str:
    """The lines that a filter lets through; raises `Refused`."""
    word, _, pattern = behind.partition(" ")
    meant = [name for name in _FILTERS if word and name.startswith(word.lower())]
    if not meant:
        raise Refused("% Invalid input detected at '^' marker.\n")
    if not pattern.strip():
        raise Refused("% Incomplete command.\n")
    try:
        wanted = re.compile(pattern.strip())
    except re.error:
        raise Refused("% Bad regular expression\n") from None
    lines = text.splitlines(keepends=True)
    if meant[0] == "section":
        return "".join(_sections(lines, wanted))
    if meant[0] == "begin":
        first = next((number for number, line in enumerate(lines) if wanted.search(line)), len(lines))
        return "".join(lines[first:])
    return "".join(line for line in lines if bool(wanted.search(line)) == (meant[0] == "include"))


def _sections(lines: Sequence[str], wanted: re.Pattern[str]) -> list[str]:
    """Each line that matches, with the indented ones below it; an indented one comes with what it belongs to."""
    sections: list[list[str]] = []
    for line in lines:
        if line.startswith(" ") and sections:
            sections[-1].append(line)
        else:
            sections.append([line])
    return [line for section in sections if any(map(wanted.search, section)) for line in section]
