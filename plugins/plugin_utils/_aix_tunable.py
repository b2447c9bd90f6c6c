# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Tunables of AIX's kernel: those of the network (`no`) and of virtual memory (`vmo`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible.errors import AnsibleActionFail

from ._resource import Resource, State
from ._target import Target

COMMANDS = {"network": "no", "memory": "vmo"}
AT_RESTART = ("R", "B")
"""Types that change at a restart only: reboot, bosboot."""
NEVER = ("S",)
"""Types that never change: static."""


@dataclass(frozen=True)
class Tunable:
    """A line of `-x`: the value in force, the one after a restart, the limits (empty for none) and the type."""

    now: str
    boot: str
    least: str
    largest: str
    kind: str

    @property
    def shown(self) -> str:
        """The value, or both where a restart would bring another one."""
        if self.kind in AT_RESTART:
            return self.boot
        return self.now if self.now == self.boot else f"{self.now}, after a restart {self.boot}"


class AixTunables(Resource):
    """Tunables of both commands; the options are those of `aix_tunable`."""

    name = "tunables"

    def __init__(self, options: Mapping[str, Any], target: Target) -> None:
        if target.windows:
            raise AnsibleActionFail("aix_tunable: this target is a Windows machine, which has no such tunables")
        self._wanted: dict[str, str] = {}
        for option, command in COMMANDS.items():
            for name, value in options[option].items():
                if not re.fullmatch(r"[a-z][a-z0-9_]*%?", name) or not re.fullmatch(r"\d+", str(value)):
                    raise AnsibleActionFail(
                        f"{option}.{name}: {value!r} is not a number for a tunable in small letters"
                    )
                self._wanted[f"{command} {name}"] = str(value)
        self._target = target
        self._tunables: dict[str, Tunable] = {}

    @property
    def restart_required(self) -> bool:
        """Whether a value that was asked for waits for a restart of the machine."""
        return any(each.kind in AT_RESTART and each.now != self._wanted[name] for name, each in self._tunables.items())

    def read(self) -> State:
        said = self._target.execute("aix_tunable_read", {"names": list(self._wanted)})
        self._tunables = {}
        for line in said.all("tunable"):
            name, now, _default, boot, least, largest, _unit, kind = line.split(",")[:8]
            self._tunables[name] = Tunable(now, boot, least, largest, kind)
        for name, value in self._wanted.items():
            self._judge(name, value)
        return {name: self._tunables[name].shown for name in self._wanted}

    def _judge(self, name: str, value: str) -> None:
        if name not in self._tunables:
            raise AnsibleActionFail(f"{name}: this machine has no such tunable ({name.partition(' ')[0]} -a)")
        found = self._tunables[name]
        if found.kind in NEVER and found.now != value:
            raise AnsibleActionFail(f"{name}: AIX has {found.now} for good; ask for that, or leave it out")
        for limit, wrong in ((found.least, int.__lt__), (found.largest, int.__gt__)):
            if limit.isdigit() and wrong(int(value), int(limit)):
                raise AnsibleActionFail(
                    f"{name}: {value} is not possible; this machine takes {found.least} to {found.largest}"
                )

    def wanted(self, current: State) -> State:
        return {**current, **self._wanted}

    def change(self, current: State, wanted: State) -> list[str]:
        kinds: dict[str, list[str]] = {}
        for name, value in wanted.items():
            if current[name] != value:
                command, tunable = name.split()
                flag = "-r" if self._tunables[name].kind in AT_RESTART else "-p"
                kinds.setdefault(f"{command} {flag}", []).append(f"-o {tunable}={value}")
        commands = [" ".join([kind, *pairs]) for kind, pairs in kinds.items()]
        self._target.execute("aix_tunable_change", {"commands": commands})
        return commands
