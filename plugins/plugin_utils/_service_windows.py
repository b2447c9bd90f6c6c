# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Services of the Windows service manager."""

from __future__ import annotations

import re
import struct
from typing import Any

from ._resource import State
from ._service import Service

_FAILURE_ACTIONS = struct.Struct("<5I")
_FAILURE_ACTION = struct.Struct("<2I")
_RESTART = 1


class WindowsService(Service):
    """A service of the Windows service manager."""

    FOREIGN_OPTIONS = ("src", "inittab", "systemd")
    CURE = "describe it by windows"

    DEFINITION = ("display_name", "command", "account")

    def read(self) -> State:
        said = self._target.execute("target_service_read", {"name": self._name})
        self._exists = bool(said.get("status"))
        if not self._exists:
            return {}
        state: State = {}
        if self._options["windows"] or self._absent:
            state |= {key: said.get(key) for key in self.DEFINITION}
            if self._asks_for_restart:
                state["restart_after"] = restart_after(said.get("failure"))
        if self._options["enabled"] is not None or self._absent:
            state["enabled"] = said.get("start_mode") == "Auto"
        if self._runs_or_not or self._absent:
            state["running"] = said.get("status") == "Running"
        return state

    @property
    def _asks_for_restart(self) -> bool:
        return (self._options["windows"] or {}).get("restart_after") is not None

    def _defined(self, current: State) -> State:
        state = dict(current)
        windows = self._options["windows"]
        if windows:
            state |= {
                "display_name": windows["display_name"] or self._name,
                "command": windows["command"],
                "account": _same_or_new(windows["account"], current.get("account", "")),
            }
            if self._asks_for_restart:
                state["restart_after"] = windows["restart_after"]
        if self._options["enabled"] is not None:
            state["enabled"] = self._options["enabled"]
        return state

    def _definition(self, current: State, wanted: State) -> tuple[dict[str, Any], list[str]]:
        define, operations = "", []
        if any(wanted.get(key) != current.get(key) for key in ("display_name", "command") if key in wanted):
            define = "change" if self._exists else "make"
            operations.append(f"{define} {self._name}")
        # A new service is of LocalSystem by itself.
        account = wanted.get("account")
        new_account = account not in (None, current.get("account", "LocalSystem"))
        if new_account:
            operations.append(f"account of {self._name}")
        mode = None
        if "enabled" in wanted and wanted["enabled"] != current.get("enabled", False):
            mode = "Automatic" if wanted["enabled"] else "Manual"
            operations.append(f"start mode of {self._name}")
        restart = None
        if wanted.get("restart_after") not in (None, current.get("restart_after")):
            restart = wanted["restart_after"] * 1000
            operations.append(f"restart of {self._name}")
        if self._absent:
            operations.append(f"remove {self._name}")
        parameters = {
            "define": define,
            "command": wanted.get("command"),
            "display_name": wanted.get("display_name"),
            "account": account if new_account else None,
            "password": (self._options["windows"] or {}).get("password") if new_account else None,
            "mode": mode,
            "restart_ms": restart,
            "remove": self._absent,
        }
        return parameters, operations


def restart_after(failure: str) -> int | None:
    """Seconds to the restart that comes first in a SERVICE_FAILURE_ACTIONS, hexadecimal digits with dashes as Windows
    keeps it: how many actions there are, an offset, and of each its kind and its milliseconds. None: there is none."""
    data = bytes.fromhex(failure.replace("-", ""))
    if len(data) < _FAILURE_ACTIONS.size + _FAILURE_ACTION.size:
        return None
    count, place = _FAILURE_ACTIONS.unpack_from(data)[3:]
    kind, delay = _FAILURE_ACTION.unpack_from(data, min(place, len(data) - _FAILURE_ACTION.size))
    return int(delay) // 1000 if count and kind == _RESTART else None


def _same_or_new(asked: str, current: str) -> str:
    """The account as Windows writes it: a local one with `.\\` in front, capitals as they are there already."""
    local = not re.search(r"[\\@]", asked) and asked.casefold() != "localsystem"
    written = f".\\{asked}" if local else asked
    return current if current.casefold() == written.casefold() else written
