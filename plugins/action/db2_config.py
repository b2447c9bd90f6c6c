# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keep parameters of a DB2 database's configuration as they should be."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._db2_config import Db2Config
from ..plugin_utils._resource import ensure
from ..plugin_utils._target import Target


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "database": {"type": "str", "required": True},
            "instance": {"type": "str", "required": True},
            "parameters": {"type": "dict", "required": True},
            "path": {"type": "str"},
        },
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        config = Db2Config(options, target, check=self.check)
        result = ensure(config, check=self.check)
        return {**result, "reactivation_required": config.reactivation_required}
