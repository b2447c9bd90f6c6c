"""What a parser has of a program: its next word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn

from lab.products.was.wsadmin.dialect.tokens import END, NAME, OPERATOR, NotPython, Token
from lab.products.was.wsadmin.dialect.tree import Node


@dataclass(frozen=True)
class Operand:
    """An expression whose value 2.1 treats otherwise: what it is used for (`in`, `for`, `raise`), start and end."""

    use: str
    start: int
    end: int


class Cursor:
    """A place in a program's words."""

    def __init__(self, words: Iterable[Token]) -> None:
        self._words = iter(words)
        self.now: Token = next(self._words)
        self._end = 0
        self.operands: list[Operand] = []

    def advance(self) -> Token:
        """Take the current word."""
        taken = self.now
        self._end = taken.start + len(taken.text)
        if taken.kind != END:
            self.now = next(self._words)
        return taken

    def sees(self, *texts: str) -> bool:
        """Whether the current word is one of these operators or keywords."""
        return self.now.kind == OPERATOR and self.now.text in texts

    def take(self, text: str) -> bool:
        """Take the current word if it is that one."""
        if self.sees(text):
            self.advance()
            return True
        return False

    def expect(self, text: str) -> None:
        """Take that word; raises `NotPython`."""
        if not self.take(text):
            self.fail()

    def name(self) -> Token:
        """Take a name."""
        if self.now.kind != NAME:
            self.fail()
        return self.advance()

    def fail(self, message: str = "invalid syntax") -> NoReturn:
        """Raise `NotPython` at the current word."""
        raise NotPython(message, self.now.line, self.now.column)

    def operand(self, use: str, read: Callable[[], Node]) -> Node:
        """Read an expression and note where it stands."""
        start = self.now.start
        node = read()
        self.operands.append(Operand(use, start, self._end))
        return node

    def node(self, kind: str, value: str = "", *parts: Node) -> Node:
        """A node that begins at the current word."""
        return Node(kind, self.now.line, self.now.column, value, list(parts))
