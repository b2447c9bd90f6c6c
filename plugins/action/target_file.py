# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keep a file or a directory of a target as it should be."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import ResourceAction
from ..plugin_utils._file import File
from ..plugin_utils._target import Target


class ActionModule(ResourceAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "path": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["file", "directory", "absent"], "default": "file"},
            "content": {"type": "str"},
            "src": {"type": "path"},
            "validate": {"type": "list", "elements": "str", "default": []},
            "newline": {"type": "str", "choices": ["native", "lf", "crlf"], "default": "native"},
            "sensitive": {"type": "bool", "default": False},
            "private": {"type": "bool", "default": False},
            "service": {"type": "str"},
            "mode": {"type": "str"},
            "owner": {"type": "str"},
            "group": {"type": "str"},
        },
        "mutually_exclusive": [("private", "mode"), ("content", "src")],
    }

    def resource(self, options: dict[str, Any], target: Target) -> File:
        return File(options, target, self.controller_file)
