"""Expressions: literals, variables, operators, members, and the brackets around them."""

from __future__ import annotations

from typing import Any

from lab.windows.powershell import operators
from lab.windows.powershell.casts import cast_to, is_instance, try_cast
from lab.windows.powershell.conversions import parse_number, to_bool, to_string
from lab.windows.powershell.dotnet.core import NetType, find_type
from lab.windows.powershell.dotnet.exceptions import NetException
from lab.windows.powershell.dotnet.reference import Reference
from lab.windows.powershell.engine import Engine, evaluates
from lab.windows.powershell.errors import PowerShellError, Refused, error
from lab.windows.powershell.formatting import format_text
from lab.windows.powershell.members import get_index, get_member, get_static, invoke, invoke_static
from lab.windows.powershell.script_block import script_block
from lab.windows.powershell.syntax import Node
from lab.windows.powershell.values import VOID, Hashtable, is_array, items_of
from lab.windows.powershell.variables import get_variable

NOT_IN_2 = {"-in", "-notin", "-cin", "-cnotin", "-iin", "-inotin", "-shl", "-shr"}


# -- literals ----------------------------------------------------------------------------------------------------------
@evaluates("text")
def _text(_: Engine, node: Node) -> Any:
    return node.text


@evaluates("expandable")
def _expandable(engine: Engine, node: Node) -> Any:
    separator = to_string(engine.scope.get("OFS"))
    return "".join(to_string(engine.evaluate(part), separator) for part in node.children)


@evaluates("decimal_integer_literal", "hexadecimal_integer_literal", "real_literal")
def _number(_: Engine, node: Node) -> Any:
    return parse_number(node.text)


@evaluates("hash_literal_expression")
def _hash(engine: Engine, node: Node) -> Any:
    table = Hashtable()
    body = node.child("hash_literal_body")
    for entry in body.all("hash_entry") if body else []:
        key_node, value_node = entry.children[0], entry.children[2]
        key = key_node.text if key_node.kind == "simple_name" else engine.evaluate(key_node)
        if key is None:
            raise error("A null key is not allowed in a hash literal.")
        if key in table:
            raise error(f"Duplicate keys '{to_string(key)}' are not allowed in hash literals.")
        table[key] = engine.evaluate(value_node)
    return table


@evaluates("array_literal_expression")
def _list(engine: Engine, node: Node) -> Any:
    return [engine.evaluate(child) for child in node.children if child.kind != ","]


@evaluates("script_block_expression")
def _block(_: Engine, node: Node) -> Any:
    return script_block(node)


@evaluates("type_literal")
def _type(_: Engine, node: Node) -> Any:
    return type_of_literal(node)


def type_of_literal(node: Node) -> NetType:
    """The type that `[name]` stands for."""
    name = node.text.strip()[1:-1]
    found = find_type(name)
    if found is None:
        raise error(f"Unable to find type [{name}]: make sure that the assembly containing this type is loaded.")
    return found


# -- brackets ----------------------------------------------------------------------------------------------------------
@evaluates("parenthesized_expression")
def _parentheses(engine: Engine, node: Node) -> Any:
    return engine.evaluate_raw(node.children[1])


@evaluates("sub_expression")
def _sub_expression(engine: Engine, node: Node) -> Any:
    statements = node.child("statement_list")
    return engine.outputs_as_value(statements) if statements else VOID


@evaluates("array_expression")
def _array(engine: Engine, node: Node) -> Any:
    statements = node.child("statement_list")
    if statements is None:
        return []
    return engine.outputs(statements)


# -- variables ---------------------------------------------------------------------------------------------------------
@evaluates("variable")
def _variable(engine: Engine, node: Node) -> Any:
    if node.text.startswith("@"):
        raise Refused(f"line {node.line}: splatting is not imitated: {node.text}")
    return get_variable(engine, node.text)


