# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Have a server of a WebSphere profile as a Windows service."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import ResourceAction
from ..plugin_utils._target import Target
from ..plugin_utils._was_service import WasService


class ActionModule(ResourceAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "name": {"type": "str", "required": True},
            "root": {"type": "str", "required": True},
            "profile": {"type": "str", "required": True},
            "server": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "start_type": {"type": "str", "choices": ["automatic", "manual"], "default": "automatic"},
        },
    }

    def resource(self, options: dict[str, Any], target: Target) -> WasService:
        return WasService(options, target)
