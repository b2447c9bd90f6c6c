# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keep local groups and users of a target."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._account import Accounts, accounts
from ..plugin_utils._action import ResourceAction
from ..plugin_utils._target import Target

PRESENCE: dict[str, Any] = {"type": "str", "choices": ["present", "absent"], "default": "present"}
NAMES: dict[str, Any] = {"type": "list", "elements": "str", "default": []}

GROUP = {
    "name": {"type": "str", "required": True},
    "gid": {"type": "int"},
    "comment": {"type": "str"},
    "members": NAMES,
    "state": PRESENCE,
}

USER = {
    "name": {"type": "str", "required": True},
    "uid": {"type": "int"},
    "group": {"type": "str"},
    "groups": NAMES,
    "home": {"type": "str"},
    "shell": {"type": "str"},
    "comment": {"type": "str"},
    "limits": {"type": "dict", "default": {}},
    "password": {"type": "str", "no_log": True},
    "update_password": {"type": "str", "choices": ["on_create", "always"], "default": "on_create", "no_log": False},
    "password_expires": {"type": "bool", "no_log": False},
    "state": PRESENCE,
}


class ActionModule(ResourceAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "groups": {"type": "list", "elements": "dict", "default": [], "options": GROUP},
            "users": {"type": "list", "elements": "dict", "default": [], "options": USER},
        },
    }

    def resource(self, options: dict[str, Any], target: Target) -> Accounts:
        return accounts(options, target)
