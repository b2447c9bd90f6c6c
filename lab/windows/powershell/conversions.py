"""PowerShell's conversions between types."""

from __future__ import annotations

import math
import re
from typing import Any

from lab.windows.powershell.dotnet.core import NetObject, NetType
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.values import INT32, INT64, VOID, Byte, Char, Hashtable, Long, Record, is_array, items_of

_NUMBER = re.compile(
    r"\s*([+-]?)(?:(0[xX][0-9a-fA-F]+)|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?))\s*(l|kb|mb|gb|tb|lkb|lmb|lgb)?\s*",
    re.IGNORECASE,
)
_MULTIPLES = {"kb": 2**10, "mb": 2**20, "gb": 2**30, "tb": 2**40}


def type_name(value: Any) -> str:
    """The full name of a value's type."""
    simple: list[tuple[type, str]] = [
        (bool, "System.Boolean"), (Long, "System.Int64"), (Byte, "System.Byte"), (int, "System.Int32"),
        (float, "System.Double"), (Char, "System.Char"), (str, "System.String"), (list, "System.Object[]"),
        (bytearray, "System.Byte[]"), (Hashtable, "System.Collections.Hashtable"), (NetType, "System.RuntimeType"),
    ]  # fmt: skip
    for kind, name in simple:
        if isinstance(value, kind):
            return name
    if isinstance(value, Record) and value.type_name == "PSCustomObject":
        return "System.Management.Automation.PSCustomObject"
    return str(getattr(value, "type_name", type(value).__name__))


def to_string(value: Any, separator: str = " ") -> str:  # noqa: PLR0911 - one return per kind
    """As in `[string]$value` and `"$value"`."""
    if value is None or value is VOID:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return double_text(value)
    if isinstance(value, NetObject) and not is_array(value):
        return value.to_string()
    if is_array(value):
        return separator.join(to_string(item) for item in items_of(value))
    if isinstance(value, NetType):
        return value.name
    if isinstance(value, Record):
        if value.type_name != "PSCustomObject" and not value.type_name.startswith("Selected."):
            return value.type_name
        return "@{" + "; ".join(f"{name}={to_string(item)}" for name, item in value.fields.items()) + "}"
    return type_name(value)


def double_text(value: float) -> str:
    """A double as .NET prints it: 15 digits."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.15g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        return f"{mantissa}E{exponent[0]}{exponent[1:].zfill(2)}"
    return text


def to_bool(value: Any) -> bool:
    """As in `if ($value)`."""
    if isinstance(value, str):
        return value != ""
    if isinstance(value, (bool, int, float)) or value is None:
        return bool(value)
    if is_array(value):
        items = items_of(value)
        # One element is judged by itself, more are always true.
        return to_bool(items[0]) if len(items) == 1 else bool(items)
    return value is not VOID


def integer(value: int) -> int:
    """An integer as Int32 if it fits, Int64 if that fits, else a double."""
    if value in INT32:
        return int(value)
    return Long(value) if value in INT64 else float(value)  # type: ignore[return-value]


def to_number(value: Any) -> int | float:
    """A value as number, for arithmetic."""
    if value is None:
        return 0
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Char):
        return ord(value)
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, str):
        return parse_number(value)
    enum_value = getattr(value, "number", None)
    if isinstance(enum_value, int):
        return enum_value
    raise _cannot(value, "System.Int32")


def parse_number(text: str) -> int | float:
    """Text such as `12`, `0x1f`, `1.5`, `4kb` as number; empty text is 0."""
    if not text.strip():
        return 0
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise _cannot(text, "System.Int32", "Input string was not in a correct format.")
    sign, hexadecimal, digits, suffix = found.groups()
    suffix = (suffix or "").lower()
    number: int | float
    if hexadecimal:
        number = int(hexadecimal, 16)
        # A literal of eight hex digits is a bit pattern of 32 bits.
        number = number - 2**32 if 2**31 <= number < 2**32 and len(hexadecimal) == 10 else number
    else:
        number = int(digits) if digits.isdigit() else float(digits)
    number = -number if sign == "-" else number
    number *= _MULTIPLES.get(suffix.lstrip("l"), 1)
    if isinstance(number, float):
        return number
    return Long(number) if suffix.startswith("l") else integer(number)


def to_int(value: Any, target: str = "System.Int32") -> int:
    """A value as integer: doubles are rounded half to even."""
    try:
        number = to_number(value)
    except NetFailure:
        raise _cannot(value, target, "Input string was not in a correct format.") from None
    if isinstance(number, float):
        if math.isnan(number) or math.isinf(number):
            raise _cannot(value, target)
        number = round(number)
    limits = INT64 if target == "System.Int64" else range(256) if target == "System.Byte" else INT32
    # A range looks for what is no plain number, such as a byte of an array, one by one.
    if int(number) not in limits:
        reason = f"Value was either too large or too small for {_article(target)}."
        raise _cannot(value, target, reason)
    return int(number)


def to_bytes(value: Any) -> bytes:
    """A value as array of bytes."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    return bytes(to_int(item, "System.Byte") for item in items_of(value))


def _article(target: str) -> str:
    return {"System.Int32": "an Int32", "System.Int64": "an Int64", "System.Byte": "an unsigned byte"}[target]


def _cannot(value: Any, target: str, reason: str = "") -> NetFailure:
    shown = to_string(value)
    kind = type_name(value)
    message = f'Cannot convert value "{shown}" to type "{target}".'
    if not isinstance(value, str) and not reason:
        message = f'Cannot convert the "{shown}" value of type "{kind}" to type "{target}".'
    return NetFailure(
        "System.Management.Automation.RuntimeException", f'{message} Error: "{reason}"' if reason else message
    )


def cannot_convert(value: Any, target: str, reason: str = "") -> NetFailure:
    """The error of a cast that is not possible."""
    return _cannot(value, target, reason)


def argument(value: Any, kind: str) -> Any:  # noqa: PLR0911 - one return per kind
    """An argument of a .NET member as the parameter's annotation `kind` asks for it."""
    if value is None and kind.endswith("| None"):
        return None
    base = kind.removesuffix("| None").strip()
    match base:
        case "str":
            return to_string(value)
        case "int":
            return to_int(value, "System.Int64")
        case "float":
            return float(to_number(value))
        case "bool":
            return to_bool(value)
        case "bytes":
            return to_bytes(value)
        case "list[str]":
            return [to_string(item) for item in items_of(value)]
        case "list[Any]":
            return items_of(value)
    return value
