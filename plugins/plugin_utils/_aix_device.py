# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Devices of AIX, of which the kernel's own settings (`sys0`) and asynchronous I/O (`aio0`) are two."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._resource import Resource, State
from ._target import Target


class AixDevice(Resource):
    """One device; the options are those of `aix_device`."""

    def __init__(self, options: Mapping[str, Any], target: Target) -> None:
        if target.windows:
            raise AnsibleActionFail("aix_device: this target is a Windows machine, which has no such devices")
        for name, value in options["attributes"].items():
            if not re.fullmatch(r"\w+", name) or re.search(r"\s", str(value)):
                raise AnsibleActionFail(f"attributes: {name}={value!r} is not a name and a value without blanks")
        self._options = options
        self._target = target
        self._attributes = {name: str(value) for name, value in options["attributes"].items()}
        self._minimum = {name: int(value) for name, value in options["minimum"].items()}
        self.name = f"device {options['name']}"

    def read(self) -> State:
        asked = sorted({*self._attributes, *self._minimum})
        said = self._target.execute("aix_device_read", {"name": self._options["name"], "attributes": asked})
        status = said.get("status")
        if not status:
            raise AnsibleActionFail(f"name: the device {self._options['name']} does not exist on this machine (lsdev)")
        state: State = {"available": status == "Available"}
        for pair in said.all("attribute"):
            name, _equals, value = pair.partition("=")
            if not value:
                raise AnsibleActionFail(f"attributes: the device {self._options['name']} has no {name} (lsattr)")
            state[name] = value
        return state

    def wanted(self, current: State) -> State:
        state = {**current, **self._attributes}
        if self._options["available"]:
            state["available"] = True
        for name, lowest in self._minimum.items():
            if int(current[name]) < lowest:
                state[name] = str(lowest)
        return state

    def change(self, current: State, wanted: State) -> list[str]:
        name = self._options["name"]
        make = wanted["available"] and not current["available"]
        changed = {key: value for key, value in wanted.items() if key != "available" and current[key] != value}
        self._target.execute(
            "aix_device_change",
            {
                "name": name,
                "attributes": [f"{key}={value}" for key, value in changed.items()],
                "make": make,
                "at_restart": self._options["at_restart"],
            },
        )
        flag = "-P " if self._options["at_restart"] else ""
        done = [f"mkdev -l {name}"] if make else []
        return [*done, *(f"chdev -l {name} {flag}-a {key}={value}" for key, value in changed.items())]