# -- operators ---------------------------------------------------------------------------------------------------------
@evaluates("logical_expression", "logical_argument_expression")
def _logical(engine: Engine, node: Node) -> Any:
    left, sign, right = node.children
    first = to_bool(engine.evaluate(left))
    match sign.text.casefold():
        case "-and":
            return first and to_bool(engine.evaluate(right))
        case "-or":
            return first or to_bool(engine.evaluate(right))
        case "-xor":
            return first != to_bool(engine.evaluate(right))
    raise Refused(f"line {node.line}: PowerShell 2.0 has no operator {sign.text}")


@evaluates("bitwise_expression", "bitwise_argument_expression")
def _bitwise(engine: Engine, node: Node) -> Any:
    left, sign, right = node.children
    name = sign.text.casefold().lstrip("-")
    if name not in ("band", "bor", "bxor"):
        raise Refused(f"line {node.line}: PowerShell 2.0 has no operator {sign.text}")
    return operators.bitwise(name, engine.evaluate(left), engine.evaluate(right))


@evaluates("additive_expression", "additive_argument_expression")
def _additive(engine: Engine, node: Node) -> Any:
    left, sign, right = node.children
    compute = operators.add if sign.text == "+" else operators.subtract
    return compute(engine.evaluate(left), engine.evaluate(right))


@evaluates("multiplicative_expression", "multiplicative_argument_expression")
def _multiplicative(engine: Engine, node: Node) -> Any:
    left, sign, right = node.children
    compute = {"*": operators.multiply, "/": operators.divide, "%": operators.remainder}[sign.text]
    return compute(engine.evaluate(left), engine.evaluate(right))


@evaluates("format_expression", "format_argument_expression")
def _format(engine: Engine, node: Node) -> Any:
    left, _, right = node.children
    return format_text(to_string(engine.evaluate(left)), items_of(engine.evaluate(right)))


@evaluates("range_expression", "range_argument_expression")
def _range(engine: Engine, node: Node) -> Any:
    left, _, right = node.children
    return operators.span(engine.evaluate(left), engine.evaluate(right))


@evaluates("comparison_expression", "comparison_argument_expression")
def _comparison(engine: Engine, node: Node) -> Any:
    left, sign, right = node.children
    written = sign.text.strip().casefold()
    if written in NOT_IN_2:
        raise Refused(f"line {node.line}: PowerShell 2.0 has no operator {sign.text.strip()}")
    name = written.lstrip("-")
    case = name.startswith("c") and name != "contains"
    if name not in _WORDS:
        name = name[1:]
    if name not in _WORDS:
        raise Refused(f"line {node.line}: operator {sign.text.strip()} is not imitated")
    return _WORDS[name](engine, name, engine.evaluate(left), engine.evaluate(right), case)


def _compare(_: Engine, name: str, left: Any, right: Any, case: bool) -> Any:
    return operators.compare(name, left, right, case=case)


def match_text(engine: Engine, name: str, left: Any, right: Any, case: bool) -> Any:
    """`-match` and `-notmatch`; a match of a single text sets `$matches`."""
    pattern = operators.net_pattern(to_string(right), case=case)
    wanted = name == "match"
    if is_array(left):
        return [item for item in items_of(left) if (pattern.search(to_string(item)) is not None) == wanted]
    found = pattern.search(to_string(left))
    if found is not None:
        groups = Hashtable()
        for key, text in operators.net_groups(found).items():
            if text is not None:
                groups[key] = text
        engine.scope.set("Matches", groups)
    return (found is not None) == wanted


def _is(_: Engine, name: str, left: Any, right: Any, case: bool) -> Any:
    del case
    kind = right if isinstance(right, NetType) else find_type(to_string(right))
    if kind is None:
        raise error(f"Cannot find type [{to_string(right)}].")
    return is_instance(left, kind) == (name == "is")


def _as(engine: Engine, name: str, left: Any, right: Any, case: bool) -> Any:
    del name, case
    kind = right if isinstance(right, NetType) else find_type(to_string(right))
    if kind is None:
        raise error(f"Cannot find type [{to_string(right)}].")
    return try_cast(engine, kind, left)


