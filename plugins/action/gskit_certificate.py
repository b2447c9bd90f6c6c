# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Have a certificate in a key database of GSKit."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._gskit_certificate import SIZES, GskitCertificate
from ..plugin_utils._resource import ensure
from ..plugin_utils._target import Target


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "database": {"type": "path", "required": True},
            "password": {"type": "str", "no_log": True},
            "label": {"type": "str", "required": True},
            "subject": {"type": "str", "required": True},
            "size": {"type": "int", "choices": list(SIZES), "default": 2048},
            "days": {"type": "int", "default": 1825},
            "owner": {"type": "str", "default": ""},
            "group": {"type": "str", "default": ""},
            "command": {"type": "path"},
        },
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        wish = GskitCertificate(options, target)
        result = ensure(wish, check=self.check)
        return {**result, "certificate": wish.certificate, "fingerprint": wish.fingerprint}
