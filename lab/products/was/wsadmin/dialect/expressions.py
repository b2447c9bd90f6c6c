"""A parser of Python 2.1 after its published grammar: expressions."""

from __future__ import annotations

from collections.abc import Callable

from lab.products.was.wsadmin.dialect.cursor import Cursor
from lab.products.was.wsadmin.dialect.tokens import NAME, NUMBER, OPERATOR, STRING
from lab.products.was.wsadmin.dialect.tree import Node

_BINDING = {
    "|": 1, "^": 2, "&": 3, "<<": 4, ">>": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_UNARY = 7
_COMPARISONS = {"<", ">", "==", ">=", "<=", "<>", "!=", "in", "is", "not"}
_ATOM_STARTS = {"(", "[", "{", "`", "-", "+", "~", "not", "lambda"}


class Expressions(Cursor):
    """Each method reads one construct."""

    # -- lists ---------------------------------------------------------------------------------------------------------
    def starts_expression(self) -> bool:
        """Whether an expression can begin here."""
        return self.now.kind in (NAME, NUMBER, STRING) or self.sees(*_ATOM_STARTS)

    def expressions(self, read: Callable[[], Node] | None = None) -> Node:
        """`testlist`: one expression, or a tuple."""
        read = read or self.expression
        tuple_ = self.node("tuple")
        first = read()
        if not self.sees(","):
            return first
        tuple_.parts.append(first)
        while self.take(","):
            if not self.starts_expression():
                break
            tuple_.parts.append(read())
        return tuple_

    # -- expressions ---------------------------------------------------------------------------------------------------
    def expression(self) -> Node:
        """`test`."""
        if self.sees("lambda"):
            return self._lambda()
        return self._joined("or", lambda: self._joined("and", self._negation))

    def _lambda(self) -> Node:
        node = self.node("lambda")
        self.advance()
        node.parts = [self.parameters(":")]
        self.expect(":")
        node.parts.append(self.expression())
        return node

    def _joined(self, word: str, read: Callable[[], Node]) -> Node:
        left = read()
        while self.sees(word):
            self.advance()
            left = Node("operation", left.line, left.column, word, [left, read()])
        return left

    def _negation(self) -> Node:
        if self.sees("not"):
            node = self.node("operation", "not")
            self.advance()
            node.parts = [self._negation()]
            return node
        left = self.operation()
        while self.now.kind == OPERATOR and self.now.text in _COMPARISONS:
            word = self.advance().text
            if word == "not":
                self.expect("in")
                word = "not in"
            elif word == "is" and self.take("not"):
                word = "is not"
            right = self.operand("in", self.operation) if word in ("in", "not in") else self.operation()
            left = Node("compare", left.line, left.column, word, [left, right])
        return left

    def operation(self, weakest: int = 1) -> Node:
        """`expr`: what binds more tightly than comparisons."""
        left = self._factor()
        while self.now.kind == OPERATOR and _BINDING.get(self.now.text, 0) >= weakest:
            word = self.advance().text
            left = Node("operation", left.line, left.column, word, [left, self.operation(_BINDING[word] + 1)])
        return left

    def _factor(self) -> Node:
        if self.sees("-", "+", "~"):
            node = self.node("operation", self.now.text)
            self.advance()
            node.parts = [self._factor()]
            return node
        left = self._atom()
        while self.sees("(", "[", "."):
            left = self._trailer(left)
        if self.take("**"):
            left = Node("operation", left.line, left.column, "**", [left, self._factor()])
        return left

    def _trailer(self, left: Node) -> Node:
        opening = self.advance()
        if opening.text == ".":
            # Jython takes reserved words as names of attributes: System.out.print.
            if self.now.kind != NAME and not self.now.text.isalpha():
                self.fail()
            word = self.advance()
            return Node("attribute", word.line, word.column, word.text, [left])
        if opening.text == "(":
            call = Node("call", left.line, left.column, "", [left, *self._arguments()])
            self.expect(")")
            return call
        index = Node("index", opening.line, opening.column, "", [left, self._subscripts()])
        self.expect("]")
        return index

    def _arguments(self) -> list[Node]:
        found: list[Node] = []
        while not self.sees(")"):
            argument = self._argument(found)
            found.append(argument)
            if self.sees(")"):
                break
            if argument.value == "**":
                self.fail()
            self.expect(",")
            if argument.value == "*" and self.sees(")"):
                self.fail()
        return found

    def _argument(self, before: list[Node]) -> Node:
        if self.sees("*", "**"):
            star = self.node("star", self.now.text)
            if star.value == "*" and any(each.kind == "star" for each in before):
                self.fail()
            self.advance()
            star.parts = [self.expression()]
            return star
        if any(each.kind == "star" for each in before):
            self.fail()
        value = self.expression()
        if self.sees("="):
            if value.kind != "name":
                self.fail("keyword can't be an expression")
            self.advance()
            return Node("argument", value.line, value.column, value.value, [self.expression()])
        if before and before[-1].kind == "argument":
            self.fail("non-keyword argument following keyword")
        return value

    def _subscripts(self) -> Node:
        first = self._subscript()
        if not self.sees(","):
            return first
        subscripts = Node("tuple", first.line, first.column, "", [first])
        while self.take(","):
            if self.sees("]"):
                break
            subscripts.parts.append(self._subscript())
        return subscripts

    def _subscript(self) -> Node:
        node = self.node("slice")
        if self.sees("."):
            for _ in range(3):
                self.expect(".")
            node.kind = "ellipsis"
            return node
        if not self.sees(":"):
            first = self.expression()
            if not self.sees(":"):
                return first
            node.parts.append(first)
        self.expect(":")
        if not self.sees(":", "]", ","):
            node.parts.append(self.expression())
        if self.take(":"):
            node.value = "step"
            if not self.sees("]", ","):
                node.parts.append(self.expression())
        return node

    def _atom(self) -> Node:
        if self.now.kind in (NAME, NUMBER):
            node = self.node(self.now.kind, self.now.text)
            self.advance()
            return node
        if self.now.kind == STRING:
            node = self.node("string")
            while self.now.kind == STRING:
                node.value += _content(self.advance().text)
            return node
        readers = {"(": self._parentheses, "[": self._list, "{": self._dict, "`": self._repr}
        if self.now.kind != OPERATOR or self.now.text not in readers:
            self.fail()
        return readers[self.now.text]()

    def _parentheses(self) -> Node:
        node = self.node("tuple")
        self.advance()
        if not self.sees(")"):
            node = self.expressions()
        self.expect(")")
        return node

    def _list(self) -> Node:
        node = self.node("list")
        self.advance()
        if self.take("]"):
            return node
        node.parts.append(self.expression())
        if self.sees("for"):
            node.kind = "comprehension"
            while self.sees("for", "if"):
                node.parts.append(self._clause())
        else:
            while self.take(",") and not self.sees("]"):
                node.parts.append(self.expression())
        self.expect("]")
        return node

    def _clause(self) -> Node:
        node = self.node(self.now.text)
        self.advance()
        if node.kind == "if":
            node.parts = [self.expression()]
            return node
        node.parts = [self.expressions(self.operation)]
        self.expect("in")
        node.parts.append(self.operand("for", self.expressions))
        return node

    def _dict(self) -> Node:
        node = self.node("dict")
        self.advance()
        while not self.sees("}"):
            node.parts.append(self.expression())
            self.expect(":")
            node.parts.append(self.expression())
            if not self.take(","):
                break
        self.expect("}")
        return node

    def _repr(self) -> Node:
        node = self.node("repr")
        self.advance()
        node.parts = [self.expressions()]
        self.expect("`")
        return node

    # -- parameters ----------------------------------------------------------------------------------------------------
    def parameters(self, end: str) -> Node:
        """`varargslist` up to the word `end`: name, tuple, default (parameter, value) and star nodes."""
        node = self.node("parameters")
        while not self.sees(end):
            if self.sees("*", "**"):
                star = self.advance().text
                node.parts.append(self.node("star", star, self.node("name", self.now.text)))
                self.name()
                if star == "**" or not self.take(","):
                    break
                if not self.sees("**"):
                    self.fail()
                continue
            node.parts.append(self._parameter(node.parts))
            if not self.take(","):
                break
        return node

    def _parameter(self, before: list[Node]) -> Node:
        target = self._parameter_name()
        if self.take("="):
            return Node("default", target.line, target.column, "", [target, self.expression()])
        if before and before[-1].kind == "default":
            self.fail("non-default argument follows default argument")
        return target

    def _parameter_name(self) -> Node:
        node = self.node("tuple")
        if not self.take("("):
            node = self.node("name", self.now.text)
            self.name()
            return node
        node.parts = [self._parameter_name()]
        while self.take(",") and not self.sees(")"):
            node.parts.append(self._parameter_name())
        self.expect(")")
        return node


def _content(literal: str) -> str:
    """What stands between the quotes, escapes as they are written."""
    bare = literal.lstrip("uUrR")
    quote = 3 if bare[:3] in ("'''", '"""') else 1
    return bare[quote:-quote]
