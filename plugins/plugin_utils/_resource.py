# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Read, compare, change, prove: the one way every module of this collection brings something into a state."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import yaml
from ansible.errors import AnsibleActionFail
from ansible.parsing.yaml.dumper import AnsibleDumper

State = dict[str, Any]
"""What is shown in a diff: plain values, an empty dict for a thing that does not exist, never a secret."""


class Resource(ABC):
    """Something on a target that has a state."""

    name: str
    """Heads the diff, for example `service db2fmcd`."""

    @abstractmethod
    def read(self) -> State:
        """The state as the target itself tells it."""

    @abstractmethod
    def wanted(self, current: State) -> State:
        """The state asked for; what was not asked for is taken from `current`."""

    @abstractmethod
    def change(self, current: State, wanted: State) -> list[str]:
        """Bring the target from `current` to `wanted`; what was done, in order, in words without secrets."""

    def diff(self, current: State, wanted: State) -> dict[str, str] | list[dict[str, str]]:
        """What Ansible shows with `--diff`."""
        return diff(self.name, current, wanted)


def ensure(resource: Resource, *, check: bool) -> dict[str, Any]:
    """Bring `resource` into its wanted state, unless it is there already or `check` forbids it.

    Returns a module result: `changed`, `diff`, `operations`, `state`. Raises when the change did not take effect.
    """
    current = resource.read()
    wanted = resource.wanted(current)
    result: dict[str, Any] = {
        "changed": wanted != current,
        "diff": resource.diff(current, wanted),
        "operations": [],
        "state": wanted,
    }
    if wanted == current or check:
        return result
    result["operations"] = resource.change(current, wanted)
    reached = resource.read()
    still_wanted = resource.wanted(reached)
    if reached != still_wanted:
        raise AnsibleActionFail(
            f"{resource.name}: the change did not take effect: {_difference(reached, still_wanted)}", result=result
        )
    result["state"] = reached
    return result


def diff(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """A diff as Ansible prints it."""
    return {"before_header": name, "after_header": name, "before": _text(before), "after": _text(after)}


def _text(state: Mapping[str, Any]) -> str:
    # Values come from playbooks: their types are Ansible's own.
    return str(yaml.dump(dict(state), Dumper=AnsibleDumper, default_flow_style=False)) if state else ""


def _difference(reached: State, wanted: State) -> str:
    keys = sorted({key for key in {**reached, **wanted} if reached.get(key) != wanted.get(key)})
    return ", ".join(f"{key} is {reached.get(key)!r}, wanted {wanted.get(key)!r}" for key in keys)
