# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Derive what a static NAT needs, and refuse a plan that cannot work."""

from __future__ import annotations

from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail

from ..plugin_utils._controller_action import ControllerAction
from ..plugin_utils._nat_plan import plan
from ..plugin_utils._nat_read import NatError

FATAL = {"error": ("error",), "warning": ("error", "warning"), "never": ()}
"""The severities that make the module fail."""


class ActionModule(ControllerAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "sites": {"type": "list", "elements": "dict", "required": True},
            "names": {"type": "dict", "default": {}},
            "fail_on": {"type": "str", "choices": list(FATAL), "default": "error"},
        },
    }

    def compute(self, options: dict[str, Any]) -> dict[str, Any]:
        try:
            result = plan(options["sites"], options["names"])
        except NatError as error:
            raise AnsibleActionFail(str(error)) from error
        fatal = [
            "{severity} {id} at {site}: {found}; wanted: {wanted}; {cure}".format(**finding)
            for finding in result["findings"]
            if finding["severity"] in FATAL[options["fail_on"]]
        ]
        if fatal:
            return {**result, "failed": True, "msg": "\n".join(["the NAT plan does not work:", *fatal])}
        return {**result, "changed": False}
