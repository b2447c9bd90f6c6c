"""Pipelines: what the words of a command mean, and the stages that objects run through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from lab.windows.powershell.cmdlets.core import ALIASES, CMDLETS, CmdletStage
from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.exceptions import NetException
from lab.windows.powershell.engine import Emit, Engine, executes
from lab.windows.powershell.errors import PowerShellError, Refused, error
from lab.windows.powershell.native_stage import NativeStage
from lab.windows.powershell.redirection import Redirections
from lab.windows.powershell.script_block import Invocation, ScriptBlock
from lab.windows.powershell.statements import emit_value
from lab.windows.powershell.syntax import Node
from lab.windows.powershell.values import VOID

_NUMBERS = ("decimal_integer_literal", "hexadecimal_integer_literal", "real_literal")


class Stage(Protocol):
    """A part of a running pipeline."""

    def begin(self, emit: Emit) -> None: ...

    def process(self, item: Any, emit: Emit) -> None: ...

    def end(self, emit: Emit, *, had_input: bool) -> None: ...


class Words:
    """The arguments of a command as written: `named` ones with their value or `VOID`, `positional` values; `raw` is
    what a native program gets."""

    def __init__(self) -> None:
        self.sequence: list[tuple[str | None, Any, str]] = []

    def add(self, name: str | None, value: Any, raw: str) -> None:
        """One word: a parameter's name (its value, if attached by a colon), or a value."""
        self.sequence.append((name, value, raw))

    @property
    def raw(self) -> list[str]:
        """The words as text."""
        found: list[str] = []
        for name, value, raw in self.sequence:
            if name is None and isinstance(value, list):
                found += [to_string(item) for item in value]
            else:
                found.append(raw)
        return found

    def paired(self, is_switch: Callable[[str], bool]) -> tuple[list[tuple[str, Any]], list[Any]]:
        """Names with the values behind them, and the remaining values."""
        named: list[tuple[str, Any]] = []
        positional: list[Any] = []
        waiting: str | None = None
        for name, value, _ in self.sequence:
            if name is not None:
                if waiting is not None:
                    named.append((waiting, VOID))
                    waiting = None
                if value is not VOID or is_switch(name):
                    named.append((name, value))
                else:
                    waiting = name
            elif waiting is not None:
                named.append((waiting, value))
                waiting = None
            else:
                positional.append(value)
        if waiting is not None:
            named.append((waiting, VOID))
        return named, positional


@executes("command", "pipeline_chain")
def run_pipeline(engine: Engine, node: Node, emit: Emit) -> None:
    """Run a pipeline."""
    elements = [node] if node.kind == "command" else [child for child in node.children if child.kind != "|"]
    if any(child.kind in ("&&", "||", "&") for child in elements):
        raise Refused(f"line {node.line}: PowerShell 2.0 has no operator && or ||")
    source: list[Any] | None = None
    if elements[0].kind != "command":
        source = []
        emit_value(engine.evaluate_raw(elements[0]), source.append)
        elements = elements[1:]
    engine.succeeded = True
    built = [prepare(engine, element) for element in elements]
    _run(engine, built, source, emit)


def _run(engine: Engine, built: list[tuple[Stage, Redirections]], source: list[Any] | None, emit: Emit) -> None:
    sinks: list[Emit] = [emit]
    fed = [False] * len(built)
    for place in range(len(built) - 1, 0, -1):
        sinks.insert(0, _feed(engine, built[place], sinks[0], fed, place))
    outputs = [redirects.wrap(engine, sink) for (_, redirects), sink in zip(built, sinks, strict=True)]
    for place, (stage, redirects) in enumerate(built):
        with redirects.active(engine):
            stage.begin(outputs[place])
    for item in source or []:
        fed[0] = True
        with built[0][1].active(engine):
            built[0][0].process(item, outputs[0])
    for place, (stage, redirects) in enumerate(built):
        # A stage behind another one, or behind values, that got nothing does nothing.
        piped = place > 0 or source is not None
        with redirects.active(engine):
            stage.end(outputs[place], had_input=fed[place] or piped)
        redirects.close(engine)


