# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The configuration of a DB2 database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._db2 import DEFAULT_PATH, database_problem, refuse_name, run_commands, user_problem
from ._programs import Parameter
from ._resource import Resource, State
from ._target import Target

NOT_AT_ONCE = "SQL1363W"
"""DB2 changed a parameter on disk, and goes on with the old value as long as somebody is connected."""
CALCULATED = re.compile(r"AUTOMATIC(\(.*\))?", re.IGNORECASE)


class Db2Config(Resource):
    """Parameters of one database; the options are those of `db2_config`."""

    def __init__(self, options: Mapping[str, Any], target: Target, *, check: bool) -> None:
        refuse_name("database", options["database"], database_problem(options["database"]))
        if not target.windows:
            refuse_name("instance", options["instance"], user_problem(options["instance"]))
        self._parameters: dict[str, str] = {}
        for name, value in options["parameters"].items():
            if not re.fullmatch(r"\w+", name) or not re.fullmatch(r"[\w./:\\-]+", str(value)):
                raise AnsibleActionFail(f"parameters.{name}: {value!r} holds characters that DB2 values do not have")
            self._parameters[name.upper()] = _compared(str(value))
        self._target = target
        self._check = check
        self._path: str = options["path"] or DEFAULT_PATH[target.platform]
        self._instance: str = options["instance"]
        self._database: str = options["database"].upper()
        self.name = f"configuration of the DB2 database {self._database}"
        self.reactivation_required = False

    def read(self) -> State:
        parameters: dict[str, Parameter] = {"name": self._instance, "database": self._database}
        if self._target.windows:
            parameters["path"] = self._path
        said = self._target.execute("db2_config_read", parameters)
        if not said.get("exists"):
            if self._check:
                # The step before this one would have made it.
                return {}
            raise AnsibleActionFail(f"database: the instance {self._instance} has no {self._database}; create it first")
        found = {key.removeprefix("config."): value for key, value in said.fields if key.startswith("config.")}
        for name in self._parameters:
            if name not in found:
                raise AnsibleActionFail(f"parameters.{name}: a database of this DB2 has no such parameter")
        return {name: _compared(found[name]) for name in self._parameters}

    def wanted(self, current: State) -> State:
        return {**current, **self._parameters}

    def change(self, current: State, wanted: State) -> list[str]:
        pairs = " ".join(f"{name} {value}" for name, value in wanted.items() if current[name] != value)
        update = f"db2 update db cfg for {self._database} using {pairs}"
        said = run_commands(self._target, self._path, self._instance, [update, "db2 terminate"])
        self.reactivation_required = NOT_AT_ONCE in said
        return [update]


def _compared(value: str) -> str:
    """A value as it compares: what DB2 calculates has a number behind it that changes by itself."""
    return "AUTOMATIC" if CALCULATED.fullmatch(value) else value.upper() if value.isalpha() else value
