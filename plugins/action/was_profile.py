# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Create or delete a WebSphere profile."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._resource import ensure
from ..plugin_utils._target import Target
from ..plugin_utils._was_profile import WasProfile


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "root": {"type": "str", "required": True},
            "name": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "path": {"type": "str"},
            "template": {"type": "str", "choices": ["dmgr", "default", "managed"]},
            "cell": {"type": "str"},
            "node": {"type": "str"},
            "host": {"type": "str"},
            "server": {"type": "str"},
            "starting_port": {"type": "int"},
            "ports": {"type": "dict"},
            "security": {
                "type": "dict",
                "options": {
                    "user": {"type": "str", "required": True},
                    "password": {"type": "str", "required": True, "no_log": True},
                },
            },
            "default": {"type": "bool", "default": False},
            "timeout": {"type": "int", "default": 3600},
        },
        "mutually_exclusive": [["starting_port", "ports"]],
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        profile = WasProfile(options, target, self.show)
        return {**ensure(profile, check=self.check), **profile.facts}
