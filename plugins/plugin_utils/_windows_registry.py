# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Values of a key of the Windows registry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._resource import Resource, State
from ._target import Target

LARGEST = 2**31 - 1
"""What PowerShell 2.0 takes for a DWORD without tricks: .NET's are signed."""


class RegistryValues(Resource):
    """Values of one key; the options are those of `windows_registry`."""

    def __init__(self, options: Mapping[str, Any], target: Target) -> None:
        if not target.windows:
            raise AnsibleActionFail("windows_registry: this target is an AIX machine, which has no registry")
        found = re.fullmatch(r"(?i)HKLM:\\([!-~ ]*[!-~])", options["key"])
        if not found:
            raise AnsibleActionFail(f"key: {options['key']!r} is not below HKLM; write it as HKLM:\\SOFTWARE\\...")
        self._key = found[1]
        self._target = target
        self._wanted: dict[str, str | None] = {}
        for place, value in enumerate(options["values"]):
            self._wanted[value["name"]] = _text(value, f"values[{place}]") if value["state"] == "present" else None
        self.name = f"registry key HKLM\\{self._key}"

    def read(self) -> State:
        said = self._target.execute("windows_registry_read", {"key": self._key, "names": list(self._wanted)})
        spelled = {name.casefold(): name for name in self._wanted}
        state: State = {}
        for line in said.all("value"):
            name, kind, data = line.split("\t", 2)
            state[spelled[name.casefold()]] = f"{kind.lower()} {data}"
        return state

    def wanted(self, current: State) -> State:
        state = {**current, **self._wanted}
        return {name: text for name, text in state.items() if text is not None}

    def change(self, current: State, wanted: State) -> list[str]:
        written = {name: text for name, text in wanted.items() if current.get(name) != text}
        removed = [name for name in current if name not in wanted]
        self._target.execute(
            "windows_registry_change",
            {
                "key": self._key,
                "names": list(written),
                "kinds": [text.split(" ", 1)[0] for text in written.values()],
                "data": [text.split(" ", 1)[1] for text in written.values()],
                "removed": removed,
            },
        )
        return [*(f"{name} = {text}" for name, text in written.items()), *(f"removed {name}" for name in removed)]


def _text(value: Mapping[str, Any], where: str) -> str:
    """The value as it is compared: its type and its data."""
    data = value["data"]
    if data is None:
        raise AnsibleActionFail(f"{where}.data: {value['name']} has none; set it, or state: absent")
    if value["type"] == "dword" and not (re.fullmatch(r"\d{1,10}", data) and int(data) <= LARGEST):
        raise AnsibleActionFail(f"{where}.data: {data!r} is not a number from 0 to {LARGEST}")
    if not re.fullmatch(r"[ -~]*", data):
        raise AnsibleActionFail(f"{where}.data: {data!r} is not one line of printable ASCII")
    return f"{value['type']} {int(data) if value['type'] == 'dword' else data}"
