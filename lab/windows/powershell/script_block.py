"""Script blocks and functions: parameters, named blocks, invocation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lab.windows.powershell.casts import cast_to
from lab.windows.powershell.conversions import to_bool
from lab.windows.powershell.dotnet.core import NetObject, NetType, find_type, method
from lab.windows.powershell.engine import Emit, Engine
from lab.windows.powershell.errors import Refused, Return, error
from lab.windows.powershell.scope import Scope
from lab.windows.powershell.syntax import Node
from lab.windows.powershell.values import VOID, collected

MAX_DEPTH = 60


@dataclass
class Parameter:
    """A parameter of a script block: its type, if declared, and its default."""

    name: str
    type: NetType | None
    default: Node | None

    @property
    def switch(self) -> bool:
        return self.type is not None and self.type.name.endswith("SwitchParameter")


class ScriptBlock(NetObject):
    """`{ ... }` as a value. `filter` blocks run their body once per pipeline object."""

    type_name = "System.Management.Automation.ScriptBlock"

    def __init__(self, node: Node, parameters: list[Parameter], *, is_filter: bool = False) -> None:
        self.parameters = parameters
        self.text = node.text
        self.blocks: dict[str, Node] = {}
        body = node.child("script_block_body") if node.kind == "script_block" else node
        statements = body.child("statement_list") if body is not None and body.kind == "script_block_body" else body
        named = body.child("named_block_list") if body is not None else None
        if named is not None:
            for block in named.all("named_block"):
                self.blocks[block.need("block_name").text.casefold()] = block.need("statement_block")
        elif statements is not None:
            self.blocks["process" if is_filter else "end"] = statements

    def to_string(self) -> str:
        return self.text.strip().removeprefix("{").removesuffix("}")

    @method("Invoke")
    def invoke_method(self, *_: Any) -> Any:
        raise Refused("ScriptBlock.Invoke() is not imitated: use & { ... }")


def script_block(node: Node) -> ScriptBlock:
    """The value of a script block expression `{ ... }`."""
    inner = node.child("script_block")
    declared = node.child("param_block") or (inner.child("param_block") if inner else None)
    block = ScriptBlock(inner or Node("script_block", "", node.line), parameters_of(declared))
    block.text = node.text
    return block


def parameters_of(declared: Node | None) -> list[Parameter]:
    """The parameters in `param(...)` or behind a function's name."""
    listed = declared.child("parameter_list") if declared else None
    found = []
    for item in listed.all("script_parameter") if listed else []:
        attributes = item.child("attribute_list")
        kind: NetType | None = None
        for attribute in attributes.all("attribute") if attributes else []:
            literal = attribute.child("type_literal")
            if literal is None:
                if not attribute.text.casefold().startswith("[parameter("):
                    raise Refused(f"line {item.line}: parameter attribute is not imitated: {attribute.text}")
                continue
            kind = find_type(literal.text.strip("[]") if not literal.text.endswith("[]]") else literal.text[1:-1])
            if kind is None:
                raise error(
                    f"Unable to find type {literal.text}: make sure that the assembly containing this type is loaded."
                )
        default = item.children[-1] if item.text.find("=") > 0 and item.children[-1].kind != "variable" else None
        if default is not None and default.kind == "script_parameter_default":
            default = default.children[-1]
        found.append(Parameter(item.need("variable").text.lstrip("$"), kind, default))
    return found


