"""Statements: assignments, conditions, loops, functions, error handling."""

from __future__ import annotations

from typing import Any

from lab.windows.powershell import operators
from lab.windows.powershell.casts import cast_to
from lab.windows.powershell.conversions import to_bool, to_int, to_string
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.engine import Emit, Engine, evaluates, executes
from lab.windows.powershell.error_record import ErrorRecord, handler_matches, report, statement_failed
from lab.windows.powershell.errors import Break, Continue, Exit, PowerShellError, Refused, Return, error
from lab.windows.powershell.expressions import match_text, member_name, type_of_literal
from lab.windows.powershell.members import set_index, set_member, set_static
from lab.windows.powershell.script_block import ScriptBlock, parameters_of
from lab.windows.powershell.syntax import Node
from lab.windows.powershell.values import VOID, is_array, items_of
from lab.windows.powershell.variables import set_variable

_NO_OUTPUT = {"assignment_expression", "post_increment_expression", "post_decrement_expression",
              "pre_increment_expression", "pre_decrement_expression"}  # fmt: skip


def emit_value(value: Any, emit: Emit) -> None:
    """Send a value down the pipeline: arrays are taken apart, nothing is sent for nothing."""
    if value is VOID:
        return
    if is_array(value):
        for item in items_of(value):
            emit(item)
    else:
        emit(value)


@executes("expression")
def _expression(engine: Engine, node: Node, emit: Emit) -> None:
    value = engine.evaluate_raw(node)
    engine.succeeded = True
    if node.kind not in _NO_OUTPUT:
        emit_value(value, emit)


@executes("program", "script_block_body")
def _program(engine: Engine, node: Node, emit: Emit) -> None:
    for child in node.children:
        if child.kind == "param_block":
            raise Refused(f"line {child.line}: param() of a whole program is not imitated")
        engine.execute(child, emit)


@executes("statement_block")
def _block(engine: Engine, node: Node, emit: Emit) -> None:
    statements = node.child("statement_list")
    if statements is not None:
        engine.execute(statements, emit)


@executes("statement_list")
def _statements(engine: Engine, node: Node, emit: Emit) -> None:
    traps = node.all("trap_statement")
    for child in node.children:
        if child.kind in ("trap_statement", ";", "label"):
            continue
        try:
            engine.execute(child, emit)
        except PowerShellError as failure:
            engine.succeeded = False
            if not _trapped(engine, traps, failure, emit):
                statement_failed(engine, failure)


def _trapped(engine: Engine, traps: list[Node], failure: PowerShellError, emit: Emit) -> bool:
    """Let the first trap for this error act; whether the program goes on behind the failed statement."""
    for trap in traps:
        kind = trap.child("type_literal")
        if kind is not None and not handler_matches(failure.exception, type_of_literal(kind)):
            continue
        record = ErrorRecord.of(failure)
        engine.scope.set("_", record)
        try:
            engine.execute(trap.need("statement_block"), emit)
        except Continue:
            return True
        except Break:
            raise failure from None
        report(engine, record)
        return True
    return False


# -- assignment --------------------------------------------------------------------------------------------------------
@evaluates("assignment_expression")
def _assignment(engine: Engine, node: Node) -> Any:
    target, sign, source = node.children
    operator = sign.text.strip()
    value = engine.evaluate(source)
    if operator != "=":
        compute = {"+": operators.add, "-": operators.subtract, "*": operators.multiply, "/": operators.divide,
                   "%": operators.remainder}[operator[0]]  # fmt: skip
        value = compute(engine.evaluate(target), value)
    assign(engine, target, value)
    return value


def assign(engine: Engine, target: Node, value: Any) -> None:
    """Write to a variable, an element, a member, or several of them."""
    match target.kind:
        case "variable":
            set_variable(engine, target.text, value)
        case "cast_expression":
            literal, variable = target.children
            if variable.kind != "variable":
                raise Refused(f"line {target.line}: assignment to {target.text} is not imitated")
            kind = type_of_literal(literal)
            engine.scope.declare(variable.text.lstrip("$"), value, lambda item: cast_to(engine, kind, item))
        case "element_access":
            set_index(engine, engine.evaluate(target.children[0]), engine.evaluate(target.children[2]), value)
        case "member_access":
            owner, sign, name = target.children
            setter = set_static if sign.kind == "::" else set_member
            setter(engine, engine.evaluate(owner), member_name(engine, name), value)
        case "array_literal_expression":
            targets = [child for child in target.children if child.kind != ","]
            values = items_of(value)
            for place, each in enumerate(targets):
                last = place == len(targets) - 1
                rest: Any = values[place:] if last and len(values) > len(targets) else None
                assign(engine, each, rest if rest else values[place] if place < len(values) else None)
        case _:
            raise error(f"The assignment expression is not valid: line {target.line}: {target.text}")


