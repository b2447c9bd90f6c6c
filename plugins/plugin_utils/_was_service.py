# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A server of WebSphere as a Windows service, by WebSphere's own program for that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._options import require_absolute
from ._resource import Resource, State
from ._target import Target

PREFIX = "IBMWAS61Service - "
"""In front of the names that WASService is given."""

START_TYPES = {"Auto": "automatic", "Manual": "manual", "Disabled": "disabled"}
"""By what WMI calls a start mode, what WASService calls it."""


class WasService(Resource):
    """One service; the options are those of `was_service`."""

    def __init__(self, options: Mapping[str, Any], target: Target) -> None:
        if not target.windows:
            raise AnsibleActionFail(
                "name: a service of this kind is there on Windows only; on AIX the module target_service makes the "
                "entry in /etc/inittab"
            )
        for name in ("root", "profile"):
            require_absolute(options[name], target, name)
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]*", options["name"]):
            raise AnsibleActionFail(
                f"name: {options['name']!r} cannot be the name of a service; use letters, digits, blanks, ., _ and -"
            )
        self._options = options
        self._target = target
        self._service = PREFIX + options["name"]
        self._program = options["root"].rstrip("\\/") + r"\bin\WASService.exe"
        self.name = f"service {self._service}"

    def read(self) -> State:
        said = self._target.execute("target_service_read", {"name": self._service})
        command = said.get("command")
        if not command:
            return {}
        if not command.lower().lstrip('"').startswith(self._program.lower()):
            raise AnsibleActionFail(
                f"name: the service {self._service} is that of another installation: {command}; give this "
                "one another name"
            )
        return {"start_type": START_TYPES.get(said.get("start_mode"), said.get("start_mode"))}

    def wanted(self, current: State) -> State:
        del current
        if self._options["state"] == "absent":
            return {}
        return {"start_type": self._options["start_type"]}

    def change(self, current: State, wanted: State) -> list[str]:
        name = self._options["name"]
        arguments = ["-remove", name]
        if wanted:
            arguments = [
                *("-add", name, "-serverName", self._options["server"], "-profilePath", self._options["profile"]),
                *("-wasHome", self._options["root"], "-startType", wanted["start_type"]),
            ]
        done = self._target.execute(
            "was_service_change", {"program": self._program, "arguments": arguments}, check=False
        )
        if done.rc != 0:
            raise AnsibleActionFail(
                f"WASService {arguments[0]} {name} ended with exit code {done.rc}: {(done.blob or done.stderr).strip()}"
            )
        return [f"{'removed' if not wanted else 'changed' if current else 'added'} service {self._service}"]
