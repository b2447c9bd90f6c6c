"""Programs as trees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Node:
    """A part of a program: `kind` says what, `value` a name, operator or literal, `parts` what it is made of.

    Expressions: name, number, string, attribute (object), call (function, arguments...), argument (value; `value` its
    name), star (`*` or `**`), index (object, subscript), slice, ellipsis, operation, compare (left, right),
    lambda (parameters, expression), comprehension (element, clauses...), list, tuple, dict, repr.
    Statements: expression, assign (targets..., value), augmented, print, del, pass, break, continue, return, raise,
    import (module...; `value` the bound name), from (name...), global, exec, assert, if, while, for (target, sequence,
    blocks...), try (block, handler or block...), handler (type, target, block), def, class, block, parameters, default.
    """

    kind: str
    line: int
    column: int
    value: str = ""
    parts: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.parts))
