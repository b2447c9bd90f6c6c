"""`[type]value`, `-as` and `-is`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lab.windows.powershell.conversions import (
    argument,
    cannot_convert,
    to_bool,
    to_bytes,
    to_int,
    to_number,
    to_string,
    type_name,
)
from lab.windows.powershell.dotnet.core import NetType, find_type
from lab.windows.powershell.dotnet.exceptions import NetException, NetFailure
from lab.windows.powershell.errors import PowerShellError, Refused
from lab.windows.powershell.values import VOID, Byte, Char, Hashtable, Long, items_of

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine


def _char(value: Any) -> Char:
    if isinstance(value, str):
        if len(value) != 1:
            raise cannot_convert(value, "System.Char", "String must be exactly one character long.")
        return Char(value)
    return Char(chr(to_int(value)))


def _hashtable(value: Any) -> Any:
    if value is None or isinstance(value, Hashtable):
        return value
    raise cannot_convert(value, "System.Collections.Hashtable")


def _type(value: Any) -> NetType:
    if isinstance(value, NetType):
        return value
    found = find_type(to_string(value))
    if found is None:
        raise cannot_convert(value, "System.Type")
    return found


_SIMPLE: dict[str, Callable[[Any], Any]] = {
    "System.Int32": to_int,
    "System.Int64": lambda value: Long(to_int(value, "System.Int64")),
    "System.Byte": lambda value: Byte(to_int(value, "System.Byte")),
    "System.Double": lambda value: float(to_number(value)),
    "System.Boolean": to_bool,
    "System.String": to_string,
    "System.Char": _char,
    "System.Object": lambda value: value,
    "System.Management.Automation.PSObject": lambda value: value,
    "System.Array": lambda value: None if value is None else items_of(value),
    "System.Collections.Hashtable": _hashtable,
    "System.Management.Automation.SwitchParameter": to_bool,
    "System.Type": _type,
}


def cast_to(engine: Engine, kind: NetType, value: Any) -> Any:  # noqa: PLR0911 - one return per kind
    """The value as that type. Raises the error of PowerShell's conversion."""
    if kind.name == "System.Void":
        return VOID
    if kind.element is not None:
        if value is None:
            return None
        if kind.element.name == "System.Byte":
            return bytearray(to_bytes(value))
        if kind.element.name == "System.Char" and isinstance(value, str):
            return [Char(mark) for mark in value]
        return [cast_to(engine, kind.element, item) for item in items_of(value)]
    simple = _SIMPLE.get(kind.name)
    if simple is not None:
        return simple(value)
    if value is None or is_instance(value, kind):
        return value
    converter = kind.statics.methods.get("$cast")
    if converter is not None:
        return converter[1](engine, argument(value, "Any"))
    raise Refused(f"a cast to [{kind.name}] is not imitated")


def try_cast(engine: Engine, kind: NetType, value: Any) -> Any:
    """`-as`: the value as that type, or null."""
    try:
        return cast_to(engine, kind, value)
    except (NetFailure, PowerShellError):
        return None


def is_instance(value: Any, kind: NetType) -> bool:
    """`-is`."""
    if value is None:
        return False
    if kind.name == "System.Object":
        return True
    if isinstance(value, NetException):
        return value.derives_from(kind.name)
    mine = type_name(value)
    if mine.casefold() == kind.name.casefold() or (kind.name == "System.Array" and mine.endswith("[]")):
        return True
    if kind.name == "System.Management.Automation.PSObject":
        return mine.endswith("PSCustomObject")
    return kind.name in getattr(value, "base_types", ())
