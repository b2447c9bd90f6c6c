"""What a program does that Python 2.1 could not, beyond its grammar."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lab.products.was.wsadmin.dialect import names
from lab.products.was.wsadmin.dialect.scopes import Scope, scopes
from lab.products.was.wsadmin.dialect.tree import Node

Finding = tuple[Node, str, str, bool]
"""Where, which exception, its text, and whether it comes only when the program gets there."""


def findings(program: Node) -> Iterator[Finding]:
    """All of them."""
    all_scopes = scopes(program)
    own = {name for scope in all_scopes for name in scope.bound}
    nested = any(
        node.kind == "from" and node.value == "__future__" and node.parts[0].value == "nested_scopes"
        for node in program.parts
    )
    caught = {id(node) for try_ in program.walk() if _guards(try_) for node in try_.parts[0].walk()}
    for scope in all_scopes:
        for node in scope.own_nodes():
            for rule in _RULES.get(node.kind, ()):
                yield from rule(scope, node, own)
            if node.kind in ("import", "from") and id(node) not in caught:
                yield from _modules(node)
            if node.kind == "name" and not nested:
                yield from _nested_scope(scope, node)


def _guards(node: Node) -> bool:
    return node.kind == "try" and any(part.kind == "handler" for part in node.parts)


# -- names -------------------------------------------------------------------------------------------------------------
def _name(scope: Scope, node: Node, _own: set[str]) -> Iterator[Finding]:
    if node.value in names.RESERVED_LATER:
        yield node, "SyntaxError", "invalid syntax", False
    elif node.value in names.LATER_BUILTINS and node.value not in scope.bound and node.value not in scope.module.bound:
        yield node, "NameError", node.value, True


def _nested_scope(scope: Scope, node: Node) -> Iterator[Finding]:
    if node.value in scope.bound or node.value in scope.declared_global:
        return
    if any(node.value in function.bound for function in scope.enclosing_functions()):
        yield node, "NameError", f"{node.value}: a function does not see names of the function around it", False


def _future(_scope: Scope, node: Node, _own: set[str]) -> Iterator[Finding]:
    if node.value == "__future__":
        for part in node.parts:
            if part.value != "nested_scopes":
                yield node, "SyntaxError", f"future feature {part.value} is not defined", False


def _modules(node: Node) -> Iterator[Finding]:
    modules = [node.value] if node.kind == "from" else [part.value for part in node.parts]
    for module in modules:
        if module.split(".")[0] in names.LATER_MODULES:
            yield node, "ImportError", f"no module named {module}", True
    if node.kind == "from":
        for part in node.parts:
            if f"{node.value}.{part.value}" in names.LATER_ATTRIBUTES:
                yield node, "ImportError", f"cannot import name {part.value}", False


# -- attributes and calls ----------------------------------------------------------------------------------------------
def _attribute(scope: Scope, node: Node, own: set[str]) -> Iterator[Finding]:
    receiver = node.parts[0]
    path = _dotted(node)
    if path in names.LATER_ATTRIBUTES and path.split(".")[0] not in _assigned(scope):
        yield node, "AttributeError", path, False
    if receiver.kind == "name" and receiver.value in names.FUNCTIONS and receiver.value not in own:
        yield node, "AttributeError", f"function '{receiver.value}' has no attribute '{node.value}'", False
    of_class = receiver.kind == "name" and (receiver.value[:1].isupper() or receiver.value in names.MODULES)
    if node.value in names.LATER_METHODS and node.value not in own and not of_class:
        yield node, "AttributeError", node.value, False
    kind = scope.type_of(receiver)
    if kind == "string" and node.value in names.LATER_STRING_METHODS:
        yield node, "AttributeError", f"'string' object has no attribute '{node.value}'", False
    if kind == "dict" and node.value == "pop":
        yield node, "AttributeError", "'dict' object has no attribute 'pop'", False


def _call(_scope: Scope, node: Node, own: set[str]) -> Iterator[Finding]:
    function, *arguments = node.parts
    keywords = [each.value for each in arguments if each.kind == "argument"]
    if function.kind == "name" and function.value == "isinstance" and len(arguments) == 2:
        second = arguments[1]
        if second.kind == "tuple" or (second.kind == "name" and second.value in names.FUNCTIONS - own):
            yield node, "TypeError", "isinstance(): second argument is no class", False
    if function.kind != "attribute":
        return
    receiver, method = function.parts[0], function.value
    of_module = receiver.kind == "name" and receiver.value == "string"
    if method in names.NO_ARGUMENTS and arguments and not of_module:
        yield node, "TypeError", f"{method}(): expected 0 args; got {len(arguments)}", False
    if method == "sort" and keywords:
        yield node, "TypeError", "sort(): takes no keyword arguments", False
    if method in ("startswith", "endswith") and arguments and arguments[0].kind == "tuple":
        yield node, "TypeError", f"{method}(): 1st arg can't be coerced to String", False
    if receiver.kind == "name" and receiver.value in names.ADMIN and (keywords or _has_stars(arguments)):
        yield node, "TypeError", f"{method}(): takes no keyword arguments", True


def _has_stars(arguments: list[Node]) -> bool:
    return any(each.kind == "star" and each.value == "**" for each in arguments)


# -- values ------------------------------------------------------------------------------------------------------------
def _compare(scope: Scope, node: Node, _own: set[str]) -> Iterator[Finding]:
    if node.value not in ("in", "not in"):
        return
    left, right = node.parts
    kind = scope.type_of(right)
    if kind == "dict":
        yield node, "AttributeError", "__getitem__: a dictionary is no sequence; has_key() looks for a key", False
    if kind != "string":
        return
    one_character = left.kind == "string" and len(left.value.lstrip("\\")) == 1
    if (left.kind == "string" and not one_character) or (
        right.kind != "string" and scope.type_of(left) == "string" and not one_character
    ):
        yield node, "TypeError", "string member test needs char left operand", False


def _for(scope: Scope, node: Node, _own: set[str]) -> Iterator[Finding]:
    if len(node.parts) > 1 and scope.type_of(node.parts[1]) in ("dict", "file"):
        yield node, "TypeError", "loop over non-sequence", False


def _slice(_scope: Scope, node: Node, _own: set[str]) -> Iterator[Finding]:
    if node.value == "step":
        yield node, "TypeError", "sequence index must be integer", False


def _class(_scope: Scope, node: Node, own: set[str]) -> Iterator[Finding]:
    for base in node.parts[0].parts:
        if base.kind == "name" and base.value in names.FUNCTIONS - own:
            yield base, "TypeError", f"base is not a class object: {base.value}", False


def _dotted(node: Node) -> str:
    if node.kind == "attribute":
        inner = _dotted(node.parts[0])
        return f"{inner}.{node.value}" if inner else ""
    return node.value if node.kind == "name" else ""


def _assigned(scope: Scope) -> set[str]:
    """Names that hold a value rather than a module."""
    return {name for each in (scope, scope.module) for name, values in each.bound.items() if any(values)}


_RULES: dict[str, tuple[Callable[[Scope, Node, set[str]], Iterator[Finding]], ...]] = {
    "name": (_name,),
    "from": (_future,),
    "attribute": (_attribute,),
    "call": (_call,),
    "compare": (_compare,),
    "for": (_for,),
    "slice": (_slice,),
    "class": (_class,),
}
