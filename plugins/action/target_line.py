# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keep single lines of a text file of a target."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import ResourceAction
from ..plugin_utils._lines import FileLines
from ..plugin_utils._target import Target


class ActionModule(ResourceAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "path": {"type": "str", "required": True},
            "lines": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "line": {"type": "str"},
                    "regexp": {"type": "str"},
                    "section": {"type": "str"},
                    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
                },
                "required_if": [("state", "present", ["line"])],
                "required_one_of": [("line", "regexp")],
            },
        },
    }

    def resource(self, options: dict[str, Any], target: Target) -> FileLines:
        return FileLines(options, target)
