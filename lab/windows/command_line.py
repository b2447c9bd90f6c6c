"""Command lines of Windows: one text, which every program splits for itself by the rules of Microsoft's C runtime."""

from __future__ import annotations

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
