# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Set up an installed Domino server from recorded answers."""

from __future__ import annotations

from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail, AnsibleError

from ..plugin_utils._action import TargetAction
from ..plugin_utils._domino_setup import DominoSetup
from ..plugin_utils._resource import ensure
from ..plugin_utils._target import Target


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "location": {"type": "str", "required": True},
            "data": {"type": "str", "required": True},
            "user": {"type": "str"},
            "profile": {"type": "path", "required": True},
            "values": {"type": "dict", "default": {}},
            "editor": {"type": "list", "elements": "str"},
            "programs": {"type": "str"},
            "timeout": {"type": "int", "default": 1800},
        },
    }

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        setup = DominoSetup(options, target, self._read_file, self.show)
        return {**ensure(setup, check=self.check), **setup.facts}

    def _read_file(self, path: str) -> bytes:
        try:
            return self.controller_file(path)
        except (AnsibleError, OSError) as error:
            raise AnsibleActionFail(
                f"profile: {path} cannot be read on the controller ({error}); name a profile that was recorded with"
                " server -record"
            ) from error
