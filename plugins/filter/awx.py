# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The check of the data for AWX; what it is for stands in the `.yml` file of its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..plugin_utils import _awx_data


def awx_problems(data: _awx_data.Data, folder: str, existing: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    return _awx_data.problems(data, folder, existing or {})


class FilterModule:
    """What Ansible asks a filter plugin for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"awx_problems": awx_problems}
