# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A gateway's communities in its database, read by one query and changed in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._communities import require_names, wanted
from ._community_tables import Schema, Tables
from ._db2 import DEFAULT_PATH, database_problem, refuse_name, user_problem
from ._outcome import Outcome
from ._programs import Parameter
from ._resource import Resource, State
from ._target import Target

NOT_YET = ("SQL1013N", "SQL1031N", "SQL1057W")
"""There is no such database, or none at all."""
STOPPED = "SQL1032N"


class Communities(Resource):
    """All communities of a gateway; the options are those of `stgw_community`."""

    name = "communities"

    def __init__(self, options: Mapping[str, Any], target: Target, *, check: bool) -> None:
        database = options["database"]
        refuse_name("database.name", database["name"], database_problem(database["name"]))
        if not target.windows:
            refuse_name("database.instance", database["instance"], user_problem(database["instance"]))
        require_names(options["communities"])
        self._schema = Schema(database["schema"], database["names"])
        self._options = options
        self._target = target
        self._check = check
        self._database: str = database["name"].upper()
        self._where: dict[str, Parameter] = {"name": database["instance"], "database": self._database}
        if target.windows:
            self._where["path"] = database["path"] or DEFAULT_PATH["windows"]
        self._tables: Tables = {}

    def read(self) -> State:
        said = self._target.execute("db2_rows", {**self._where, "query": self._schema.query()})
        problem = said.get("problem")
        there = bool(said.get("instance"))
        if not self._check and (problem or not there):
            raise AnsibleActionFail(self._refusal(said))
        if problem and not problem.startswith((*NOT_YET, STOPPED)):
            raise AnsibleActionFail(self._refusal(said))
        self._tables = self._schema.rows(said.all("row"))
        state = _state(self._tables)
        # A dry run: the step before this one would have started the instance. Nothing speaks against the database, so
        # nothing is announced.
        return self.wanted(state) if problem.startswith(STOPPED) else state

    def _refusal(self, said: Outcome) -> str:
        if not said.get("instance"):
            return f"database.instance: there is no instance {self._where['name']} on this host; install DB2 before"
        return (
            f"database: {self._database} does not answer: {said.get('problem')}; see that it is the gateway's database "
            "and started, and that database.schema and database.names are those of its tables"
        )

    def wanted(self, current: State) -> State:
        return wanted(self._options, current)

    def change(self, current: State, wanted: State) -> list[str]:
        statements = self._schema.statements(self._tables, _tables(wanted, _numbers(self._tables)))
        self._target.execute("db2_change", {**self._where, "statements": statements})
        return list(_operations(current, wanted))


def _state(tables: Tables) -> State:
    communities: dict[str, dict[str, Any]] = {}
    for (number,), (name, kind, host, port, transport) in tables["COMMUNITY"].items():
        access = {user: allowed for (of, user), (allowed,) in tables["USER_ACCESS"].items() if of == number}
        communities[str(name)] = {
            "type": kind,
            "host": host,
            "port": port,
            "transport": transport,
            "domains": sorted(str(domain) for of, domain in tables["DOMAIN_NAME"] if of == number),
            "users": sorted(str(user) for user, allowed in access.items() if allowed),
            "excluded_users": sorted(str(user) for user, allowed in access.items() if not allowed),
            "properties": {
                key: value for (of, key), (value,) in sorted(tables["COMMUNITY_PROPERTY"].items()) if of == number
            },
        }
    properties = {key: value for (key,), (value,) in sorted(tables["GATEWAY_PROPERTY"].items())}
    return {"communities": dict(sorted(communities.items())), "properties": properties}


def _numbers(tables: Tables) -> dict[str, int]:
    return {str(row[0]): int(str(key[0])) for key, row in tables["COMMUNITY"].items()}


def _tables(state: State, numbers: Mapping[str, int]) -> Tables:
    """`state` as rows; communities keep their numbers, and new ones get the next."""
    tables: Tables = {
        "COMMUNITY": {},
        "COMMUNITY_PROPERTY": {},
        "DOMAIN_NAME": {},
        "USER_ACCESS": {},
        "GATEWAY_PROPERTY": {(key,): (value,) for key, value in state["properties"].items()},
    }
    free = max(numbers.values(), default=0)
    for name, one in state["communities"].items():
        if name not in numbers:
            free += 1
        number = numbers.get(name, free)
        tables["COMMUNITY"][number,] = (name, one["type"], one["host"], one["port"], one["transport"])
        for domain in one["domains"]:
            tables["DOMAIN_NAME"][number, domain] = ()
        for key, allowed in (("users", 1), ("excluded_users", 0)):
            for user in one[key]:
                tables["USER_ACCESS"][number, user] = (allowed,)
        for key, value in one["properties"].items():
            tables["COMMUNITY_PROPERTY"][number, key] = (value,)
    return tables


def _operations(current: State, wanted: State) -> Iterator[str]:
    before, after = current["communities"], wanted["communities"]
    yield from (f"removed community {name}" for name in before if name not in after)
    for name, one in after.items():
        if name not in before:
            yield f"added community {name}"
        elif one != before[name]:
            changed = ", ".join(key for key, value in one.items() if value != before[name][key])
            yield f"changed community {name}: {changed}"
    keys = sorted({*current["properties"], *wanted["properties"]})
    for key in keys:
        if current["properties"].get(key) != wanted["properties"].get(key):
            yield f"{'set' if key in wanted['properties'] else 'removed'} property {key}"
