# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bring the nodes of a cell to the configuration of its deployment manager."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._target import Target
from ..plugin_utils._was_sync import synchronise


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "profile": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["synced", "read"], "default": "synced"},
            "nodes": {"type": "list", "elements": "str"},
            "copies": {"type": "dict", "default": {}},
            "user": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "host": {"type": "str", "default": "localhost"},
            "port": {"type": "int"},
            "timeout": {"type": "int", "default": 600},
        },
        "required_together": [["user", "password"]],
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        return synchronise(options, target, check=self.check)
