# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keep tunables of AIX's kernel as they should be, now and after each restart."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._aix_tunable import AixTunables
from ..plugin_utils._resource import ensure
from ..plugin_utils._target import Target


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "network": {"type": "dict", "default": {}},
            "memory": {"type": "dict", "default": {}},
        },
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        tunables = AixTunables(options, target)
        result = ensure(tunables, check=self.check)
        return {**result, "restart_required": tunables.restart_required}
