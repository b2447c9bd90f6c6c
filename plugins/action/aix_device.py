# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keep a device of AIX available and its attributes as they should be."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import ResourceAction
from ..plugin_utils._aix_device import AixDevice
from ..plugin_utils._target import Target


class ActionModule(ResourceAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "name": {"type": "str", "required": True},
            "attributes": {"type": "dict", "default": {}},
            "minimum": {"type": "dict", "default": {}},
            "available": {"type": "bool", "default": False},
            "at_restart": {"type": "bool", "default": False},
        },
    }

    def resource(self, options: dict[str, Any], target: Target) -> AixDevice:
        return AixDevice(options, target)
