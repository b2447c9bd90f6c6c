"""Which names a program binds where, and what is surely known of their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lab.products.was.wsadmin.dialect.names import ADMIN, words
from lab.products.was.wsadmin.dialect.tree import Node

_STRING_METHODS = words(
    """
    strip lstrip rstrip lower upper replace join capitalize title swapcase expandtabs ljust rjust center
    """
)
_LIST_METHODS = words(
    """
    split splitlines keys values items readlines
    """
)


@dataclass
class Scope:
    """A module, function, lambda or class: its names, each with what is bound to it (None: anything)."""

    node: Node
    kind: str
    outer: Scope | None
    bound: dict[str, list[Node | None]] = field(default_factory=dict)
    declared_global: set[str] = field(default_factory=set)

    def bind(self, name: str, value: Node | None) -> None:
        """Note that `name` gets `value`."""
        target = self.module if name in self.declared_global else self
        target.bound.setdefault(name, []).append(value)

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        return self.outer.module if self.outer else self

    def enclosing_functions(self) -> Iterator[Scope]:
        """The functions around this scope."""
        scope = self.outer
        while scope:
            if scope.kind == "function":
                yield scope
            scope = scope.outer

    def own_nodes(self) -> Iterator[Node]:
        """What belongs to this scope and not to one inside it; of those inside, their heads."""
        waiting = list(_body(self.node))
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(_head(node) if node.kind in ("def", "lambda", "class") else node.parts)

    def type_of(self, node: Node, depth: int = 3) -> str:
        """`string`, `list`, `dict`, `file`, or nothing when that is not sure."""
        if node.kind in ("string", "repr"):
            return "string"
        if node.kind in ("list", "dict", "comprehension"):
            return "dict" if node.kind == "dict" else "list"
        if node.kind == "operation" and node.value in ("%", "+"):
            return "string" if self.type_of(node.parts[0], depth) == "string" else ""
        if node.kind == "call":
            return _type_of_call(node.parts[0])
        if node.kind == "name" and depth:
            return self._type_of_name(node.value, depth - 1)
        return ""

    def _type_of_name(self, name: str, depth: int) -> str:
        scope = self if name in self.bound else self.module
        values = scope.bound.get(name, [])
        if not values or scope.kind == "class":
            return ""
        types = {scope.type_of(value, depth) if value else "" for value in values}
        return types.pop() if len(types) == 1 else ""


def _type_of_call(function: Node) -> str:
    if function.kind == "name":
        return {"str": "string", "repr": "string", "raw_input": "string", "range": "list", "open": "file"}.get(
            function.value, ""
        )
    if function.kind != "attribute":
        return ""
    receiver = function.parts[0]
    if receiver.kind == "name" and receiver.value in ADMIN - {"AdminControl"}:
        return "" if function.value == "hasChanges" else "string"
    if function.value in _STRING_METHODS:
        return "string"
    return "list" if function.value in _LIST_METHODS else ""


def scopes(program: Node) -> list[Scope]:
    """All scopes of a program, the module first."""
    found = [Scope(program, "module", None)]
    for scope in found:
        nodes = list(scope.own_nodes())
        for node in nodes:
            if node.kind == "global":
                scope.declared_global.update(part.value for part in node.parts)
        for parameter in _parameters(scope.node):
            scope.bind(parameter, None)
        for node in nodes:
            _bind(scope, node)
            if node.kind in ("def", "lambda", "class"):
                found.append(Scope(node, "class" if node.kind == "class" else "function", scope))
    return found


def _body(node: Node) -> Sequence[Node]:
    return node.parts if node.kind == "block" else node.parts[1:]


def _head(node: Node) -> Sequence[Node]:
    """What is evaluated outside a function or class: default values, base classes."""
    if node.kind == "class":
        return node.parts[0].parts
    return [part.parts[1] for part in node.parts[0].parts if part.kind == "default"]


def _parameters(node: Node) -> Iterator[str]:
    if node.kind in ("def", "lambda"):
        for part in node.parts[0].parts:
            target = part.parts[0] if part.kind in ("default", "star") else part
            yield from (name.value for name in target.walk() if name.kind == "name")


def _bind(scope: Scope, node: Node) -> None:
    if node.kind == "assign":
        for target in node.parts[:-1]:
            _bind_target(scope, target, node.parts[-1])
    elif node.kind in ("for", "augmented", "del"):
        _bind_target(scope, node.parts[0], None)
    elif node.kind == "handler" and node.value:
        _bind_target(scope, node.parts[1], None)
    elif node.kind in ("def", "class"):
        scope.bind(node.value, None)
    elif node.kind in ("import", "from"):
        for part in node.parts:
            scope.bind(part.parts[0].value if part.parts else part.value.split(".")[0], None)


def _bind_target(scope: Scope, target: Node, value: Node | None) -> None:
    if target.kind == "name":
        scope.bind(target.value, value)
    elif target.kind in ("tuple", "list"):
        for part in target.parts:
            _bind_target(scope, part, None)
