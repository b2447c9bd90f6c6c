# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Have the communities of a gateway, their users' access, and the gateway's properties."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import ResourceAction
from ..plugin_utils._communities import TRANSPORTS, TYPES
from ..plugin_utils._stgw_community import Communities
from ..plugin_utils._target import Target

COMMUNITY = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "type": {"type": "str", "choices": list(TYPES)},
    "host": {"type": "str"},
    "port": {"type": "int"},
    "transport": {"type": "str", "choices": list(TRANSPORTS)},
    "domains": {"type": "list", "elements": "str"},
    "users": {"type": "list", "elements": "str"},
    "excluded_users": {"type": "list", "elements": "str"},
    "properties": {"type": "dict"},
}
DATABASE = {
    "name": {"type": "str", "default": "STGW"},
    "instance": {"type": "str", "required": True},
    "schema": {"type": "str", "required": True},
    "path": {"type": "str"},
    "names": {"type": "dict", "default": {}},
}


class ActionModule(ResourceAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "communities": {"type": "list", "elements": "dict", "options": COMMUNITY, "default": []},
            "exact": {"type": "bool", "default": False},
            "properties": {"type": "dict"},
            "database": {"type": "dict", "options": DATABASE, "required": True},
        },
    }

    def resource(self, options: dict[str, Any], target: Target) -> Communities:
        return Communities(options, target, check=self.check)
