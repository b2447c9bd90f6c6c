"""Words of Python 2.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lab.products.was.wsadmin.dialect.names import words

KEYWORDS = words(
    """
    and assert break class continue def del elif else except exec finally for from global if import in is lambda
    not or pass print raise return try while
    """
)
NAME, NUMBER, STRING, OPERATOR, NEWLINE, INDENT, DEDENT, END = (
    "name", "number", "string", "operator", "newline", "indent", "dedent", "end",
)  # fmt: skip

_OPERATORS = (
    r"<<=|>>=|\*\*=|<>|!=|<=|>=|==|<<|>>|\*\*|\+=|-=|\*=|/=|%=|&=|\|=|\^=|[-+*/%&|^~<>()\[\]{},:.`=;]"  # longest first
)
_NUMBER = r"(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?[jJ]?|\d+[eE][-+]?\d+[jJ]?|0[xX][0-9a-fA-F]+[lL]?|\d+[lLjJ]?"
_STRING_START = r"""(?:[uU]?[rR]?)(?:'''|\"\"\"|'|")"""
_WORD = re.compile(
    rf"(?P<space>[ \t\f]+|\\\r?\n)|(?P<comment>\#[^\n]*)|(?P<string>{_STRING_START})|(?P<number>{_NUMBER})"
    rf"|(?P<name>[A-Za-z_]\w*)|(?P<operator>{_OPERATORS})|(?P<newline>\r?\n)",
    re.ASCII,
)
_REST = {
    "'": re.compile(r"(?:\\.|[^'\\\n])*'", re.DOTALL),
    '"': re.compile(r'(?:\\.|[^"\\\n])*"', re.DOTALL),
    "'''": re.compile(r"(?:\\.|[^\\])*?'''", re.DOTALL),
    '"""': re.compile(r'(?:\\.|[^\\])*?"""', re.DOTALL),
}
_TAB = 8


class NotPython(Exception):
    """The text is no Python 2.1; lines and columns count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


@dataclass(frozen=True, slots=True)
class Token:
    """A word; keywords have the kind `operator`, for they mean what their text says. `start` is where it begins in
    the text."""

    kind: str
    text: str
    line: int
    column: int
    start: int


def normal(text: str) -> str:
    """A program with one kind of line ends, the last line included."""
    text = text.replace("\r\n", "\n")
    return text if text.endswith("\n") else text + "\n"


def tokens(text: str) -> Iterator[Token]:
    """The words of a `normal` program, closed by `END`; raises `NotPython`."""
    position, line, start_of_line = 0, 1, 0
    indents, depth = [0], 0
    fresh = True
    while position < len(text):
        if fresh and not depth:
            indent, position, blank = _indent(text, position)
            if blank:
                position = text.find("\n", position) + 1
                line, start_of_line = line + 1, position
                continue
            yield from _change_of_indent(indents, indent, line, position)
            fresh = False
        found = _WORD.match(text, position)
        column = position - start_of_line + 1
        if not found:
            raise NotPython("invalid syntax", line, column)
        kind, word = str(found.lastgroup), found[0]
        if kind == "string":
            word = _whole_string(text, found, line, column)
        position += len(word)
        if kind == "newline":
            if not depth:
                yield Token(NEWLINE, "", line, column, position)
                fresh = True
        elif kind not in ("space", "comment"):
            kind = OPERATOR if word in KEYWORDS else kind
            depth = _depth(depth, kind, word)
            yield Token(kind, word, line, column, position - len(word))
        if "\n" in word:
            line += word.count("\n")
            start_of_line = position - (len(word) - word.rfind("\n") - 1)
    if depth:
        raise NotPython("invalid syntax", line, 1)
    for _ in indents[1:]:
        yield Token(DEDENT, "", line, 1, position)
    yield Token(END, "", line, 1, position)


def _indent(text: str, position: int) -> tuple[int, int, bool]:
    """How far the line is indented, where its first word begins, and whether there is none."""
    indent = 0
    while text[position] in " \t\f":
        indent = {" ": indent + 1, "\t": (indent // _TAB + 1) * _TAB, "\f": 0}[text[position]]
        position += 1
    return indent, position, text[position] in "#\n"


def _change_of_indent(indents: list[int], indent: int, line: int, position: int) -> Iterator[Token]:
    if indent > indents[-1]:
        indents.append(indent)
        yield Token(INDENT, "", line, 1, position)
    while indent < indents[-1]:
        indents.pop()
        yield Token(DEDENT, "", line, 1, position)
    if indent != indents[-1]:
        raise NotPython("inconsistent dedent", line, 1)


def _depth(depth: int, kind: str, word: str) -> int:
    """How many brackets are open behind a word."""
    if kind != OPERATOR or len(word) > 1:
        return depth
    return max(depth + (word in "([{") - (word in ")]}"), 0)


def _whole_string(text: str, start: re.Match[str], line: int, column: int) -> str:
    quote = start[0].lstrip("uUrR")
    rest = _REST[quote].match(text, start.end())
    if not rest:
        raise NotPython("invalid token", line, column)
    return start[0] + rest[0]
