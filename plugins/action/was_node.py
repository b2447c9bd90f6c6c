# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Federate a node into the cell of a deployment manager, or take it out."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._resource import ensure
from ..plugin_utils._target import Target
from ..plugin_utils._was_node import WasNode


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "profile": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["federated", "absent"], "default": "federated"},
            "dmgr_host": {"type": "str"},
            "dmgr_port": {"type": "int", "default": 8879},
            "user": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "local_user": {"type": "str"},
            "local_password": {"type": "str", "no_log": True},
            "include_apps": {"type": "bool", "default": False},
            "starting_port": {"type": "int"},
            "node_agent": {"type": "bool", "default": True},
            "timeout": {"type": "int", "default": 3600},
        },
        "required_if": [["state", "federated", ["dmgr_host"]]],
        "required_together": [["user", "password"], ["local_user", "local_password"]],
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        node = WasNode(options, target, self.show)
        return {**ensure(node, check=self.check), **node.facts}
