# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keep values of a key of the Windows registry as they should be."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import ResourceAction
from ..plugin_utils._target import Target
from ..plugin_utils._windows_registry import RegistryValues


class ActionModule(ResourceAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "key": {"type": "str", "required": True},
            "values": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "name": {"type": "str", "required": True},
                    "type": {"type": "str", "choices": ["dword", "string"], "default": "dword"},
                    "data": {"type": "str"},
                    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
                },
            },
        },
    }

    def resource(self, options: dict[str, Any], target: Target) -> RegistryValues:
        return RegistryValues(options, target)
