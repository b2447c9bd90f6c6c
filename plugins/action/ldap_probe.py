# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bind to an LDAP directory and search it from a host."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._ldap_message import SCOPES
from ..plugin_utils._ldap_probe import EXPECTED, probe
from ..plugin_utils._target import Target

TEXT: dict[str, Any] = {"type": "str", "default": ""}


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "default": 0},
            "tls": {"type": "bool", "default": False},
            "bind_dn": TEXT,
            "bind_password": {**TEXT, "no_log": True},
            "base": TEXT,
            "scope": {"type": "str", "choices": list(SCOPES), "default": "base"},
            "filter": {"type": "str", "default": "(objectClass=*)"},
            "attributes": {"type": "list", "elements": "str", "default": []},
            "size_limit": {"type": "int", "default": 10},
            "expected": {"type": "str", "choices": list(EXPECTED), "default": "any"},
            "login_password": {"type": "str", "no_log": True},
            "timeout": {"type": "int", "default": 20},
            "perl": {"type": "path", "default": "/usr/bin/perl"},
            "openssl": {"type": "path", "default": "/usr/bin/openssl"},
        }
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        if self.check:
            return {"changed": False, "skipped": True, "msg": "nothing is sent in check mode"}
        return probe(target, options)
