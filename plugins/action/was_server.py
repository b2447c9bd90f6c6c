# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Start, stop or restart a server of a WebSphere profile."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._resource import ensure
from ..plugin_utils._target import Target
from ..plugin_utils._was_server import WasServer


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "profile": {"type": "str", "required": True},
            "name": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["started", "stopped", "restarted"], "default": "started"},
            "user": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "timeout": {"type": "int", "default": 600},
        },
        "required_together": [["user", "password"]],
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        server = WasServer(options, target, self.show)
        return {**ensure(server, check=self.check), **server.facts}
