"""Whether a program is one for Jython 2.1, which WAS 6.1 has; the Jython that runs it here is 2.7.

A real parse with the grammar of Python 2.1, then the names, methods, modules and habits that came later. It needs
neither Jython nor the parser of this Python. What only a run can tell (types of values) it does not see.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab.products.was.wsadmin.dialect.names import LATER_BUILTINS, MODULES
from lab.products.was.wsadmin.dialect.prepare import prepare
from lab.products.was.wsadmin.dialect.rules import findings
from lab.products.was.wsadmin.dialect.statements import parse
from lab.products.was.wsadmin.dialect.tokens import NotPython, normal

__all__ = ["LATER_BUILTINS", "MODULES", "Problem", "check", "prepare"]


@dataclass(frozen=True, order=True)
class Problem:
    """`kind` is the exception Jython 2.1 would raise; `when_run`: only when the program gets there, so that a program
    can be prepared for it. Lines and columns count from 1."""

    line: int
    column: int
    kind: str
    message: str
    source: str
    name: str
    when_run: bool

    def __str__(self) -> str:
        return f"{self.name}:{self.line}:{self.column}: {self.kind}: {self.message}"


def check(text: str, name: str) -> list[Problem]:
    """The problems of a program, in its order; `name` is what they call it."""
    lines = text.split("\n")

    def problem(line: int, column: int, kind: str, message: str, *, when_run: bool = False) -> Problem:
        source = lines[line - 1].rstrip() if line <= len(lines) else ""
        return Problem(line, column, kind, message, source, name, when_run)

    try:
        program, _ = parse(normal(text))
    except NotPython as error:
        return [problem(error.line, error.column, "SyntaxError", error.message)]
    found = findings(program)
    return sorted(
        {problem(node.line, node.column, kind, message, when_run=later) for node, kind, message, later in found}
    )
