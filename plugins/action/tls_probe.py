# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Shake hands over TLS from a host and judge the certificate."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._target import Target
from ..plugin_utils._tls_probe import probe


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "required": True},
            "name": {"type": "str", "default": ""},
            "authorities": {"type": "str", "default": ""},
            "timeout": {"type": "int", "default": 10},
            "perl": {"type": "path", "default": "/usr/bin/perl"},
            "openssl": {"type": "path", "default": "/usr/bin/openssl"},
        },
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        if self.check:
            return {"changed": False, "skipped": True, "msg": "check mode: nothing is connected"}
        return probe(target, options)
