# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Services of a target, whatever runs them: a kind is a subclass of `Service` and a pair of programs."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from ansible.errors import AnsibleActionFail

from ._options import refuse
from ._resource import Resource, State
from ._target import Target

RESTARTED = "restarted"


class Service(Resource):
    """One service; the options are those of `target_service`. A state holds `running` and what defines the service, as
    far as the options ask for it."""

    FOREIGN_OPTIONS: tuple[str, ...]
    PROGRAM = "target_service_change"

    def __init__(self, options: dict[str, Any], target: Target) -> None:
        self._options = options
        self._target = target
        self._name: str = options["name"]
        self._restart_due = options["state"] == RESTARTED
        self.name = f"service {self._name}"
        refuse(options, self.FOREIGN_OPTIONS, target)
        if options["timeout"] <= 0:
            raise AnsibleActionFail(f"timeout: {options['timeout']} is not a number of seconds above 0")

    @property
    def _absent(self) -> bool:
        return bool(self._options["state"] == "absent")

    @property
    def _runs_or_not(self) -> bool:
        return self._options["state"] in ("started", "stopped", RESTARTED)

    def wanted(self, current: State) -> State:
        if self._absent:
            return {}
        state = self._defined(current)
        if self._restart_due:
            state["running"] = RESTARTED
        elif self._runs_or_not:
            state["running"] = self._options["state"] != "stopped"
        return state

    @abstractmethod
    def _defined(self, current: State) -> State:
        """The state asked for, apart from `running`."""

    def change(self, current: State, wanted: State) -> list[str]:
        runs = bool(current.get("running"))
        stop = runs and wanted.get("running") in (None, False, RESTARTED) and (self._absent or self._runs_or_not)
        start = wanted.get("running") == RESTARTED or (wanted.get("running") is True and not runs)
        parameters, operations = self._definition(current, wanted)
        if (start or stop) and not self._exists and not parameters["define"]:
            raise AnsibleActionFail(f"name: the target has no service {self._name!r}; {self.CURE}")
        self._target.execute(
            self.PROGRAM,
            {"name": self._name, "stop": stop, "start": start, "timeout": self._options["timeout"], **parameters},
        )
        self._restart_due = False
        before = [f"stop {self._name}"] if stop else []
        after = [f"start {self._name}"] if start else []
        return [*before, *operations, *after]

    CURE: str
    _exists = False

    @abstractmethod
    def _definition(self, current: State, wanted: State) -> tuple[dict[str, Any], list[str]]:
        """Parameters of the program that bring the definition from `current` to `wanted`, and what that does."""
