# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Have the communities of a gateway, their users' access, and the gateway's properties."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._community_types import KINDS, PROTOCOLS, TRANSPORTS
from ..plugin_utils._resource import ensure
from ..plugin_utils._stgw_community import Communities
from ..plugin_utils._target import Target

COMMUNITY = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "type": {"type": "str", "choices": list(KINDS)},
    "protocol": {"type": "str", "choices": list(PROTOCOLS)},
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
    "schema": {"type": "str"},
    "path": {"type": "str"},
    "names": {"type": "dict", "default": {}},
}
WSADMIN = {
    "profile": {"type": "str", "required": True},
    "program": {"type": "path", "required": True},
    "user": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "host": {"type": "str", "default": "localhost"},
    "port": {"type": "int"},
    "timeout": {"type": "int", "default": 600},
}


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "communities": {"type": "list", "elements": "dict", "options": COMMUNITY, "default": []},
            "exact": {"type": "bool", "default": False},
            "properties": {"type": "dict"},
            "backend": {"type": "str", "choices": ["database", "recorded", "wsadmin"], "default": "database"},
            "database": {"type": "dict", "options": DATABASE},
            "recording": {"type": "path"},
            "wsadmin": {"type": "dict", "options": WSADMIN, "required_together": [["user", "password"]]},
        },
        "required_if": [
            ("backend", "database", ["database"]),
            ("backend", "recorded", ["database", "recording"]),
            ("backend", "wsadmin", ["wsadmin"]),
        ],
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        communities = Communities(options, target, check=self.check)
        return {**ensure(communities, check=self.check), "launches": communities.launches}
