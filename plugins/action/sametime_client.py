# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Do what people do at a Sametime client."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._sametime_client import call
from ..plugin_utils._target import Target


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "program": {"type": "str", "required": True},
            "commands": {"type": "list", "elements": "list", "default": []},
        },
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        if self.check:
            return {"changed": False, "skipped": True, "msg": "check mode: nothing is sent"}
        commands = [[str(word) for word in words] for words in options["commands"]]
        return call(target, options["program"], commands)
