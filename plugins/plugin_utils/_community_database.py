# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A gateway's communities in its database: read by one query, changed in one unit of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ansible.errors import AnsibleActionFail

from ._db2 import DEFAULT_PATH, database_problem, refuse_name, user_problem
from ._outcome import Outcome
from ._programs import Parameter
from ._resource import State
from ._target import Target

NOT_YET = ("SQL1013N", "SQL1031N", "SQL1057W")
"""There is no such database, or none at all."""
STOPPED = "SQL1032N"


class Layout(Protocol):
    """How communities lie in a database."""

    def query(self) -> str:
        """One query for all of it, each row as one word that begins with a digit."""

    def locks(self) -> list[str]:
        """The statements that keep others from changing what the query reads."""

    def state(self, words: Sequence[str]) -> State:
        """What the words of the query say. Raises `AnsibleActionFail` for what is no such row."""

    def statements(self, words: Sequence[str], wanted: State) -> list[str]:
        """What turns that into `wanted`."""


class DatabaseStore:
    """See `_stgw_community.Store`. `database` is the option of `stgw_community`."""

    launches = 0

    def __init__(self, database: Mapping[str, Any], layout: Layout, target: Target, *, check: bool) -> None:
        refuse_name("database.name", database["name"], database_problem(database["name"]))
        if not target.windows:
            refuse_name("database.instance", database["instance"], user_problem(database["instance"]))
        self._layout, self._target, self._check = layout, target, check
        self._database: str = database["name"].upper()
        self._where: dict[str, Parameter] = {"name": database["instance"], "database": self._database}
        if target.windows:
            self._where["path"] = database["path"] or DEFAULT_PATH["windows"]
        self._words: list[str] = []

    def read(self) -> State | None:
        said = self._target.execute("db2_rows", {**self._where, "query": self._layout.query()})
        problem = said.get("problem")
        there = bool(said.get("instance"))
        if not self._check and (problem or not there):
            raise AnsibleActionFail(self._refusal(said))
        if problem and not problem.startswith((*NOT_YET, STOPPED)):
            raise AnsibleActionFail(self._refusal(said))
        self._words = said.all("row")
        # A dry run: the step before this one would have started the instance.
        return None if problem.startswith(STOPPED) else self._layout.state(self._words)

    def change(self, current: State, wanted: State) -> bool:
        del current
        said = self._target.execute(
            "db2_change",
            {
                **self._where,
                "locks": self._layout.locks(),
                "query": self._layout.query(),
                "rows": self._words,
                "statements": self._layout.statements(self._words, wanted),
            },
        )
        return not said.get("conflict")

    def _refusal(self, said: Outcome) -> str:
        if not said.get("instance"):
            return f"database.instance: there is no instance {self._where['name']} on this host; install DB2 before"
        return (
            f"database: {self._database} does not answer: {said.get('problem')}; see that it is the gateway's database "
            "and started, and that database.schema and database.names, or the recording, are those of its tables"
        )