def _feed(engine: Engine, target: tuple[Stage, Redirections], sink: Emit, fed: list[bool], place: int) -> Emit:
    stage, redirects = target

    def feed(item: Any) -> None:
        engine.checkpoint()
        fed[place] = True
        with redirects.active(engine):
            stage.process(item, redirects.wrap(engine, sink))

    return feed


def prepare(engine: Engine, node: Node) -> tuple[Stage, Redirections]:
    """The stage of one command, arguments evaluated."""
    operator = node.child("command_invokation_operator")
    first = node.children[1] if operator is not None else node.children[0]
    redirections = Redirections()
    words = _words(engine, node, redirections)
    target: Any = first.text.strip() if first.kind == "command_name" else engine.evaluate(first)
    if isinstance(target, ScriptBlock):
        named, positional = words.paired(_switch_of(target))
        dotted = operator is not None and operator.text == "."
        return Invocation(engine, target, named, positional, dotted=dotted), redirections
    name = to_string(target)
    if operator is not None and not name:
        raise error("The expression after '&' in a pipeline element produced an invalid object.")
    return _resolve(engine, name, words, node), redirections


def _switch_of(block: ScriptBlock) -> Callable[[str], bool]:
    def is_switch(name: str) -> bool:
        folded = name.casefold()
        found = [p for p in block.parameters if p.name.casefold().startswith(folded)]
        return any(p.switch for p in found)

    return is_switch


def _resolve(engine: Engine, name: str, words: Words, node: Node) -> Stage:
    folded = ALIASES.get(name.casefold(), name).casefold()
    function = engine.scope.function(folded)
    if function is not None:
        named, positional = words.paired(_switch_of(function))
        return Invocation(engine, function, named, positional, dotted=False)
    found = CMDLETS.get(folded)
    if found is not None:
        named, positional = words.paired(found.is_switch)
        return CmdletStage(engine, found, named, positional)
    session = engine.session
    program = session.machine.processes.find(name, session.environment, session.directory)
    if program is not None:
        return NativeStage(engine, program, words.raw)
    from lab.windows.powershell.dialect import CMDLETS as KNOWN  # noqa: PLC0415 - the list is large and rarely needed

    if folded in {known.casefold() for known in KNOWN}:
        raise Refused(f"line {node.line}: PowerShell 2.0 has {name}, but the lab does not imitate it")
    raise PowerShellError(
        NetException(
            "System.Management.Automation.CommandNotFoundException",
            f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program. "
            "Check the spelling of the name, or if a path was included, verify that the path is correct and try again.",
        )
    )


def _words(engine: Engine, node: Node, redirections: Redirections) -> Words:
    words = Words()
    elements = node.child("command_elements")
    parts = elements.children if elements else []
    place = 0
    while place < len(parts):
        part = parts[place]
        place += 1
        if part.kind == "redirection":
            redirections.add(engine, part)
        elif part.kind == "command_parameter":
            value: Any = VOID
            raw = part.text.strip()
            if place + 1 < len(parts) and parts[place].kind == "command_argument_sep":
                value = engine.evaluate(parts[place + 1])
                raw += ":" + to_string(value)
                place += 2
            words.add(part.text.strip().lstrip("-"), value, raw)
        elif part.kind == "command_argument_sep":
            raise Refused(f"line {part.line}: these arguments are not understood: {node.text[:60]}")
        elif part.kind == "text" and part.text.startswith(",") and words.sequence:
            # The grammar splits `a,b` of bare words into `a` and `,b`.
            _, value, _ = words.sequence.pop()
            joined = [*(value if isinstance(value, list) else [value]), *part.text.strip(",").split(",")]
            words.add(None, joined, ",".join(map(to_string, joined)))
        else:
            value = engine.evaluate(part)
            words.add(None, value, part.text if part.kind in _NUMBERS else to_string(value))
    return words
