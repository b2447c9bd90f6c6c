# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Have a DB2 database, proven by a query."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import ResourceAction
from ..plugin_utils._db2_database import Db2Database
from ..plugin_utils._target import Target


class ActionModule(ResourceAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "name": {"type": "str", "required": True},
            "instance": {"type": "str", "required": True},
            "path": {"type": "str"},
            "codeset": {"type": "str", "default": "UTF-8"},
            "territory": {"type": "str", "default": "US"},
            "database_path": {"type": "str"},
            "script": {"type": "list", "elements": "str"},
            "accepted_rc": {"type": "list", "elements": "int", "default": [0, 1, 2]},
            "verify": {
                "type": "dict",
                "options": {
                    "query": {"type": "str", "required": True},
                    "at_least": {"type": "int", "default": 1},
                },
            },
            "replace_incomplete": {"type": "str", "choices": ["never", "empty", "always"], "default": "empty"},
            "timeout": {"type": "int", "default": 3600},
        },
    }

    def resource(self, options: dict[str, Any], target: Target) -> Db2Database:
        return Db2Database(options, target, self.show, check=self.check)
