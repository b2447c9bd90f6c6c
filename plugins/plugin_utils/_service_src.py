# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Services of AIX: SRC subsystems with their entries in /etc/inittab."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail

from ._resource import State
from ._service import Service
from ._target import Target


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
