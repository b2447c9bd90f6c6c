# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Compare the rules of a NAT with the running configuration of a Cisco IOS router."""

from __future__ import annotations

from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail

from ..plugin_utils._controller_action import ControllerAction
from ..plugin_utils._ios_place import place_of
from ..plugin_utils._nat_read import NatError
from ..plugin_utils._nat_rules import rules_of
from ..plugin_utils._nat_rules_ios import absent, present


class ActionModule(ControllerAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "inbound": {"type": "list", "elements": "dict", "default": []},
            "outbound": {"type": "list", "elements": "dict", "default": []},
            "sip_alg": {"type": "bool", "default": False},
            "sip_protocols": {"type": "list", "elements": "str", "choices": ["tcp", "udp"], "default": ["tcp", "udp"]},
            "inside_interface": {"type": "str", "required": True},
            "outside_interface": {"type": "str", "required": True},
            "access_list": {"type": "str", "default": "STGW-OUTBOUND"},
            "udp_answers": {"type": "list", "elements": "int", "default": []},
            "running_config": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
    }

    def compute(self, options: dict[str, Any]) -> dict[str, Any]:
        compare = present if options["state"] == "present" else absent
        try:
            change = compare(rules_of(options), place_of(options), options["running_config"])
        except NatError as error:
            raise AnsibleActionFail(str(error).removeprefix("options.")) from None
        before, after = ("".join(f"{line}\n" for line in lines) for lines in (change.before, change.after))
        return {
            "changed": bool(change.blocks),
            "blocks": change.blocks,
            "diff": {"before": before, "after": after},
        }
