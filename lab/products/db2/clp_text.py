"""The text of commands of the command line processor: where one ends, and what kind it is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from lab.products.db2.database import Rows, SqlError
from lab.products.db2.response import Check


def split(text: str, semicolon: bool) -> list[str]:
    """The commands of a file: ended by a semicolon or by the line; lines that begin with `--` are comments."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    if not semicolon:
        return [line.strip() for line in lines if line.strip()]
    parts = re.split(r";\s*(?:\n|$)", "\n".join(lines))
    return [" ".join(part.split()) for part in parts if part.strip()]


def unknown(text: str) -> SqlError:
    """The refusal of a command of the processor's own that is wrong, or that the lab does not act out."""
    first, last = text.split(maxsplit=1)[0], text.rsplit(maxsplit=1)[-1]
    if first.lower() not in {"create", "drop"}:
        return SqlError(f"db2: lab: the command {first} is not played out in this form")
    return SqlError(
        f'SQL0104N  An unexpected token "END-OF-STATEMENT" was found following \n"{last}".  Expected tokens may '
        'include:  "<space>".  SQLSTATE=42601'
    )


def changes(text: str, checks: Mapping[str, Check | None]) -> dict[str, str]:
    """The parameters and values of an update, behind `USING`; a parameter without a check is not known. Raises
    `SqlError`."""
    words = shlex.split(text)
    if not words or len(words) % 2:
        raise SqlError('SQL0104N  An unexpected token "END-OF-STATEMENT" was found.  SQLSTATE=42601')
    found = {}
    for key, value in zip(words[::2], words[1::2], strict=True):
        check = checks.get(key.upper())
        if check is None:
            raise SqlError(
                f'SQL0104N  An unexpected token "{key}" was found following "USING".  Expected \n'
                f'tokens may include:  "{next(iter(checks))}".  SQLSTATE=42601'
            )
        if check(value):
            raise SqlError(f'SQL5130N  The value specified for the configuration parameter "{key}" is not valid.')
        found[key.upper()] = value
    return found


def is_sql(text: str) -> bool:
    words = r"(list|connect|terminate|get|force)\b|update\s+(dbm|db|database)\b|(create|drop)\s+(db|database)\b"
    return not re.match(words, text, re.IGNORECASE)


def without_password(text: str) -> str:
    return re.sub(r"(?i)(\busing\s+)\S+$", r"\1********", text) if text.lower().startswith("connect") else text


def table(rows: Rows, *, bare: bool) -> str:
    """Rows as the processor prints them; bare without head and number."""
    cells = [[_cell(value) for value in row] for row in rows.rows]
    widths = [
        max(
            [
                11 if rows.rows and isinstance(rows.rows[0][place], int) else 1,
                len(title),
                *(len(row[place]) for row in cells),
            ]
        )
        for place, title in enumerate(rows.columns)
    ]
    lines = [
        " ".join(
            text.rjust(width) if isinstance(value, int) else text.ljust(width)
            for text, value, width in zip(row, raw, widths, strict=True)
        )
        for row, raw in zip(cells, rows.rows, strict=True)
    ]
    if bare:
        return "\n".join(lines)
    head = " ".join(title.ljust(width) for title, width in zip(rows.columns, widths, strict=True))
    rule = " ".join("-" * width for width in widths)
    return "\n".join(["", head, rule, *lines, "", f"  {len(lines)} record(s) selected.", ""])


def _cell(value: object) -> str:
    return "-" if value is None else str(value)
