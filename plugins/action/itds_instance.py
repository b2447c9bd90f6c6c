# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Create, configure, start and stop a directory server instance."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import ResourceAction
from ..plugin_utils._itds_instance import ItdsInstance
from ..plugin_utils._target import Target

DATABASE = {
    "name": {"type": "str"},
    "owner": {"type": "str"},
    "password": {"type": "str", "no_log": True, "required": True},
    "location": {"type": "path"},
}


class ActionModule(ResourceAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "name": {"type": "str", "required": True},
            "version": {"type": "str", "choices": ["6.0", "6.1"], "default": "6.1"},
            "home": {"type": "path"},
            "registry": {"type": "path"},
            "location": {"type": "path"},
            "description": {"type": "str"},
            "port": {"type": "int", "default": 389},
            "secure_port": {"type": "int", "default": 636},
            "admin_port": {"type": "int", "default": 3538},
            "admin_secure_port": {"type": "int", "default": 3539},
            "encryption_seed": {"type": "str", "no_log": True},
            "encryption_salt": {"type": "str", "no_log": True},
            "admin_dn": {"type": "str", "default": "cn=root"},
            "admin_password": {"type": "str", "no_log": True},
            "database": {"type": "dict", "options": DATABASE},
            "suffixes": {"type": "list", "elements": "str", "default": []},
            "state": {"type": "str", "choices": ["started", "stopped"], "default": "started"},
            "autostart": {"type": "bool", "default": True},
            "inittab_id": {"type": "str"},
            "service": {"type": "str"},
            "secret_prompts": {"type": "int", "default": 1, "no_log": False},
            "timeout": {"type": "int", "default": 120},
        },
    }

    def resource(self, options: dict[str, Any], target: Target) -> ItdsInstance:
        return ItdsInstance(options, target)
