"""Operators on values, apart from those that decide what is evaluated at all."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from lab.windows.powershell.conversions import integer, to_bool, to_int, to_number, to_string, type_name
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.values import INT32, INT64, Byte, Char, Hashtable, Long, is_array, items_of
from lab.windows.powershell.wildcard import wildcard

_RUNTIME = "System.Management.Automation.RuntimeException"


# -- arithmetic --------------------------------------------------------------------------------------------------------
def _result(value: int | float, *operands: int | float) -> int | float:
    """The type of a result: double if an operand is, else 64 or 32 bits; an overflow widens to double."""
    if isinstance(value, float) or any(isinstance(operand, float) for operand in operands):
        return float(value)
    if any(isinstance(operand, Long) for operand in operands):
        return Long(value) if value in INT64 else float(value)
    return int(value) if value in INT32 else float(value)


def add(left: Any, right: Any) -> Any:
    """`+`: joins strings, arrays and hashtables, adds numbers; the left operand decides."""
    if left is None:
        return right
    if isinstance(left, str):
        return to_string(left) + to_string(right)
    if is_array(left):
        return items_of(left) + items_of(right)
    if isinstance(left, Hashtable):
        if not isinstance(right, Hashtable):
            raise NetFailure(_RUNTIME, "You can add another hash table only to a hash table.")
        joined = Hashtable()
        for key, value in [*left.items(), *right.items()]:
            if key in joined:
                raise NetFailure("System.ArgumentException", f"Item has already been added. Key in dictionary: '{key}'")
            joined[key] = value
        return joined
    return _arithmetic(left, right, lambda a, b: a + b, "op_Addition")


def subtract(left: Any, right: Any) -> Any:
    """`-`."""
    return _arithmetic(left, right, lambda a, b: a - b, "op_Subtraction")


def multiply(left: Any, right: Any) -> Any:
    """`*`: repeats strings and arrays."""
    if isinstance(left, str) and not isinstance(left, Char):
        return to_string(left) * to_int(right)
    if is_array(left):
        return items_of(left) * to_int(right)
    return _arithmetic(left, right, lambda a, b: a * b, "op_Multiply")


def divide(left: Any, right: Any) -> Any:
    """`/`: a double unless it comes out even."""
    a, b = to_number(left), to_number(right)
    if not b:
        raise NetFailure("System.DivideByZeroException", "Attempted to divide by zero.")
    if not isinstance(a, float) and not isinstance(b, float) and a % b == 0:
        return _result(a // b, a, b)
    return a / b


def remainder(left: Any, right: Any) -> Any:
    """`%`: has the sign of the left operand."""
    a, b = to_number(left), to_number(right)
    if not b:
        raise NetFailure("System.DivideByZeroException", "Attempted to divide by zero.")
    if isinstance(a, float) or isinstance(b, float):
        return math.fmod(a, b)
    return _result(int(math.copysign(abs(a) % abs(b), a)) if a % b else 0, a, b)


def _arithmetic(left: Any, right: Any, compute: Callable[[Any, Any], int | float], operation: str) -> int | float | Any:
    special = getattr(left, operation, None)
    if special is not None:
        return special(right)
    if is_array(left) or isinstance(left, Hashtable):
        kind = type_name(left)
        raise NetFailure(
            _RUNTIME, f"Method invocation failed because [{kind}] doesn't contain a method named '{operation}'."
        )
    a, b = to_number(left), to_number(right)
    return _result(compute(a, b), a, b)


def negate(value: Any) -> Any:
    """Unary `-`."""
    return subtract(0, value)


# -- comparison --------------------------------------------------------------------------------------------------------
def equal(left: Any, right: Any, *, case: bool = False) -> bool:
    """`-eq` of two single values: the right is converted to the left's type."""
    if left is None or right is None:
        return left is None and right is None
    if isinstance(left, bool):
        return left == to_bool(right)
    if isinstance(left, str):
        a, b = to_string(left), to_string(right)
        return a == b if case else a.casefold() == b.casefold()
    if isinstance(left, (int, float)):
        try:
            return float(left) == float(to_number(right)) if not isinstance(right, bool) else left == int(right)
        except NetFailure:
            return False
    special = getattr(left, "equals", None)
    return bool(special(right)) if special is not None else left is right


def order(left: Any, right: Any, *, case: bool = False) -> int:
    """Negative, zero or positive as `left` is less than, equal to or greater than `right`."""
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if isinstance(left, str):
        a, b = to_string(left), to_string(right)
        if not case:
            a, b = a.casefold(), b.casefold()
        return (a > b) - (a < b)
    if isinstance(left, (int, float)):
        x, y = to_number(left), to_number(right)
        return (x > y) - (x < y)
    special = getattr(left, "compare_to", None)
    if special is None:
        raise NetFailure(_RUNTIME, f'Cannot compare "{to_string(left)}" because it is not IComparable.')
    return int(special(right))


