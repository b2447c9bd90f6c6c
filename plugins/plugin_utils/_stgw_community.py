# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""All communities of a gateway, wherever that keeps them: read, compared, changed unless somebody else does, proven."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from ansible.errors import AnsibleActionFail

from ._communities import require_names, wanted
from ._community_database import DatabaseStore
from ._community_own_tables import OwnTables
from ._community_recording import Recording
from ._community_tables import Schema
from ._community_wsadmin import WsadminStore
from ._resource import Resource, State
from ._target import Target

ATTEMPTS = 3
EMPTY: State = {"communities": {}, "properties": {}}


class Store(Protocol):
    """What keeps the communities. `launches` counts the times that a JVM was started for it."""

    launches: int

    def read(self) -> State | None:
        """The state; None in a dry run that cannot know it, because an earlier step would have started what tells."""

    def change(self, current: State, wanted: State) -> bool:
        """Turn the state that was read last into `wanted`, all of it or nothing; whether nobody else has changed it
        meanwhile. If somebody has, nothing was done."""


class Communities(Resource):
    """All communities of a gateway; the options are those of `stgw_community`."""

    name = "communities"

    def __init__(self, options: Mapping[str, Any], target: Target, *, check: bool) -> None:
        require_names(options["communities"])
        self._options = options
        self._store = _store(options, target, check=check)

    @property
    def launches(self) -> int:
        """How many JVMs were started so far."""
        return self._store.launches

    def read(self) -> State:
        state = self._store.read()
        # Nothing speaks against it, so nothing is announced.
        return self.wanted(EMPTY) if state is None else state

    def wanted(self, current: State) -> State:
        return wanted(self._options, current)

    def change(self, current: State, wanted: State) -> list[str]:
        for _attempt in range(ATTEMPTS):
            if self._store.change(current, wanted):
                return list(_operations(current, wanted))
            # What was not asked for is kept as it is now, so all of it is worked out anew.
            current = self.read()
            wanted = self.wanted(current)
            if wanted == current:
                return []
        raise AnsibleActionFail(
            f"communities: somebody else changed them {ATTEMPTS} times while this was under way; nothing was changed "
            "here. See who works in the console, and run the task again"
        )


def _store(options: Mapping[str, Any], target: Target, *, check: bool) -> Store:
    if options["backend"] == "wsadmin":
        return WsadminStore(options["wsadmin"], target, check=check)
    database = options["database"]
    if options["backend"] == "recorded":
        return DatabaseStore(database, Recording.read(options["recording"]), target, check=check)
    if not database["schema"]:
        raise AnsibleActionFail("database.schema: missing; say whose the tables are")
    return DatabaseStore(database, OwnTables(Schema(database["schema"], database["names"])), target, check=check)


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
