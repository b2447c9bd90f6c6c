# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Copies of documents of a WebSphere profile's configuration, kept beside it until a change has proven itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._options import require_absolute
from ._outcome import Outcome
from ._programs import Parameter
from ._resource import Resource, State
from ._target import Target

PRESENT, ABSENT, RESTORED = "present", "absent", "restored"


class WasConfigBackup(Resource):
    """The copies of one name; the options are those of `was_config_backup`."""

    def __init__(self, options: Mapping[str, Any], target: Target) -> None:
        require_absolute(options["profile"], target, "profile")
        if not re.fullmatch(r"[A-Za-z0-9_-]+", options["name"]):
            raise AnsibleActionFail(f"name: {options['name']!r} is no name of copies; use letters, digits, _ and -")
        for each in options["documents"]:
            if not re.fullmatch(r"cells/(?!.*(^|/)\.\.?(/|$))[^\s'\"\\|&]+", each):
                raise AnsibleActionFail(
                    f"documents: {each!r} is no document below config; write it as cells/{{cell}}/security.xml"
                )
        if options["state"] == PRESENT and not options["documents"]:
            raise AnsibleActionFail("documents: name the documents to keep, such as cells/{cell}/security.xml")
        if options["state"] == RESTORED and not options["server"]:
            raise AnsibleActionFail("server: name the server that must not run while documents are put back")
        self._options = options
        self._target = target
        self._profile = options["profile"].rstrip("\\/")
        self.name = f"copies {options['name']} of {self._profile}"

    def read(self) -> State:
        said = self._run("look")
        return {"kept": bool(said.get("kept"))} if said.get("profile") else {}

    def wanted(self, current: State) -> State:
        if not current:
            # A check on a host where nothing is installed: there is nothing to keep yet.
            return {}
        return {"kept": self._options["state"] == PRESENT}

    def change(self, current: State, wanted: State) -> list[str]:
        action = {PRESENT: "save", ABSENT: "drop", RESTORED: "restore"}[self._options["state"]]
        del current, wanted
        said = self._run(action)
        if said.get("missing"):
            raise AnsibleActionFail(f"documents: the configuration of {self._profile} has no {said.get('missing')}")
        return [f"{action} {self._options['name']}"]

    def _run(self, action: str) -> Outcome:
        separator = "\\" if self._target.windows else "/"
        parameters: dict[str, Parameter] = {
            "profile_path": self._profile,
            "backup": f"{self._profile}{separator}stgw-before-{self._options['name']}",
            "action": action,
            "documents": self._options["documents"],
            "server": self._options["server"] or "",
            "timeout": self._options["timeout"],
        }
        return self._target.execute("was_config_backup", parameters)
