# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Add, change and delete entries of a directory."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import ResourceAction
from ..plugin_utils._ldap_entry import LdapEntries
from ..plugin_utils._target import Target

ENTRY = {
    "dn": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "attributes": {"type": "dict"},
    "password": {"type": "str", "no_log": True},
    "exact": {"type": "bool", "default": False},
}


class ActionModule(ResourceAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "entries": {"type": "list", "elements": "dict", "options": ENTRY, "required": True},
            "host": {"type": "str", "default": "localhost"},
            "port": {"type": "int", "default": 389},
            "bind_dn": {"type": "str", "default": "cn=root"},
            "bind_password": {"type": "str", "no_log": True, "required": True},
            "version": {"type": "str", "choices": ["6.0", "6.1"], "default": "6.1"},
            "bin": {"type": "path"},
            "work_dir": {"type": "path"},
        },
    }

    def resource(self, options: dict[str, Any], target: Target) -> LdapEntries:
        return LdapEntries(options, target, check=self.check)
