# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Try TCP connections from a host."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._port_probe import probe
from ..plugin_utils._target import Target


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "connects": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "host": {"type": "str", "required": True},
                    "port": {"type": "int", "required": True},
                },
            },
            "timeout": {"type": "int", "default": 5},
            "perl": {"type": "path", "default": "/usr/bin/perl"},
        },
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        if self.check:
            return {"changed": False, "skipped": True, "msg": "check mode: nothing is tried"}
        return probe(target, options)
