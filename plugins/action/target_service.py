# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Define, start and stop a service of a target."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import ResourceAction
from ..plugin_utils._service import Service
from ..plugin_utils._service_src import SrcService
from ..plugin_utils._service_systemd import SystemdService
from ..plugin_utils._service_windows import WindowsService
from ..plugin_utils._target import Target

CONSOLE = "/dev/console"

SRC = {
    "path": {"type": "str", "required": True},
    "args": {"type": "str", "default": ""},
    "uid": {"type": "int", "default": 0},
    "user": {"type": "str"},
    "stdin": {"type": "str", "default": CONSOLE},
    "stdout": {"type": "str", "default": CONSOLE},
    "stderr": {"type": "str", "default": CONSOLE},
    "group": {"type": "str"},
    "respawn": {"type": "bool", "default": False},
    "contact": {"type": "str", "choices": ["signals", "sockets"], "default": "signals"},
    "stop_signal": {"type": "int", "default": 15},
    "force_signal": {"type": "int", "default": 9},
    "wait_seconds": {"type": "int", "default": 20},
}

INIT_ACTIONS = [
    "boot", "bootwait", "off", "once", "ondemand", "powerfail", "powerwait", "respawn", "sysinit", "wait",
]  # fmt: skip

INITTAB = {
    "id": {"type": "str"},
    "runlevels": {"type": "str", "default": "2"},
    "action": {"type": "str", "choices": INIT_ACTIONS, "default": "once"},
    "command": {"type": "str"},
    "after": {"type": "str"},
}

WINDOWS = {
    "command": {"type": "str", "required": True},
    "display_name": {"type": "str"},
    "account": {"type": "str", "default": "LocalSystem"},
    "password": {"type": "str", "no_log": True},
    "restart_after": {"type": "int"},
}

SYSTEMD = {
    "unit": {"type": "str"},
}


class ActionModule(ResourceAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "name": {"type": "str", "required": True},
            "state": {
                "type": "str",
                "choices": ["present", "started", "stopped", "restarted", "absent"],
                "default": "present",
            },
            "enabled": {"type": "bool"},
            "timeout": {"type": "int", "default": 60},
            "src": {"type": "dict", "options": SRC},
            "inittab": {"type": "dict", "options": INITTAB},
            "windows": {"type": "dict", "options": WINDOWS},
            "systemd": {"type": "dict", "options": SYSTEMD},
        },
    }

    def resource(self, options: dict[str, Any], target: Target) -> Service:
        if target.windows:
            return WindowsService(options, target)
        return SrcService(options, target) if options["systemd"] is None else SystemdService(options, target)
