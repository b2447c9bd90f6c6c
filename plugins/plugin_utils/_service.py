# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Services of a target: SRC subsystems with their entries in /etc/inittab, and Windows services.

Those of systemd are in `_service_systemd`; a further kind is a further subclass of `Service` and a pair of programs.
"""

from __future__ import annotations

import re
import struct
from abc import abstractmethod
from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail

from ._options import refuse
from ._resource import Resource, State
from ._target import Target

RESTARTED = "restarted"

_FAILURE_ACTIONS = struct.Struct("<5I")
_FAILURE_ACTION = struct.Struct("<2I")
_RESTART = 1


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


class SrcService(Service):
    """An SRC subsystem, an entry in /etc/inittab, or both."""

    FOREIGN_OPTIONS = ("windows", "systemd")
    CURE = "describe it by src"

    # The order of lssrc -S behind the arguments, which may hold colons themselves; None is of no interest here.
    FIELDS = (
        "path", "uid", None, "stdin", "stdout", "stderr", "action", None, "contact", None, None, None, "stop_signal",
        "force_signal", None, "wait_seconds", "group",
    )  # fmt: skip
    NUMBERS = ("uid", "stop_signal", "force_signal", "wait_seconds")
    CONTACTS: ClassVar[dict[str, str]] = {"-S": "signals", "-K": "sockets"}

    def __init__(self, options: dict[str, Any], target: Target) -> None:
        super().__init__(options, target)
        self._src: dict[str, Any] | None = options["src"]
        # The number of src.user; a text as long as there is no such user, which in check mode may be made before.
        self._uid: int | str = 0
        self._inittab: dict[str, Any] | None = options["inittab"]
        enabled = options["enabled"]
        if enabled is False and self._inittab is not None:
            raise AnsibleActionFail("inittab: describes an entry, but enabled is false; leave one of them out")
        self._enabled = True if self._inittab is not None else enabled
        self._id: str = (self._inittab or {}).get("id") or self._name
        if self._src and not self._src["path"].startswith("/"):
            raise AnsibleActionFail(f"src.path: {self._src['path']!r} is not an absolute path; SRC knows no PATH")
        if self._asks_for_entry and not re.fullmatch(r"[^:\s]{1,14}", self._id):
            raise AnsibleActionFail(f"inittab.id: {self._id!r} is not one word of at most fourteen characters")

    @property
    def _asks_for_entry(self) -> bool:
        return self._enabled is not None or self._absent

    def read(self) -> State:
        user = (self._src or {}).get("user") or ""
        said = self._target.execute(
            "target_service_read",
            {"name": self._name, "id": self._id if self._asks_for_entry else "", "user": user},
        )
        if user:
            self._uid = int(said.get("uid")) if said.get("uid") else f"of {user}"
        state: State = {}
        definition = said.get("definition")
        self._exists = bool(definition)
        if definition and (self._src or self._absent):
            state["src"] = self._parsed(definition)
        if definition and (self._runs_or_not or self._absent):
            state["running"] = said.get("status") == "active"
        if said.get("inittab"):
            state["inittab"] = said.get("inittab")
        return state

    def _parsed(self, line: str) -> dict[str, Any]:
        # A colon ends the line, hence one empty field more.
        fields = line.split(":")
        tail = len(self.FIELDS) + 1
        named = dict(zip(self.FIELDS, fields[-tail:], strict=False))
        src: dict[str, Any] = {key: value for key, value in named.items() if key is not None}
        src |= {key: int(src[key]) for key in self.NUMBERS}
        src["args"] = ":".join(fields[2:-tail])
        src["respawn"] = src.pop("action") == "-R"
        src["contact"] = self.CONTACTS.get(src["contact"], src["contact"])
        return self._plain(src)

    @staticmethod
    def _plain(src: dict[str, Any]) -> dict[str, Any]:
        """Without the signals that mean nothing unless SRC talks by signals."""
        unused = () if src["contact"] == "signals" else ("stop_signal", "force_signal")
        return {key: value for key, value in src.items() if key not in unused}

    def _defined(self, current: State) -> State:
        state = dict(current)
        if self._src:
            # chssys cannot take a subsystem out of its group.
            group = self._src["group"] or current.get("src", {}).get("group", "")
            asked = {key: value for key, value in self._src.items() if key != "user"}
            state["src"] = self._plain({**asked, **({"uid": self._uid} if self._src["user"] else {}), "group": group})
        if self._enabled:
            state["inittab"] = self._entry()
        elif self._enabled is False:
            state.pop("inittab", None)
        return state

    def _entry(self) -> str:
        options = self._inittab or {"runlevels": "2", "action": "once", "command": None}
        command = options["command"] or f"/usr/bin/startsrc -s {self._name} >/dev/console 2>&1"
        return f"{self._id}:{options['runlevels']}:{options['action']}:{command}"

    def _definition(self, current: State, wanted: State) -> tuple[dict[str, Any], list[str]]:
        define, enter = "", ""
        if wanted.get("src") != current.get("src"):
            define = "rmssys" if "src" not in wanted else "chssys" if "src" in current else "mkssys"
        if wanted.get("inittab") != current.get("inittab"):
            enter = "rmitab" if "inittab" not in wanted else "chitab" if "inittab" in current else "mkitab"
        src = wanted.get("src") or {}
        if define and isinstance(src.get("uid"), str):
            raise AnsibleActionFail(f"src.user: the target has no user {(self._src or {})['user']!r}; make it first")
        parameters = {
            "define": define,
            "path": src.get("path"),
            "args": src.get("args"),
            **{key: src.get(key) for key in ("uid", "stdin", "stdout", "stderr", "group", "contact")},
            "respawn": bool(src.get("respawn")),
            **{key: src.get(key) for key in ("stop_signal", "force_signal", "wait_seconds")},
            "enter": enter,
            "entry": self._id if enter == "rmitab" else wanted.get("inittab"),
            "after": (self._inittab or {}).get("after"),
            # A program that runs once is for the next start of the machine; init would start it now.
            "reread": bool(enter) and any(_acts_now(state.get("inittab")) for state in (current, wanted)),
        }
        operations = [f"{define} {self._name}"] if define else []
        return parameters, [*operations, *([f"{enter} {self._id}"] if enter else [])]


def _acts_now(entry: str | None) -> bool:
    return entry is not None and entry.split(":")[2] in ("respawn", "ondemand", "off")


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
