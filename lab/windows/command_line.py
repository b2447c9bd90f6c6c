"""Command lines of Windows: one text, which every program splits for itself by the rules of Microsoft's C runtime."""

from __future__ import annotations

import re
from collections.abc import Iterable


def split(text: str) -> list[str]:
    """The arguments in a command line: double quotes group, `\\"` is a quote, backslashes count only before quotes."""
    words: list[str] = []
    word = ""
    quoted = started = False
    place = 0
    while place < len(text):
        mark = text[place]
        if mark == "\\":
            slashes = len(text) - place - len(text[place:].lstrip("\\"))
            place += slashes
            started = True
            if place < len(text) and text[place] == '"':
                word += "\\" * (slashes // 2)
                if slashes % 2:
                    word += '"'
                    place += 1
            else:
                word += "\\" * slashes
            continue
        if mark == '"':
            quoted, started = not quoted, True
        elif mark in " \t" and not quoted:
            if started:
                words.append(word)
            word, started = "", False
        else:
            word += mark
            started = True
        place += 1
    return [*words, word] if started else words


def arguments(program: str, text: str) -> list[str]:
    """What `program` makes of the text behind its name: cmd.exe takes what follows /c as one line."""
    line = re.fullmatch(r"((?:\s*/[a-bd-z]\S*)*)\s*(/c)\s*(.*?)\s*", text, re.IGNORECASE | re.DOTALL)
    if line is None or not re.search(r"(^|\\)cmd(\.exe)?$", program, re.IGNORECASE):
        return split(text)
    return [*line[1].split(), line[2], _outer_quotes_off(line[3])]


def _outer_quotes_off(line: str) -> str:
    """As `cmd /?` has it: a quote in front goes, and the last one too, unless there are no others and they hold a name
    with blanks."""
    if not line.startswith('"') or '"' not in line[1:]:
        return line
    if line.count('"') == 2 and not re.search(r"[&<>()@^|]", line) and re.search(r"\s", line[: line.rindex('"')]):
        return line
    return line[1 : line.rindex('"')] + line[line.rindex('"') + 1 :]


def join(words: Iterable[str]) -> str:
    """A command line that splits into `words` again."""
    return " ".join(map(quote, words))


def quote(word: str) -> str:
    """One argument, in quotes where it needs them."""
    if word and not any(mark in word for mark in ' \t"'):
        return word
    quoted = ""
    slashes = 0
    for mark in word:
        if mark == "\\":
            slashes += 1
            continue
        quoted += "\\" * (slashes * 2 + 1 if mark == '"' else slashes) + mark
        slashes = 0
    return '"' + quoted + "\\" * (slashes * 2) + '"'
