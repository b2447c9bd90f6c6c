"""From a text to a tree: the tree-sitter-powershell grammar, reduced to the nodes that mean something.

The grammar wraps each operand in one node per level of precedence; such chains are collapsed. Quoted text arrives
decoded: `text` nodes hold their final characters, expandable strings the sequence of their parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import tree_sitter
import tree_sitter_powershell

_LANGUAGE = tree_sitter.Language(tree_sitter_powershell.language())

_CHAIN = re.compile(
    r"(logical|bitwise|comparison|additive|multiplicative|format|range|array_literal|unary)(_argument)?_expression"
    r"|argument_expression|pipeline|pipeline_chain|string_literal|integer_literal|left_assignment_expression"
    r"|member_name|expression_with_unary_operator|script_parameter_default|while_condition|for_initializer"
    r"|for_condition|for_iterator|type_spec|command_name_expr|key_expression|else_clause_body"
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_RANGE = re.compile(r"(\d+)\.\.")
_LITERAL = re.compile(r"\d+(l|kb|mb|gb|tb)?", re.IGNORECASE)


class SyntaxRefused(Exception):
    """The text is not PowerShell 2.0; the message says where and what."""


@dataclass(slots=True)
class Node:
    """A part of a program: its kind (grammar's name), its text, its parts, the line (from 1) it starts in."""

    kind: str
    text: str
    line: int
    children: list[Node] = field(default_factory=list)

    def child(self, kind: str) -> Node | None:
        """The first part of a kind."""
        return next((child for child in self.children if child.kind == kind), None)

    def need(self, kind: str) -> Node:
        """The first part of a kind, which the grammar guarantees."""
        found = self.child(kind)
        if found is None:
            raise SyntaxRefused(f"line {self.line}: {self.kind} without {kind}: {self.text[:60]}")
        return found

    def all(self, kind: str) -> list[Node]:
        """Every part of a kind."""
        return [child for child in self.children if child.kind == kind]


@lru_cache(maxsize=64)
def parse(text: str) -> Node:
    """The tree of a whole program. Raises `SyntaxRefused`."""
    # The grammar ends statements at a line feed, and takes a carriage return before it for white space. Quoted text
    # keeps its own.
    source = (text.rstrip() + "\n").encode()
    root = tree_sitter.Parser(_LANGUAGE).parse(source).root_node
    error = first_error(root)
    if error is not None:
        line = error.start_point[0] + 1
        shown = source[error.start_byte : error.end_byte].decode().strip().split("\n")[0][:60]
        raise SyntaxRefused(f"line {line}: not understood as PowerShell 2.0 near '{shown}'")
    return _Builder(source).build(root)


def first_error(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """The first part that the grammar could not read."""
    if not node.has_error:
        return None
    if node.is_error or node.is_missing:
        return node
    return next((found for found in map(first_error, node.children) if found is not None), node)


class _Builder:
    def __init__(self, source: bytes) -> None:
        self._source = source

    def build(self, node: tree_sitter.Node) -> Node:  # noqa: PLR0911 - one return per kind
        line = node.start_point[0] + 1
        text = self._text(node.start_byte, node.end_byte)
        match node.type:
            case "verbatim_string_characters":
                return Node("text", _verbatim(text), line)
            case "verbatim_here_string_characters":
                return Node("text", _here_body(text), line)
            case "expandable_string_literal":
                return self._expandable(node, node.start_byte + 1, node.end_byte - 1, here=False)
            case "expandable_here_string_literal":
                head = len(text.encode()) - len(text.encode().split(b"\n", 1)[1])
                return self._expandable(node, node.start_byte + head, node.end_byte - 3, here=True)
            case "path_command_name" if node.child_count == 1 and node.children[0].type == "variable":
                return self.build(node.children[0])
            case "generic_token" | "path_command_name":
                return _bare_word(text, line)
            case "variable" | "braced_variable" | "command_name" | "command_parameter":
                return Node("variable" if node.type == "braced_variable" else node.type, text.strip(), line)
        children = [
            self.build(child)
            for child in node.children
            if child.type not in ("comment", "empty_statement") and not self._separator(child)
        ]
        if len(children) == 1 and _CHAIN.fullmatch(node.type):
            return children[0]
        if node.type == "command_elements":
            children = _method_arguments(children)
        built = Node(node.type, text, line, children)
        return _number_command(built) if node.type == "command" else built

    def _separator(self, node: tree_sitter.Node) -> bool:
        """Blanks between the words of a command; the colon of `-name:value` is kept."""
        return node.type == "command_argument_sep" and self._text(node.start_byte, node.end_byte).strip() in ("", "`")

    def _text(self, start: int, end: int) -> str:
        return self._source[start:end].decode()

    def _expandable(self, node: tree_sitter.Node, start: int, end: int, *, here: bool) -> Node:
        parts: list[Node] = []
        line = node.start_point[0] + 1
        place = start
        for child in node.named_children:
            if child.type == "comment" or child.start_byte < place:
                continue
            # Some blanks in front of a part belong to the grammar's token, not to the part.
            part = self._text(child.start_byte, child.end_byte)
            begin = child.start_byte + len(part) - len(part.lstrip())
            if begin > place:
                parts.append(Node("text", unescape(self._text(place, begin), here=here), line))
            parts.append(self.build(child))
            place = child.end_byte
        if place < end:
            tail = self._text(place, end)
            tail = tail.removesuffix("\n").removesuffix("\r") if here else tail
            parts.append(Node("text", unescape(tail, here=here), line))
        return Node("expandable", self._text(start, end), line, parts)


def _verbatim(text: str) -> str:
    return re.sub("(['\u2018\u2019\u201a\u201b])['\u2018\u2019\u201a\u201b]", r"\1", text.strip()[1:-1])


def _here_body(text: str) -> str:
    return text.strip().split("\n", 1)[1][:-3].removesuffix("\r")


def unescape(text: str, *, here: bool) -> str:
    """Backtick escapes; outside a here-string two double quotes stand for one."""
    if not here:
        text = text.replace('""', '"')
    return re.sub(r"`(.)", lambda found: _ESCAPES.get(found[1], "" if found[1] == "\n" else found[1]), text, flags=re.S)


def _bare_word(text: str, line: int) -> Node:
    """A word of a command: text, in which variables count."""
    text = text.strip()
    if "$" not in text and "`" not in text:
        return Node("text", text, line)
    quoted = text.replace('"', '""')
    found = parse(f'"{quoted}"').children[0].children[0]
    return Node("expandable", text, line, found.children) if found.kind == "expandable" else found


def _method_arguments(words: list[Node]) -> list[Node]:
    """`$a.b(1)` as a word of a command, which the grammar takes for two words."""
    found: list[Node] = []
    for word in words:
        if word.kind == "argument_list" and found and found[-1].kind == "member_access":
            owner = found.pop()
            found.append(Node("invokation_expression", owner.text + word.text, owner.line, [*owner.children, word]))
        else:
            found.append(word)
    return found


def _number_command(node: Node) -> Node:
    """`1..3` and `4GB`, which the grammar takes for the names of commands where a command may stand."""
    name = node.child("command_name")
    if name is None or node.children[0] is not name:
        return node
    if _LITERAL.fullmatch(name.text) and len(node.children) == 1:
        return Node("decimal_integer_literal", name.text, node.line)
    found = _RANGE.match(name.text)
    if found is None:
        return node
    # In brackets the first operand is no name any more, and the grammar reads the rest as it should.
    rest = node.text.lstrip()[len(found[1]) :]
    expression = parse(f"({found[1]}){rest}").children[0]
    return expression.children[0] if expression.kind == "statement_list" else expression
