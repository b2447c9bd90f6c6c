# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Services of systemd."""

from __future__ import annotations

import re
from typing import Any

from ansible.errors import AnsibleActionFail

from ._resource import State
from ._service import Service
from ._target import Target

FOLDER = "/etc/systemd/system"


class SystemdService(Service):
    """A unit in /etc/systemd/system."""

    FOREIGN_OPTIONS = ("src", "inittab", "windows")
    PROGRAM = "target_systemd_change"
    CURE = "describe it by systemd.unit"

    def __init__(self, options: dict[str, Any], target: Target) -> None:
        super().__init__(options, target)
        self._unit: str | None = options["systemd"]["unit"]
        if not re.fullmatch(r"[A-Za-z0-9:_.@-]{1,200}", self._name) or self._name.endswith(".service"):
            raise AnsibleActionFail(
                f"name: {self._name!r} is not the name of a unit; use letters, digits and :_.@-, and leave .service out"
            )

    def read(self) -> State:
        said = self._target.execute("target_systemd_read", {"name": self._name, "folder": FOLDER})
        self._exists = said.get("load") != "not-found"
        if not self._exists:
            return {}
        state: State = {}
        if said.blob is not None and (self._unit is not None or self._absent):
            state["unit"] = said.blob
        if self._options["enabled"] is not None or self._absent:
            state["enabled"] = said.get("enabled") == "enabled"
        if self._runs_or_not or self._absent:
            state["running"] = said.get("active") == "active"
        return state

    def _defined(self, current: State) -> State:
        state = dict(current)
        if self._unit is not None:
            state["unit"] = self._unit.removesuffix("\n") + "\n"
        if self._options["enabled"] is not None:
            state["enabled"] = self._options["enabled"]
        return state

    def _definition(self, current: State, wanted: State) -> tuple[dict[str, Any], list[str]]:
        define, operations = "", []
        if wanted.get("unit") != current.get("unit"):
            define = "write" if "unit" in wanted else "remove"
            operations.append(f"{define} {self._name}.service")
        mode = ""
        if wanted.get("enabled", False) != current.get("enabled", False):
            mode = "enable" if wanted.get("enabled") else "disable"
            operations.append(f"{mode} {self._name}")
        # The here-document that carries it ends with a newline of its own.
        unit = wanted.get("unit", "").removesuffix("\n")
        return {"folder": FOLDER, "define": define, "unit": unit, "mode": mode}, operations