_WORDS: dict[str, Any] = {
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge", "like", "notlike"), _compare),
    "match": match_text,
    "notmatch": match_text,
    "contains": lambda _e, _n, left, right, case: operators.contains(left, right, case=case),
    "notcontains": lambda _e, _n, left, right, case: not operators.contains(left, right, case=case),
    "replace": lambda _e, _n, left, right, case: operators.replace(left, right, case=case),
    "split": lambda _e, _n, left, right, case: operators.split(left, right, case=case),
    "join": lambda _e, _n, left, right, _c: operators.join(left, right),
    "is": _is,
    "isnot": _is,
    "as": _as,
}


@evaluates("expression_with_unary_operator")
def _unary(engine: Engine, node: Node) -> Any:  # noqa: PLR0911 - one return per kind
    sign, operand = node.children[0], node.children[-1]
    if sign.kind in ("++", "--") or sign.kind == "pre_increment_expression":
        raise Refused(f"line {node.line}: {node.text} is not imitated")
    value = engine.evaluate(operand)
    match sign.text.casefold():
        case "-not" | "!":
            return not to_bool(value)
        case "-":
            return operators.negate(value)
        case "+":
            return operators.add(0, value)
        case ",":
            return [value]
        case "-join":
            return operators.join(value, "")
        case "-split":
            return operators.split_blanks(value)
        case "-bnot":
            return operators.bitwise_not(value)
    raise Refused(f"line {node.line}: PowerShell 2.0 has no unary operator {sign.text}")


@evaluates("cast_expression")
def _cast(engine: Engine, node: Node) -> Any:
    literal, operand = node.children
    name = literal.text.strip()[1:-1].casefold()
    if name in ("ordered", "pscustomobject"):
        raise Refused(f"line {node.line}: PowerShell 2.0 does not know {literal.text}")
    if name == "ref":
        if operand.kind != "variable":
            raise Refused(f"line {node.line}: {node.text}: a reference is to a variable")
        return Reference(engine, operand.text)
    return cast_to(engine, type_of_literal(literal), engine.evaluate(operand))


# -- members -----------------------------------------------------------------------------------------------------------
def member_name(engine: Engine, node: Node) -> str:
    """The name behind a dot, which may be computed."""
    return node.text if node.kind == "simple_name" else to_string(engine.evaluate(node))


@evaluates("member_access")
def _member(engine: Engine, node: Node) -> Any:
    target, sign, name = node.children
    wanted = member_name(engine, name)
    if sign.kind == "::":
        return get_static(engine, _static_owner(engine, target), wanted)
    return get_member(engine, engine.evaluate(target), wanted)


@evaluates("element_access")
def _element(engine: Engine, node: Node) -> Any:
    return get_index(engine, engine.evaluate(node.children[0]), engine.evaluate(node.children[2]))


@evaluates("invokation_expression")
def _invoke(engine: Engine, node: Node) -> Any:
    target, sign, name, arguments = node.children
    wanted = member_name(engine, name)
    listed = arguments.child("argument_expression_list")
    if listed is None:
        inner = [child for child in arguments.children if child.kind not in ("(", ")")]
    else:
        inner = [child for child in listed.children if child.kind != ","]
    owner: Any = _static_owner(engine, target) if sign.kind == "::" else engine.evaluate(target)
    values = [engine.evaluate(child) for child in inner]
    if sign.kind == "::":
        return invoke_static(engine, owner, wanted, values)
    return invoke(engine, owner, wanted, values)


def _static_owner(engine: Engine, node: Node) -> NetType:
    owner = engine.evaluate(node)
    if not isinstance(owner, NetType):
        message = f"Static members are looked up on types; {node.text} is none."
        raise PowerShellError(NetException("System.Management.Automation.RuntimeException", message))
    return owner
