"""The text of commands of the command line processor: where one ends, and what kind it is."""

from __future__ import annotations

import re

from lab.products.db2.database import SqlError


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


def is_sql(text: str) -> bool:
    words = r"(list|connect|terminate|get|force)\b|update\s+(dbm|database)\b|(create|drop)\s+(db|database)\b"
    return not re.match(words, text, re.IGNORECASE)


def without_password(text: str) -> str:
    return re.sub(r"(?i)(\busing\s+)\S+$", r"\1********", text) if text.lower().startswith("connect") else text
