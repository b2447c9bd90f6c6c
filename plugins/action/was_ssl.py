# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Have key stores, certificates and SSL configurations in WebSphere."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils._action import TargetAction
from ..plugin_utils._target import Target
from ..plugin_utils._was_config import configure
from ..plugin_utils._was_options import specification
from ..plugin_utils._was_ssl import Ssl
from ..plugin_utils._was_ssl_options import OPTIONS, require_good


class ActionModule(TargetAction):
    SPEC: ClassVar[dict[str, Any]] = specification(OPTIONS)

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        require_good(options)
        ssl = Ssl(options, target, check=self.check)
        return configure(options, [], target, check=self.check, derived=ssl.derived()) | ssl.told()
