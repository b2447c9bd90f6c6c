"""The format operator `-f`, ToString(format), and how objects look when nobody formats them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lab.windows.powershell.conversions import to_number, to_string
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.errors import Refused
from lab.windows.powershell.values import Hashtable, Record, is_array, items_of

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine

COLUMNS = 80
_HOLE = re.compile(r"\{\{|\}\}|\{(\d+)(?:,(-?\d+))?(?::([^{}]*))?\}|[{}]")


def format_text(template: str, values: list[Any]) -> str:
    """`template -f values`."""

    def fill(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        if found[1] is None or int(found[1]) >= len(values):
            raise NetFailure(
                "System.FormatException",
                "Error formatting a string: Index (zero based) must be greater than or equal to zero and less than "
                "the size of the argument list.",
            )
        text = format_value(values[int(found[1])], found[3] or "")
        width = int(found[2] or 0)
        return text.ljust(-width) if width < 0 else text.rjust(width)

    return _HOLE.sub(fill, template)


def format_value(value: Any, form: str) -> str:
    """A value by a .NET format such as `D2`, `N0`, `X2`, `0.00`, `yyyy-MM-dd`."""
    if not form:
        return to_string(value)
    special = getattr(value, "format", None)
    if special is not None and not isinstance(value, str):
        return str(special(form))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return to_string(value)
    number = to_number(value)
    kind, digits = form[0].upper(), form[1:]
    if kind in "DXNFGP" and (not digits or digits.isdigit()):
        return _standard(number, kind, int(digits) if digits else None, upper=form[0].isupper())
    if re.fullmatch(r"0+", form):
        return f"{round(number):0{len(form)}d}"
    custom = re.fullmatch(r"[0#]?\.([0#]+)", form)
    if custom:
        text = f"{number:.{len(custom[1])}f}"
        optional = len(custom[1]) - len(custom[1].rstrip("#"))
        while optional and text.endswith("0"):
            text, optional = text[:-1], optional - 1
        return text.rstrip(".")
    raise Refused(f"the number format '{form}' is not imitated")


def _standard(number: int | float, kind: str, digits: int | None, *, upper: bool) -> str:
    if kind == "D":
        return ("-" if number < 0 else "") + str(abs(int(number))).zfill(digits or 1)
    if kind == "X":
        text = f"{int(number) & (2**32 - 1 if number < 0 else -1):x}".zfill(digits or 1)
        return text.upper() if upper else text
    if kind == "N":
        return f"{number:,.{2 if digits is None else digits}f}"
    if kind == "F":
        return f"{number:.{2 if digits is None else digits}f}"
    if kind == "P":
        return f"{number * 100:,.{2 if digits is None else digits}f} %"
    return to_string(number)


# -- output ------------------------------------------------------------------------------------------------------------
def out_default(engine: Engine, items: list[Any]) -> None:
    """What reaches the end of the pipeline goes to standard output, wrapped at 80 columns when that is no console."""
    for item in items:
        for line in display_lines(item):
            for piece in textwrap_hard(line):
                engine.write_line(piece)


def textwrap_hard(line: str) -> list[str]:
    """A line cut every 80 columns, as the formatter of PowerShell 2.0 does."""
    return [line[start : start + COLUMNS] for start in range(0, len(line), COLUMNS)] or [""]


def display_lines(item: Any) -> list[str]:
    """An object as lines of text."""
    if item is None:
        return []
    if isinstance(item, str):
        return re.split(r"\r\n|\n|\r", item)
    if isinstance(item, Hashtable):
        rows = [f"{to_string(key):<30} {to_string(value)}" for key, value in item.items()]
        return ["", f"{'Name':<30} Value", f"{'----':<30} -----", *rows, ""]
    if isinstance(item, Record):
        width = max((len(name) for name in item.fields), default=0)
        return ["", *(f"{name:<{width}} : {to_string(value)}" for name, value in item.fields.items()), ""]
    if is_array(item):
        return [line for each in items_of(item) for line in display_lines(each)]
    return [to_string(item)]
