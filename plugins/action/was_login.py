# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Prove that a user can log in to the deployment manager of a WebSphere cell."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._target import Target
from ..plugin_utils._was_login import log_in


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "profile": {"type": "str", "required": True},
            "user": {"type": "str", "required": True},
            "password": {"type": "str", "required": True, "no_log": True},
            "sync": {"type": "bool", "default": False},
            "host": {"type": "str", "default": "localhost"},
            "port": {"type": "int"},
            "timeout": {"type": "int", "default": 600},
        }
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        if self.check:
            return {"changed": False, "skipped": True, "msg": "nobody logs in in check mode"}
        return log_in(options, target)
