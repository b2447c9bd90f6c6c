# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The base of modules that compute: nothing is asked of a target, so none has to be reachable."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ._failure import result_of


class ControllerAction(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """An action that gets a validated set of options and returns what follows from them."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    SPEC: ClassVar[dict[str, Any]]
    """Arguments of `validate_argument_spec`."""

    @abstractmethod
    def compute(self, options: dict[str, Any]) -> dict[str, Any]:
        """The module's result; raises `AnsibleActionFail`."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        del tmp
        options: dict[str, Any] = self.validate_argument_spec(**self.SPEC)[1]
        try:
            result.update(self.compute(options))
        except AnsibleActionFail as error:
            result.update(result_of(error))
        return result
