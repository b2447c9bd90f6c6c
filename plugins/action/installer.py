# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run a vendor's silent installer once, and prove that it worked."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._detection import detection
from ..plugin_utils._installer import Installer
from ..plugin_utils._resource import ensure
from ..plugin_utils._target import Target


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "name": {"type": "str", "required": True},
            "detect": {
                "type": "dict",
                "required": True,
                "options": {
                    "db2": {
                        "type": "dict",
                        "options": {"path": {"type": "str", "required": True}, "version": {"type": "str"}},
                    },
                    "filesets": {
                        "type": "list",
                        "elements": "dict",
                        "options": {"name": {"type": "str", "required": True}, "level": {"type": "str"}},
                    },
                    "registry": {
                        "type": "dict",
                        "options": {
                            "key": {"type": "str", "required": True},
                            "value": {"type": "str"},
                            "data": {"type": "str"},
                        },
                    },
                    "path": {"type": "str"},
                    "was": {
                        "type": "dict",
                        "options": {
                            "path": {"type": "str", "required": True},
                            "product": {"type": "str", "default": "ND"},
                            "version": {"type": "str"},
                        },
                    },
                    "update_installer": {
                        "type": "dict",
                        "options": {"path": {"type": "str", "required": True}, "version": {"type": "str"}},
                    },
                    "was_profile": {
                        "type": "dict",
                        "options": {
                            "root": {"type": "str", "required": True},
                            "name": {"type": "str", "required": True},
                        },
                    },
                },
            },
            "argv": {"type": "list", "elements": "str", "required": True},
            "response_file": {"type": "str", "no_log": True},
            "secrets": {"type": "list", "elements": "str", "no_log": True},
            "log": {"type": "str"},
            "early_log": {"type": "str"},
            "accepted_rc": {"type": "list", "elements": "int", "default": [0]},
            "success_regex": {"type": "str"},
            "failure_regex": {"type": "str"},
            "progress_regex": {"type": "str"},
            "timeout": {"type": "int", "default": 7200},
            "poll_interval": {"type": "int", "default": 15},
            "chdir": {"type": "str"},
            "environment": {"type": "dict", "default": {}},
            "work_dir": {"type": "str"},
        },
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        installer = Installer(options, target, self.show, detection(target, options["detect"]))
        return {**ensure(installer, check=self.check), **installer.outcome}
