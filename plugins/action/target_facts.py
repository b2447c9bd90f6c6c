# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tell what a target is and has."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._facts import read_facts
from ..plugin_utils._target import Target

TEXTS: dict[str, Any] = {"type": "list", "elements": "str", "default": []}


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "resolve": TEXTS,
            "paths": TEXTS,
            "checksums": TEXTS,
            "db2ls": {"type": "str", "default": "/usr/local/bin/db2ls"},
            "db2_key": {"type": "str", "default": r"HKLM:\SOFTWARE\IBM\DB2\InstalledCopies", "no_log": False},
            "itds_key": {"type": "str", "default": r"HKLM:\SOFTWARE\IBM\IDSLDAP", "no_log": False},
            "was_roots": TEXTS,
        }
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        return {"changed": False, "facts": read_facts(target, options)}
