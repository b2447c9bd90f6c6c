# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Talk SIP from a host and judge what came of it."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._sip_probe import probe
from ..plugin_utils._target import Target

TEXT: dict[str, Any] = {"type": "str", "default": ""}
TEXTS: dict[str, Any] = {"type": "list", "elements": "str", "default": []}
EXPECT: dict[str, Any] = {
    "status": {"type": "list", "elements": "int", "default": []},
    "notify": {"type": "bool"},
    "subscription_state": TEXTS,
    "basic": TEXTS,
    "no_inside": {"type": "bool", "default": False},
    "max_rtt_ms": {"type": "int"},
    "hosts": {"type": "dict", "default": {}},
    "certificate_name": {"type": "str"},
}


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "host": {"type": "str", "required": True},
            "port": {"type": "int", "default": 0},
            "transport": {"type": "str", "choices": ["udp", "tcp", "tls"], "default": "tcp"},
            "method": {"type": "str", "choices": ["OPTIONS", "SUBSCRIBE", "MESSAGE", "INVITE"], "default": "OPTIONS"},
            "sender": TEXT,
            "recipient": TEXT,
            "text": {"type": "str", "default": "sip_probe"},
            "expires": {"type": "int", "default": 60},
            "stay": {"type": "int", "default": 0},
            "timeout": {"type": "int", "default": 10},
            "listen_address": TEXT,
            "listen_port": {"type": "int", "default": 0},
            "advertise": TEXT,
            "max_forwards": {"type": "int", "default": 70},
            "inside": TEXTS,
            "expect": {"type": "dict", "options": EXPECT},
            "perl": {"type": "path", "default": "/usr/bin/perl"},
            "openssl": {"type": "path", "default": "/usr/bin/openssl"},
        }
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        if self.check:
            return {"changed": False, "skipped": True, "msg": "nothing is sent in check mode"}
        return probe(target, options)
