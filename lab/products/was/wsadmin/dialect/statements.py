"""A parser of Python 2.1 after its published grammar: statements."""

from __future__ import annotations

from collections.abc import Callable

from lab.products.was.wsadmin.dialect.cursor import Operand
from lab.products.was.wsadmin.dialect.expressions import Expressions
from lab.products.was.wsadmin.dialect.tokens import DEDENT, END, INDENT, NEWLINE, OPERATOR, NotPython, tokens
from lab.products.was.wsadmin.dialect.tree import Node

_AUGMENTED = ("+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "**=")


def parse(text: str) -> tuple[Node, list[Operand]]:
    """The `normal` program as a block, and its operands that 2.1 treats otherwise; raises `NotPython`."""
    parser = _Statements(tokens(text))
    return parser.program(), parser.operands


class _Statements(Expressions):
    def program(self) -> Node:
        block = self.node("block")
        while self.now.kind != END:
            if self.now.kind == NEWLINE:
                self.advance()
            else:
                block.parts += self._statement()
        return block

    def _statement(self) -> list[Node]:
        compound: dict[str, Callable[[], Node]] = {
            "if": self._if, "while": self._while, "for": self._for, "try": self._try, "def": self._def,
            "class": self._class,
        }  # fmt: skip
        if self.now.kind == OPERATOR and self.now.text in compound:
            return [compound[self.now.text]()]
        found = [self._simple()]
        while self.take(";"):
            if self.now.kind == NEWLINE:
                break
            found.append(self._simple())
        if self.now.kind != NEWLINE:
            self.fail()
        self.advance()
        return found

    # -- simple --------------------------------------------------------------------------------------------------------
    def _simple(self) -> Node:
        simple: dict[str, Callable[[Node], None]] = {
            "print": self._print, "del": self._del, "return": self._return, "raise": self._raise,
            "import": self._import, "from": self._from, "global": self._global, "exec": self._exec,
            "assert": self._assert,
        }  # fmt: skip
        word = self.now.text if self.now.kind == OPERATOR else ""
        node = self.node(word)
        if word in ("pass", "break", "continue"):
            self.advance()
        elif word in simple:
            self.advance()
            simple[word](node)
        else:
            self._assignment(node)
        return node

    def _assignment(self, node: Node) -> None:
        node.kind = "expression"
        node.parts = [self.expressions()]
        if self.sees(*_AUGMENTED):
            node.kind, node.value = "augmented", self.advance().text
            if node.parts[0].kind not in ("name", "attribute", "index"):
                raise NotPython("illegal expression for augmented assignment", node.line, node.column)
            node.parts.append(self.expressions())
            return
        while self.take("="):
            node.kind = "assign"
            _check_target(node.parts[-1])
            node.parts.append(self.expressions())

    def _print(self, node: Node) -> None:
        if self.take(">>"):
            node.parts.append(self.expression())
            if not self.take(","):
                return
            if not self.starts_expression():
                self.fail()
        while self.starts_expression():
            node.parts.append(self.expression())
            if not self.take(","):
                break

    def _del(self, node: Node) -> None:
        node.parts = [self.expressions(self.operation)]
        _check_target(node.parts[0])

    def _return(self, node: Node) -> None:
        if self.starts_expression():
            node.parts = [self.expressions()]

    def _raise(self, node: Node) -> None:
        if self.starts_expression():
            node.parts = [self.operand("raise", self.expression)]
            while len(node.parts) < 3 and self.take(","):
                node.parts.append(self.expression())

    def _import(self, node: Node) -> None:
        while True:
            node.parts.append(self._dotted_name(alias=True))
            if not self.take(","):
                return

    def _from(self, node: Node) -> None:
        node.value = self._dotted_name(alias=False).value
        self.expect("import")
        if self.sees("*"):
            node.parts = [self.node("imported", "*")]
            self.advance()
            return
        while True:
            node.parts.append(self._imported(self.node("imported", self.name().text)))
            if not self.take(","):
                return

    def _dotted_name(self, *, alias: bool) -> Node:
        node = self.node("module", self.now.text)
        self.name()
        while self.take("."):
            # Java has packages named as reserved words are here.
            if self.now.kind != "name" and not self.now.text.isalpha():
                self.fail()
            node.value += "." + self.advance().text
        return self._imported(node) if alias else node

    def _imported(self, node: Node) -> Node:
        """`as` is no reserved word: it is a name in that place."""
        if self.now.kind == "name" and self.now.text == "as":
            self.advance()
            node.parts = [self.node("name", self.name().text)]
        return node

    def _global(self, node: Node) -> None:
        while True:
            node.parts.append(self.node("name", self.name().text))
            if not self.take(","):
                return

    def _exec(self, node: Node) -> None:
        node.parts = [self.operation()]
        if self.take("in"):
            node.parts.append(self.expression())
            if self.take(","):
                node.parts.append(self.expression())

    def _assert(self, node: Node) -> None:
        node.parts = [self.expression()]
        if self.take(","):
            node.parts.append(self.expression())

    # -- compound ------------------------------------------------------------------------------------------------------
    def _block(self) -> Node:
        self.expect(":")
        block = self.node("block")
        if self.now.kind != NEWLINE:
            if self.sees("if", "while", "for", "try", "def", "class"):
                self.fail()
            block.parts = self._statement()
            return block
        self.advance()
        if self.now.kind != INDENT:
            self.fail()
        self.advance()
        while self.now.kind != DEDENT:
            if self.now.kind == NEWLINE:
                self.advance()
            else:
                block.parts += self._statement()
        self.advance()
        return block

    def _if(self) -> Node:
        node = self.node("if")
        while self.sees("if", "elif"):
            self.advance()
            node.parts += [self.expression(), self._block()]
            if self.sees("if"):
                break
        if self.take("else"):
            node.parts.append(self._block())
        return node

    def _while(self) -> Node:
        node = self.node("while")
        self.advance()
        node.parts = [self.expression(), self._block()]
        if self.take("else"):
            node.parts.append(self._block())
        return node

    def _for(self) -> Node:
        node = self.node("for")
        self.advance()
        node.parts = [self.expressions(self.operation)]
        _check_target(node.parts[0])
        self.expect("in")
        node.parts += [self.operand("for", self.expressions), self._block()]
        if self.take("else"):
            node.parts.append(self._block())
        return node

    def _try(self) -> Node:
        node = self.node("try")
        self.advance()
        node.parts = [self._block()]
        if self.take("finally"):
            node.parts.append(self._block())
            return node
        if not self.sees("except"):
            self.fail()
        while self.sees("except"):
            handler = self.node("handler")
            self.advance()
            if not self.sees(":"):
                handler.parts = [self.expression()]
                if self.take(","):
                    handler.value = "target"
                    handler.parts.append(self.expression())
                    _check_target(handler.parts[1])
            handler.parts.append(self._block())
            node.parts.append(handler)
        if self.take("else"):
            node.parts.append(self._block())
        return node

    def _def(self) -> Node:
        node = self.node("def")
        self.advance()
        node.value = self.name().text
        self.expect("(")
        node.parts = [self.parameters(")")]
        self.expect(")")
        node.parts.append(self._block())
        return node

    def _class(self) -> Node:
        node = self.node("class")
        self.advance()
        node.value = self.name().text
        bases = self.node("tuple")
        if self.take("("):
            found = self.expressions()
            bases.parts = found.parts if found.kind == "tuple" else [found]
            self.expect(")")
        node.parts = [bases, self._block()]
        return node


def _check_target(node: Node) -> None:
    if node.kind in ("tuple", "list") and node.parts:
        for part in node.parts:
            _check_target(part)
    elif node.kind not in ("name", "attribute", "index"):
        raise NotPython("can't assign to that", node.line, node.column)