def bind(  # noqa: PLR0912 - the rules of binding are one list
    engine: Engine, block: ScriptBlock, scope: Scope, named: list[tuple[str, Any]], positional: list[Any]
) -> None:
    """Put arguments into the variables of `scope`, defaults where there is none, the rest into `$args`."""
    given: dict[str, Any] = {}
    for name, value in named:
        parameter = _parameter(block, name)
        if parameter is None:
            # An unknown name is an argument like any other, as in functions without CmdletBinding.
            positional = [*positional, f"-{name}", *([] if value is VOID else [value])]
            continue
        if parameter.name in given:
            raise error(f"Cannot bind parameter because parameter '{parameter.name}' is specified more than once.")
        if parameter.switch:
            given[parameter.name] = True if value is VOID else to_bool(value)
        elif value is VOID:
            raise error(
                f"Missing an argument for parameter '{parameter.name}'. Specify a parameter and try again.",
                "System.Management.Automation.ParameterBindingException",
            )
        else:
            given[parameter.name] = value
    rest = list(positional)
    for parameter in block.parameters:
        if parameter.name not in given and not parameter.switch and rest:
            given[parameter.name] = rest.pop(0)
    for parameter in block.parameters:
        value = given.get(parameter.name)
        if parameter.name not in given:
            value = engine.evaluate(parameter.default) if parameter.default else None
            if value is None and parameter.switch:
                value = False
        if parameter.type is None:
            scope.set(parameter.name, value)
        else:
            kind = parameter.type
            scope.declare(parameter.name, value, lambda item, kind=kind: cast_to(engine, kind, item))  # type: ignore[misc]
    scope.set("args", rest)


def _parameter(block: ScriptBlock, name: str) -> Parameter | None:
    folded = name.casefold()
    exact = [p for p in block.parameters if p.name.casefold() == folded]
    if exact:
        return exact[0]
    close = [p for p in block.parameters if p.name.casefold().startswith(folded)]
    if len(close) > 1:
        names = " ".join(f"-{p.name}" for p in close)
        raise error(f"Parameter cannot be processed because the parameter name '{name}' is ambiguous: {names}.")
    return close[0] if close else None


class Invocation:
    """A script block or function at work as a stage of a pipeline."""

    def __init__(
        self, engine: Engine, block: ScriptBlock, named: list[tuple[str, Any]], positional: list[Any], *, dotted: bool
    ) -> None:
        self._engine = engine
        self._block = block
        self._scope = engine.scope if dotted else Scope(engine.scope)
        self._arguments = (named, positional)
        self._input: list[Any] = []

    def begin(self, emit: Emit) -> None:
        def start() -> None:
            bind(self._engine, self._block, self._scope, *self._arguments)
            self._run("begin", emit)

        self._within(start)

    def process(self, item: Any, emit: Emit) -> None:
        if "process" not in self._block.blocks:
            self._input.append(item)
            return
        self._within(lambda: self._one(item, emit))

    def end(self, emit: Emit, *, had_input: bool) -> None:
        def finish() -> None:
            if not had_input and "process" in self._block.blocks:
                self._run("process", emit)
            self._scope.set("input", self._input)
            self._run("end", emit)

        self._within(finish)

    def _one(self, item: Any, emit: Emit) -> None:
        self._scope.set("_", item)
        self._run("process", emit)

    def _run(self, name: str, emit: Emit) -> None:
        node = self._block.blocks.get(name)
        if node is not None:
            self._engine.execute(node, emit)

    def _within(self, work: Callable[[], None]) -> None:
        engine = self._engine
        if engine.depth >= MAX_DEPTH:
            raise error("The script failed due to call depth overflow.")
        before, engine.scope = engine.scope, self._scope
        engine.depth += 1
        try:
            work()
        except Return:
            pass
        finally:
            engine.scope = before
            engine.depth -= 1


def call(engine: Engine, block: ScriptBlock, positional: list[Any], *, dotted: bool = False) -> Any:
    """Run a block by itself; its value."""
    outputs: list[Any] = []
    invocation = Invocation(engine, block, [], positional, dotted=dotted)
    invocation.begin(outputs.append)
    invocation.end(outputs.append, had_input=False)
    return collected(outputs)


def run_inline(engine: Engine, block: ScriptBlock, item: Any, emit: Emit) -> None:
    """Run the block of ForEach-Object, Where-Object and their kin: in the caller's scope, with `$_` set."""
    before = engine.scope.get("_")
    engine.scope.set("_", item)
    try:
        for node in block.blocks.values():
            engine.execute(node, emit)
    except Return:
        pass
    finally:
        engine.scope.set("_", before)