@evaluates("post_increment_expression", "post_decrement_expression", "pre_increment_expression",
           "pre_decrement_expression")  # fmt: skip
def _step(engine: Engine, node: Node) -> Any:
    before_it = node.kind.startswith("pre")
    target = node.children[-1] if before_it else node.children[0]
    old = engine.evaluate(target)
    new = operators.add(old if old is not None else 0, 1 if "increment" in node.kind else -1)
    assign(engine, target, new)
    return new if before_it else old


# -- conditions --------------------------------------------------------------------------------------------------------
@executes("if_statement")
def _if(engine: Engine, node: Node, emit: Emit) -> None:
    clauses = [(node.children[2], node.need("statement_block"))]
    others = node.child("elseif_clauses")
    clauses += [(each.children[2], each.need("statement_block")) for each in (others.children if others else [])]
    for condition, block in clauses:
        if to_bool(engine.evaluate(condition)):
            engine.execute(block, emit)
            return
    otherwise = node.child("else_clause")
    if otherwise is not None:
        engine.execute(otherwise.need("statement_block"), emit)


@executes("switch_statement")
def _switch(engine: Engine, node: Node, emit: Emit) -> None:
    modes = {each.text.strip().casefold() for each in (node.child("switch_parameters") or node).children}
    modes &= {"-regex", "-wildcard", "-exact", "-casesensitive", "-file", "-parallel"}
    if modes & {"-file", "-parallel"}:
        raise Refused(f"line {node.line}: switch {modes} is not imitated")
    subject = engine.evaluate_raw(node.need("switch_condition").children[1])
    clauses = node.need("switch_body").child("switch_clauses")
    before = engine.scope.get("_")
    try:
        for item in [] if subject is VOID else items_of(subject):
            engine.scope.set("_", item)
            try:
                _switch_item(engine, clauses.children if clauses else [], modes, item, emit)
            except Continue:
                continue
    except Break:
        pass
    finally:
        engine.scope.set("_", before)


def _switch_item(engine: Engine, clauses: list[Node], modes: set[str], item: Any, emit: Emit) -> None:
    hit = False
    default: Node | None = None
    for clause in clauses:
        condition = clause.need("switch_clause_condition")
        block = clause.need("statement_block")
        if not condition.children and condition.text.strip().casefold() == "default":
            default = block
        elif _switch_matches(engine, condition, modes, item):
            hit = True
            engine.execute(block, emit)
    if not hit and default is not None:
        engine.execute(default, emit)


def _switch_matches(engine: Engine, condition: Node, modes: set[str], item: Any) -> bool:
    if not condition.children:
        wanted: Any = condition.text.strip()
    else:
        wanted = engine.evaluate(condition.children[0])
    if isinstance(wanted, ScriptBlock):
        outputs: list[Any] = []
        for block in wanted.blocks.values():
            engine.execute(block, outputs.append)
        return to_bool(outputs)
    case = "-casesensitive" in modes
    if "-regex" in modes:
        return to_bool(match_text(engine, "match", to_string(item), wanted, case))
    if "-wildcard" in modes:
        return to_bool(operators.compare("like", to_string(item), wanted, case=case))
    return operators.equal(item, wanted, case=case)


# -- loops -------------------------------------------------------------------------------------------------------------
@executes("foreach_statement")
def _foreach(engine: Engine, node: Node, emit: Emit) -> None:
    if node.child("foreach_parameter") is not None:
        raise Refused(f"line {node.line}: PowerShell 2.0 has no foreach -parallel")
    variable = node.need("variable")
    place = next(i for i, child in enumerate(node.children) if child.text.casefold() == "in")
    subject = engine.evaluate_raw(node.children[place + 1])
    # PowerShell 2.0 runs the body once for $null; only a command without output runs it never.
    for item in [] if subject is VOID else items_of(subject):
        set_variable(engine, variable.text, item)
        if not _goes_on(engine, node, emit):
            break


def _goes_on(engine: Engine, node: Node, emit: Emit) -> bool:
    """Run the body of a loop once; whether the loop goes on."""
    try:
        engine.execute(node.need("statement_block"), emit)
    except Continue:
        return True
    except Break:
        return False
    return True


@executes("while_statement")
def _while(engine: Engine, node: Node, emit: Emit) -> None:
    while to_bool(engine.evaluate(node.children[2])):
        if not _goes_on(engine, node, emit):
            break


