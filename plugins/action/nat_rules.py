# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keep the translation rules of a Linux NAT router as they should be."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._nat_linux import NatRules
from ..plugin_utils._resource import ensure
from ..plugin_utils._target import Target

INBOUND = {
    "name": {"type": "str", "required": True},
    "protocol": {"type": "str", "choices": ["tcp", "udp"], "required": True},
    "public_address": {"type": "str", "required": True},
    "public_port": {"type": "int", "required": True},
    "private_address": {"type": "str", "required": True},
    "private_port": {"type": "int", "required": True},
}

OUTBOUND = {
    "name": {"type": "str", "required": True},
    "private_address": {"type": "str", "required": True},
    "public_address": {"type": "list", "elements": "str", "required": True},
    "overload": {"type": "bool", "default": False},
}

NFTABLES = {
    "file": {"type": "str", "default": "/etc/nftables.d/stgw_nat.nft"},
    "main": {"type": "str", "default": "/etc/nftables.conf"},
}

IPTABLES = {
    "ipv4": {"type": "str", "default": "/etc/iptables/rules.v4"},
    "ipv6": {"type": "str", "default": "/etc/iptables/rules.v6"},
}


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "platform": {"type": "str", "choices": ["nftables", "iptables"], "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "outside_interface": {"type": "str", "required": True},
            "inbound": {"type": "list", "elements": "dict", "options": INBOUND, "default": []},
            "outbound": {"type": "list", "elements": "dict", "options": OUTBOUND, "default": []},
            "sip_alg": {"type": "bool", "default": False},
            "persist": {"type": "bool", "default": True},
            "nftables": {"type": "dict", "options": NFTABLES, "default": {}, "apply_defaults": True},
            "iptables": {"type": "dict", "options": IPTABLES, "default": {}, "apply_defaults": True},
        },
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        rules = NatRules(options, target)
        result = ensure(rules, check=self.check)
        after = {name: value for name, value in result.pop("state").items() if name != "files"}
        findings = rules.findings(changed=result["changed"])
        return {**result, "before": rules.read_rules[0], "after": after, "findings": findings, "warnings": findings}
