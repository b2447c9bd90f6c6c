# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Have a DB2 instance, configured, licensed and running."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._db2_instance import Db2Instance
from ..plugin_utils._resource import ensure
from ..plugin_utils._target import Target


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "name": {"type": "str", "required": True},
            "path": {"type": "str"},
            "state": {"type": "str", "choices": ["present", "started", "stopped", "restarted"], "default": "present"},
            "fenced_user": {"type": "str"},
            "type": {"type": "str", "choices": ["ese", "wse", "standalone", "client"], "default": "wse"},
            "service": {"type": "str"},
            "port": {"type": "int"},
            "registry": {"type": "dict", "default": {}},
            "configuration": {"type": "dict", "default": {}},
            "autostart": {"type": "bool"},
            "licence_file": {"type": "str"},
            "copy_name": {"type": "str", "default": "DB2COPY1"},
        },
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        restarted = options["state"] == "restarted"
        instance = Db2Instance({**options, "state": "started"} if restarted else options, target)
        if restarted and not self.check:
            operations = instance.restart()
            result = ensure(instance, check=False)
            return {**result, "changed": True, "operations": [*operations, *result["operations"]]}
        result = ensure(instance, check=self.check)
        return {**result, "changed": result["changed"] or restarted, "restart_required": instance.restart_required}
