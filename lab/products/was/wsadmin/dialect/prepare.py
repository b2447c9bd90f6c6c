"""A program for Jython 2.1 as another Jython must be given it to do the same.

Whether `x in y` fails depends on what `y` is when it runs: 2.1 knows no `in` for dictionaries, for strings only with
one character before it; it does not loop over dictionaries and files; and it raises strings. So these operands become
arguments of functions that look at the value (`java/wsadmin_boot.jy`). Lines stay where they are.
"""

from __future__ import annotations

from lab.products.was.wsadmin.dialect.statements import parse
from lab.products.was.wsadmin.dialect.tokens import normal

_FUNCTION = "__lab_{}__"


def prepare(text: str) -> str:
    """The program to run; raises `NotPython`."""
    text = normal(text)
    edits: list[tuple[int, int, str]] = []
    for operand in parse(text)[1]:
        # A word may stand before it without a blank. What closes at a place comes before what opens there.
        edits.append((operand.start, 1, f" {_FUNCTION.format(operand.use)}(("))
        edits.append((operand.end, 0, "))"))
    parts, done = [], 0
    for place, _, insert in sorted(edits):
        parts += [text[done:place], insert]
        done = place
    return "".join([*parts, text[done:]])