def _like(left: Any, right: Any, *, case: bool) -> bool:
    return wildcard(to_string(right), case=case).fullmatch(to_string(left)) is not None


Test = Callable[..., bool]
TESTS: dict[str, Test] = {
    "eq": equal,
    "ne": lambda a, b, case: not equal(a, b, case=case),
    "lt": lambda a, b, case: order(a, b, case=case) < 0,
    "le": lambda a, b, case: order(a, b, case=case) <= 0,
    "gt": lambda a, b, case: order(a, b, case=case) > 0,
    "ge": lambda a, b, case: order(a, b, case=case) >= 0,
    "like": lambda a, b, case: _like(a, b, case=case),
    "notlike": lambda a, b, case: not _like(a, b, case=case),
}


def compare(operator: str, left: Any, right: Any, *, case: bool) -> Any:
    """A comparison; an array on the left is filtered instead."""
    test = TESTS[operator]
    if is_array(left):
        return [item for item in items_of(left) if test(item, right, case=case)]
    return test(left, right, case=case)


def contains(left: Any, right: Any, *, case: bool) -> bool:
    """`-contains`."""
    return any(equal(item, right, case=case) for item in items_of(left))


# -- text --------------------------------------------------------------------------------------------------------------
def net_pattern(pattern: str, *, case: bool) -> re.Pattern[str]:
    """A regular expression of .NET."""
    translated = re.sub(r"\(\?<(\w+)>", r"(?P<\1>", pattern).replace(r"\z", r"\Z")
    try:
        return re.compile(translated, 0 if case else re.IGNORECASE)
    except re.error as problem:
        raise NetFailure("System.ArgumentException", f'parsing "{pattern}" - {problem}.') from None


def net_groups(found: re.Match[str]) -> dict[int | str, str | None]:
    """The groups of a match as .NET counts them: groups with a name are not among the numbered ones."""
    named = {number: name for name, number in found.re.groupindex.items()}
    groups: dict[int | str, str | None] = {0: found[0]}
    count = 0
    for number, text in enumerate(found.groups(), start=1):
        if number in named:
            groups[named[number]] = text
        else:
            count += 1
            groups[count] = text
    return groups


def replacement(template: str) -> Callable[[re.Match[str]], str]:
    """`$1`, `${name}`, `$&` and `$$` of a .NET replacement text."""

    def expand(found: re.Match[str]) -> str:
        def part(reference: re.Match[str]) -> str:
            name = reference[1].strip("{}")
            if name in ("$", "&"):
                return "$" if name == "$" else found[0]
            key: int | str = int(name) if name.isdigit() else name
            groups = net_groups(found)
            return (groups[key] or "") if key in groups else reference[0]

        return re.sub(r"\$(\$|&|\d+|\{\w+\})", part, template)

    return expand


def replace(left: Any, right: Any, *, case: bool) -> Any:
    """`-replace`: pattern and replacement."""
    parts = items_of(right)
    if len(parts) > 2:
        raise NetFailure(_RUNTIME, f"The -replace operator allows only two elements to follow it, not {len(parts)}.")
    pattern = net_pattern(to_string(parts[0]), case=case)
    expand = replacement(to_string(parts[1]) if len(parts) > 1 else "")
    done = [pattern.sub(expand, to_string(item)) for item in items_of(left)]
    return done if is_array(left) else done[0]


def split(left: Any, right: Any, *, case: bool) -> list[str]:
    """`-split`: pattern and maximum of parts."""
    parts = items_of(right)
    pattern = net_pattern(to_string(parts[0]), case=case)
    limit = to_int(parts[1]) if len(parts) > 1 else 0
    found: list[str] = []
    for item in items_of(left):
        found += [piece or "" for piece in pattern.split(to_string(item), maxsplit=max(limit - 1, 0) if limit else 0)]
    return found


def split_blanks(value: Any) -> list[str]:
    """Unary `-split`."""
    return [word for item in items_of(value) for word in to_string(item).split()]


def join(left: Any, right: Any) -> str:
    """`-join`."""
    return to_string(right).join(to_string(item) for item in items_of(left))


# -- bits and ranges ---------------------------------------------------------------------------------------------------
def bitwise(operator: str, left: Any, right: Any) -> Any:
    """`-band`, `-bor`, `-bxor`."""
    a = to_int(left, "System.Int64")
    b = to_int(right, "System.Int64")
    value = {"band": a & b, "bor": a | b, "bxor": a ^ b}[operator]
    return Long(value) if isinstance(left, Long) or isinstance(right, Long) else integer(value)


def bitwise_not(value: Any) -> Any:
    """`-bnot`."""
    return ~int(value) if isinstance(value, (Byte, int)) else ~to_int(value)


def span(left: Any, right: Any) -> list[int]:
    """`..`, upwards or downwards."""
    first, last = to_int(left), to_int(right)
    return list(range(first, last + 1)) if first <= last else list(range(first, last - 1, -1))