@executes("do_statement")
def _do(engine: Engine, node: Node, emit: Emit) -> None:
    until = any(child.text.casefold() == "until" for child in node.children)
    while True:
        if not _goes_on(engine, node, emit):
            break
        if to_bool(engine.evaluate(node.children[-2])) == until:
            break


@executes("for_statement")
def _for(engine: Engine, node: Node, emit: Emit) -> None:
    parts: list[Node | None] = [None]
    for child in node.children[2:]:
        if child.kind == ";":
            parts.append(None)
        elif child.kind == ")":
            break
        else:
            parts[-1] = child
    first, condition, following = [*parts, None, None][:3]
    if first is not None:
        engine.evaluate(first)
    while condition is None or to_bool(engine.evaluate(condition)):
        if not _goes_on(engine, node, emit):
            break
        if following is not None:
            engine.evaluate(following)


@executes("labeled_statement", "label")
def _label(_: Engine, node: Node, _emit: Emit) -> None:
    raise Refused(f"line {node.line}: labelled loops are not imitated")


# -- flow --------------------------------------------------------------------------------------------------------------
@executes("flow_control_statement")
def _flow(engine: Engine, node: Node, emit: Emit) -> None:
    word = node.children[0].text.casefold()
    operand = node.children[1] if len(node.children) > 1 else None
    match word:
        case "break" | "continue":
            if operand is not None:
                raise Refused(f"line {node.line}: labels are not imitated")
            raise Break if word == "break" else Continue
        case "return":
            if operand is not None:
                emit_value(engine.evaluate_raw(operand), emit)
            raise Return
        case "exit":
            raise Exit(0 if operand is None else to_int(engine.evaluate(operand)))
        case "throw":
            raise thrown(engine, None if operand is None else engine.evaluate(operand))
    raise Refused(f"line {node.line}: {word} is not imitated")


def thrown(engine: Engine, value: Any) -> PowerShellError:
    """The error that `throw value` raises; without a value inside a catch block, the error caught."""
    if value is None:
        value = engine.scope.get("_") if isinstance(engine.scope.get("_"), ErrorRecord) else "ScriptHalted"
    return ErrorRecord.to_raise(value)


@executes("function_statement")
def _function(engine: Engine, node: Node, _emit: Emit) -> None:
    word = node.children[0].text.casefold()
    if word not in ("function", "filter"):
        raise Refused(f"line {node.line}: PowerShell 2.0 has no {word}")
    inner = node.child("script_block")
    head = node.child("function_parameter_declaration")
    declared = (inner.child("param_block") if inner else None) or node.child("param_block") or head
    if inner is None:
        inner = Node("script_block", "", node.line)
    block = ScriptBlock(inner, parameters_of(declared), is_filter=word == "filter")
    name = node.need("function_name").text.strip()
    scope = engine.scope
    if ":" in name:
        where, _, name = name.partition(":")
        if where.casefold() not in ("global", "script"):
            raise Refused(f"line {node.line}: function scope {where}: is not imitated")
        scope = scope.root() if where.casefold() == "global" else scope.script_scope()
    scope.functions[name.casefold()] = block


# -- errors ------------------------------------------------------------------------------------------------------------
@executes("try_statement")
def _try(engine: Engine, node: Node, emit: Emit) -> None:
    try:
        engine.in_try += 1
        try:
            engine.execute(node.need("statement_block"), emit)
        except NetFailure as failure:
            raise PowerShellError(failure.exception) from failure
        finally:
            engine.in_try -= 1
    except PowerShellError as failure:
        _catch(engine, node, failure, emit)
    finally:
        last = node.child("finally_clause")
        if last is not None:
            engine.execute(last.need("statement_block"), emit)


def _catch(engine: Engine, node: Node, failure: PowerShellError, emit: Emit) -> None:
    clauses = node.child("catch_clauses")
    for clause in clauses.children if clauses else []:
        listed = clause.child("catch_type_list")
        kinds = [type_of_literal(each) for each in listed.all("type_literal")] if listed else []
        if kinds and not any(handler_matches(failure.exception, kind) for kind in kinds):
            continue
        record = ErrorRecord.of(failure)
        engine.errors.insert(0, record)
        before = engine.scope.get("_")
        engine.scope.set("_", record)
        try:
            engine.execute(clause.need("statement_block"), emit)
        finally:
            engine.scope.set("_", before)
        return
    raise failure


@executes("trap_statement", "data_statement", "class_statement", "enum_statement", "inlinescript_statement",
          "parallel_statement", "sequence_statement", "using_statement")  # fmt: skip
def _unknown(_: Engine, node: Node, _emit: Emit) -> None:
    raise Refused(f"line {node.line}: PowerShell 2.0 or this lab does not know {node.kind}: {node.text[:40]}")
