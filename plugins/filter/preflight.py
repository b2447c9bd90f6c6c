# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The judgements of the role preflight; what each is for stands in the `.yml` file of its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..plugin_utils import _preflight


def preflight_findings(facts: Mapping[str, Any], host: str, wanted: Mapping[str, Any]) -> list[dict[str, str]]:
    return _preflight.findings(host, wanted, facts)


def preflight_secrets(values: Mapping[str, Any], host: str) -> list[dict[str, str]]:
    return _preflight.secrets(host, values)


def preflight_clocks(clocks: Iterable[Mapping[str, Any]], spread_seconds: int) -> list[dict[str, str]]:
    return _preflight.clocks(clocks, spread_seconds)


def preflight_table(findings: Iterable[Mapping[str, str]]) -> str:
    return _preflight.table(findings)


class FilterModule:
    """What Ansible asks a filter plugin for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "preflight_findings": preflight_findings,
            "preflight_secrets": preflight_secrets,
            "preflight_clocks": preflight_clocks,
            "preflight_table": preflight_table,
        }
