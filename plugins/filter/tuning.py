# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The values of a tuning profile for templates; what each is for stands in the `.yml` file of its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils import _tuning, _tuning_cell


def tuning_values(
    profile: str,
    values: Mapping[str, Any] | None = None,
    load: Mapping[str, Any] | None = None,
    nat_idle_seconds: int | None = None,
) -> dict[str, dict[str, Any]]:
    try:
        return _tuning.values(profile, values or {}, load or {}, nat_idle_seconds)
    except _tuning.TuningError as error:
        raise AnsibleFilterError(f"tuning_{error}") from error


def tuning_resources(
    tuned: Mapping[str, Mapping[str, Any]], servers: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    try:
        return _tuning_cell.resources(tuned, servers)
    except _tuning.TuningError as error:
        raise AnsibleFilterError(f"tuning_{error}") from error


class FilterModule:
    """What Ansible asks a filter plugin for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"tuning_values": tuning_values, "tuning_resources": tuning_resources}
