# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The tables in which a gateway keeps its communities: rows read by one query, and the statements that change them.

The vendor's schema is not public. Tables and columns have the names of the scripts that this collection knows; every
name can be another one, and `docs/evidence/gateway_database.md` says how sure each is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ansible.errors import AnsibleActionFail

from ._community_rows import Row, Value

Tables = dict[str, dict[Row, Row]]
"""By table, by key, the other columns: what `TABLES` names, in its order."""


@dataclass(frozen=True)
class Table:
    """The columns that identify a row, and the others."""

    keys: tuple[str, ...]
    values: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return self.keys + self.values


TABLES: Mapping[str, Table] = {
    "COMMUNITY": Table(("ID",), ("NAME", "TYPE", "PROTOCOL", "HOST", "PORT", "TRANSPORT")),
    "COMMUNITY_PROPERTY": Table(("COMMUNITY_ID", "NAME"), ("VALUE",)),
    "DOMAIN_NAME": Table(("COMMUNITY_ID", "NAME")),
    "USER_ACCESS": Table(("COMMUNITY_ID", "USER_NAME"), ("ALLOWED",)),
    "GATEWAY_PROPERTY": Table(("NAME",), ("VALUE",)),
}
"""Communities come first: the others point to them."""

NUMBERS = frozenset({"ID", "COMMUNITY_ID", "PORT", "ALLOWED"})
KNOWN_NAMES = (*TABLES, *(f"{name}.{column}" for name, table in TABLES.items() for column in table.columns))
IDENTIFIER = re.compile(r"[A-Za-z@#$][A-Za-z0-9@#$_]{0,127}")

STATEMENT_LENGTH = 8000
"""A statement is one argument of a program, and AIX 5.3 has room for 24 kB of arguments and environment."""


class Schema:
    """The names in one database. Raises `AnsibleActionFail` for what cannot be one."""

    def __init__(self, schema: str, names: Mapping[str, str]) -> None:
        for key, name in names.items():
            if key not in KNOWN_NAMES:
                raise AnsibleActionFail(f"database.names: {key!r} is no name; there are {', '.join(KNOWN_NAMES)}")
            _require_identifier(f"database.names.{key}", name)
        _require_identifier("database.schema", schema)
        self._schema = schema
        self._names = names

    def query(self) -> str:
        """One query for all rows of all tables, each row as one word: the number of its table, and its columns, commas
        between them. Text is in hexadecimal, so that no blank or quote can be taken for something else."""
        return " union all ".join(self._selection(number, name) for number, name in enumerate(TABLES))

    def locks(self) -> list[str]:
        """The statements that keep others away from the tables until the unit of work ends."""
        return [f"lock table {self._table(name)} in exclusive mode" for name in TABLES]

    def rows(self, words: Iterable[str]) -> Tables:
        """What that query says. Raises `AnsibleActionFail` for what is no such row."""
        found: Tables = {name: {} for name in TABLES}
        for word in words:
            number, *cells = word.split(",")
            name = list(TABLES)[int(number)]
            table = TABLES[name]
            try:
                row = tuple(_value(column, cell) for column, cell in zip(table.columns, cells, strict=True))
            except ValueError as error:
                raise AnsibleActionFail(f"database: {word!r} is no row of {self._table(name)}: {error}") from error
            found[name][row[: len(table.keys)]] = row[len(table.keys) :]
        return found

    def statements(self, before: Tables, after: Tables) -> list[str]:
        """What turns `before` into `after`. Nothing points to a row that is not there, at any time."""
        removals = [
            self._removals(name, [*(before[name].keys() - after[name].keys())]) for name in reversed(tuple(TABLES))
        ]
        changes = [self._changes(name, before[name], after[name]) for name in TABLES]
        return [statement for part in (*removals, *changes) for statement in part]

    # -- text ----------------------------------------------------------------------------------------------------------

    def _table(self, name: str) -> str:
        return f"{self._schema}.{self._names.get(name, name)}"

    def _column(self, table: str, name: str) -> str:
        return self._names.get(f"{table}.{name}", name)

    def _selection(self, number: int, name: str) -> str:
        cells = " || ',' || ".join(self._cell(name, column) for column in TABLES[name].columns)
        return f"select '{number},' || {cells} from {self._table(name)}"  # noqa: S608 - identifiers were checked

    def _cell(self, table: str, name: str) -> str:
        column = self._column(table, name)
        text = f"rtrim(cast({column} as char(11)))" if name in NUMBERS else f"hex({column})"
        return f"case when {column} is null then '-' else {text} end"

    def _removals(self, name: str, keys: list[Row]) -> Iterator[str]:
        head = f"delete from {self._table(name)} where "  # noqa: S608 - identifiers and values were checked
        yield from _packed(head, [f"({self._where(name, key)})" for key in sorted(keys, key=str)], " or ")

    def _changes(self, name: str, before: Mapping[Row, Row], after: Mapping[Row, Row]) -> Iterator[str]:
        table = TABLES[name]
        for key, row in after.items():
            old = before.get(key, row)
            pairs = zip(table.values, row, old, strict=True)
            assignments = [f"{self._column(name, column)} = {literal(new)}" for column, new, was in pairs if new != was]
            if assignments:
                yield f"update {self._table(name)} set {', '.join(assignments)} where {self._where(name, key)}"  # noqa: S608
        columns = ", ".join(self._column(name, column) for column in table.columns)
        new = [f"({', '.join(map(literal, (*key, *row)))})" for key, row in after.items() if key not in before]
        yield from _packed(f"insert into {self._table(name)} ({columns}) values ", new, ", ")  # noqa: S608

    def _where(self, name: str, key: Row) -> str:
        pairs = zip(TABLES[name].keys, key, strict=True)
        return " and ".join(f"{self._column(name, column)} = {literal(value)}" for column, value in pairs)


def _require_identifier(option: str, name: str) -> None:
    if not IDENTIFIER.fullmatch(name):
        raise AnsibleActionFail(
            f"{option}: {name!r} cannot be a name in DB2 without quotes; use letters, digits, @, #, $ and _"
        )


def _value(column: str, cell: str) -> Value:
    if cell == "-":
        return None
    return int(cell) if column in NUMBERS else bytes.fromhex(cell).decode("utf-8")


def literal(value: Value) -> str:
    """What was asked for has been checked; what somebody else has put there may not survive the way to DB2."""
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    if '"' in value or not (value.isascii() and value.isprintable()):
        raise AnsibleActionFail(
            f'database: {value!r} is there, and this module cannot write it: it is not printable ASCII, or has a "; '
            "change it in the gateway's console"
        )
    return "'" + value.replace("'", "''") + "'"


def _packed(head: str, parts: Sequence[str], between: str) -> Iterator[str]:
    """As few statements as their length allows."""
    text = ""
    for part in parts:
        if text and len(head) + len(text) + len(part) > STATEMENT_LENGTH:
            yield head + text
            text = ""
        text += (between if text else "") + part
    if text:
        yield head + text
