# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Response files of DB2 as filters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..plugin_utils import _db2_response


class FilterModule:
    """Filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """By name."""
        return {
            "db2_response_file": _db2_response.render,
            "db2_response_problems": _db2_response.problems,
        }
