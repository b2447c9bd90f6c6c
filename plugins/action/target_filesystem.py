# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Have enough room in the file systems of a target."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import ResourceAction
from ..plugin_utils._filesystem import Filesystems
from ..plugin_utils._target import Target


class ActionModule(ResourceAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "filesystems": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "path": {"type": "str", "required": True},
                    "size_mb": {"type": "int"},
                    "free_mb": {"type": "int"},
                    "volume_group": {"type": "str"},
                },
                "required_one_of": [("size_mb", "free_mb")],
                "required_by": {"volume_group": ["size_mb"]},
            },
        },
    }

    def resource(self, options: dict[str, Any], target: Target) -> Filesystems:
        return Filesystems(options, target)
