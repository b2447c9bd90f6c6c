# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keep copies of documents of a WebSphere profile's configuration, and put them back."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import ResourceAction
from ..plugin_utils._target import Target
from ..plugin_utils._was_config_backup import ABSENT, PRESENT, RESTORED, WasConfigBackup


class ActionModule(ResourceAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "profile": {"type": "str", "required": True},
            "name": {"type": "str", "required": True},
            "state": {"type": "str", "choices": [PRESENT, ABSENT, RESTORED], "default": PRESENT},
            "documents": {"type": "list", "elements": "str", "default": []},
            "server": {"type": "str"},
            "timeout": {"type": "int", "default": 60},
        }
    }

    def resource(self, options: dict[str, Any], target: Target) -> WasConfigBackup:
        return WasConfigBackup(options, target)
