# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A gateway's communities in the tables that `_community_tables` knows, where they have numbers."""

from __future__ import annotations

from collections.abc import Sequence

from ._community_rows import ROWS, Row, Rows, rows_of, state_of
from ._community_tables import TABLES, Schema, Tables
from ._resource import State

KINDS = {
    "COMMUNITY": "community",
    "COMMUNITY_PROPERTY": "property",
    "DOMAIN_NAME": "domain",
    "USER_ACCESS": "access",
    "GATEWAY_PROPERTY": "gateway_property",
}


class OwnTables:
    """See `_community_database.Layout`."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def query(self) -> str:
        return self._schema.query()

    def locks(self) -> list[str]:
        return self._schema.locks()

    def state(self, words: Sequence[str]) -> State:
        return state_of(_by_name(self._schema.rows(words)))

    def statements(self, words: Sequence[str], wanted: State) -> list[str]:
        before = self._schema.rows(words)
        return self._schema.statements(before, _by_number(rows_of(wanted), before))


def _by_name(tables: Tables) -> Rows:
    names = {number: row[0] for (number,), row in tables["COMMUNITY"].items()}
    rows: Rows = {kind: {} for kind in ROWS}
    for table, kind in KINDS.items():
        for key, row in tables[table].items():
            if kind == "community":
                rows[kind][row[0],] = row[1:]
            elif ROWS[kind][0][0] != "community":
                rows[kind][key] = row
            elif key[0] in names:
                rows[kind][names[key[0]], *key[1:]] = row
    return rows


def _by_number(rows: Rows, before: Tables) -> Tables:
    """Communities keep their numbers, and new ones get the next."""
    numbers: dict[Row, int] = {row[:1]: int(str(number)) for (number,), row in before["COMMUNITY"].items()}
    free = max(numbers.values(), default=0)
    for name in rows["community"]:
        if name not in numbers:
            free += 1
            numbers[name] = free
    tables: Tables = {table: {} for table in TABLES}
    for table, kind in KINDS.items():
        for key, row in rows[kind].items():
            if kind == "community":
                tables[table][numbers[key],] = key + row
            elif ROWS[kind][0][0] == "community":
                tables[table][numbers[key[:1]], *key[1:]] = row
            else:
                tables[table][key] = row
    return tables
