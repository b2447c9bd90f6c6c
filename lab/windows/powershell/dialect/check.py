"""Check a text, all its branches, without running it: is it PowerShell 2.0, and within the lists?

It cannot know the type of a value: of an instance member it checks only that some listed type (or WMI class) has one of
that name. Member enumeration over arrays is therefore not seen here; when run, PowerShell 2.0 and the lab give null.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lab.windows.powershell import wmi_names
from lab.windows.powershell.cmdlets.core import ALIASES
from lab.windows.powershell.dialect.cmdlets import CMDLETS, COMMON, PARAMETERS
from lab.windows.powershell.dialect.net_types import INSTANCE_MEMBERS, STATIC_MEMBERS
from lab.windows.powershell.dotnet.core import ACCELERATORS
from lab.windows.powershell.syntax import Node, SyntaxRefused, parse

_OPERATORS = """
    -eq -ne -lt -le -gt -ge -like -notlike -match -notmatch -contains -notcontains -replace -split -join -is -isnot -as
    -and -or -xor -not -band -bor -bxor -bnot -f
"""
OPERATORS = frozenset(_OPERATORS.split())
_WITH_CASE = "eq ne lt le gt ge like notlike match notmatch contains notcontains replace split"
_CASED = frozenset(_WITH_CASE.split())
_NATIVE = "cmd hostname ipconfig net net1 netstat ping reg sc shutdown taskkill tasklist whoami xcopy"
NATIVE = frozenset(_NATIVE.split())
"""Programs of Windows Server 2003 that may be called without a path; others are called by `&` and a path."""
LATER_VARIABLES = frozenset("psitem psscriptroot pscommandpath isWindows".casefold().split())
LATER_MEMBERS = frozenset(("where", "foreach"))
_STATEMENTS_LATER = {
    "class_statement": "class", "enum_statement": "enum", "using_statement": "using", "inlinescript_statement":
    "inlinescript", "parallel_statement": "parallel", "sequence_statement": "sequence",
}  # fmt: skip

_MEMBERS = frozenset(
    name.casefold()
    for listed in [*INSTANCE_MEMBERS.values(), *wmi_names.MEMBERS.values()]
    for name in listed.split()
)  # fmt: skip
_STATICS = {name.casefold(): frozenset(members.casefold().split()) for name, members in STATIC_MEMBERS.items()}
_PARAMETERS = {name.casefold(): (*members.split(), *COMMON.split()) for name, members in PARAMETERS.items()}


def violations(text: str) -> list[str]:
    """What is wrong with the text, each with its line; empty when it is PowerShell 2.0."""
    try:
        tree = parse(text)
    except SyntaxRefused as refused:
        return [str(refused)]
    functions = {
        node.need("function_name").text.strip().casefold() for node in _walk(tree) if node.kind == "function_statement"
    }
    # Names that a program gives to its own hashtables and objects may be used as members of them.
    own = {entry.children[0].text.strip("'\"").casefold() for entry in _walk(tree) if entry.kind == "hash_entry"}
    return [f"line {node.line}: {why}" for node in _walk(tree) for why in _judge(node, functions, own)]


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _judge(node: Node, functions: set[str], own: set[str]) -> Iterator[str]:
    match node.kind:
        case "command":
            yield from _command(node, functions)
        case "comparison_operator" | "-and" | "-or" | "-xor" | "-band" | "-bor" | "-bxor" | "-bnot" | "-not" | "-f":
            yield from _operator(node.text.strip())
        case "expression_with_unary_operator" if node.children[0].text.startswith("-"):
            yield from _operator(node.children[0].text.strip()) if len(node.children[0].text) > 2 else ()
        case "type_literal":
            yield from _type(node.text.strip()[1:-1])
        case "member_access" | "invokation_expression":
            yield from _member(node, own)
        case "variable":
            yield from _variable(node.text)
        case "redirection" if re.match(r"\s*(\*|[3-6])>", node.text):
            yield f"PowerShell 2.0 has no redirection {node.text.strip()}"
        case "&&" | "||":
            yield f"PowerShell 2.0 has no operator {node.kind}"
        case "foreach_parameter":
            yield "PowerShell 2.0 has no foreach -parallel"
        case kind if kind in _STATEMENTS_LATER:
            yield f"PowerShell 2.0 has no {_STATEMENTS_LATER[kind]}"


def _operator(sign: str) -> Iterator[str]:
    folded = sign.casefold()
    if folded in OPERATORS or (folded[1:2] in ("c", "i") and folded[2:] in _CASED):
        return
    yield f"PowerShell 2.0 has no operator {sign}"


def _type_name(name: str) -> str | None:
    bare = name.replace(" ", "").removesuffix("[]").casefold()
    bare = ACCELERATORS.get(bare, bare).casefold()
    return next((each for each in (bare, f"system.{bare}") if each in _STATICS), None)


def _type(name: str) -> Iterator[str]:
    if name.casefold() in ("ordered", "pscustomobject"):
        yield f"PowerShell 2.0 does not know [{name}]"
    elif _type_name(name) is None:
        yield f"[{name}] is not in the list of .NET 2.0 to 3.5 types"


def _member(node: Node, own: set[str]) -> Iterator[str]:
    owner, sign, name = node.children[:3]
    if name.kind != "simple_name":
        return
    wanted = name.text.casefold()
    if sign.kind == "::":
        found = _type_name(owner.text.strip()[1:-1]) if owner.kind == "type_literal" else None
        if found is not None and wanted not in _STATICS[found]:
            yield f"{owner.text}::{name.text} is not in the list of .NET 2.0 to 3.5 members"
    elif node.kind == "invokation_expression" and wanted in LATER_MEMBERS:
        yield f".{name.text}() came with PowerShell 4.0"
    elif wanted not in _MEMBERS and wanted not in own and wanted not in ("psbase", "psobject"):
        yield f".{name.text} is not a member of a listed type or WMI class"


def _variable(text: str) -> Iterator[str]:
    if text.startswith("@"):
        yield f"splatting is not in the lab's list: {text}"
    elif text.lstrip("$").strip("{}").casefold() in LATER_VARIABLES:
        yield f"PowerShell 2.0 does not set {text}"


def _command(node: Node, functions: set[str]) -> Iterator[str]:
    name_node = node.child("command_name")
    if name_node is None:
        return
    name = name_node.text.strip()
    folded = ALIASES.get(name.casefold(), name).casefold()
    if folded in functions or "\\" in name:
        return
    if folded.removesuffix(".exe") in NATIVE:
        return
    if folded not in _PARAMETERS:
        known = folded in {each.casefold() for each in CMDLETS}
        yield f"{name} is {'a cmdlet nobody has reviewed' if known else 'not known to PowerShell 2.0'}"
        return
    words = node.child("command_elements")
    for word in words.all("command_parameter") if words else []:
        given = word.text.strip().lstrip("-").casefold()
        hits = [each for each in _PARAMETERS[folded] if each.casefold().startswith(given)]
        exact = any(each.casefold() == given for each in hits)
        if not exact and len(hits) != 1:
            yield f"{name} has no parameter {word.text.strip()} in PowerShell 2.0, or the abbreviation is ambiguous"
    if folded == "new-object" and words is not None:
        yield from _new_object(words)


def _new_object(words: Node) -> Iterator[str]:
    values = [word for word in words.children if word.kind == "text"]
    if values and _type_name(values[0].text) is None:
        yield f"New-Object {values[0].text}: the type is not in the list of .NET 2.0 to 3.5 types"
