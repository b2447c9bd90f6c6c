# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The test cases of the role verify for templates; what each is for stands in the `.yml` file of its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils import _verify_cases, _verify_judge
from ..plugin_utils._verify_catalogue import CaseError


def verify_selection(catalogue: Sequence[Mapping[str, Any]], context: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        return _verify_cases.selection(catalogue, context)
    except CaseError as error:
        raise AnsibleFilterError(f"verify_selection: {error}") from error


def verify_stages(case: Mapping[str, Any], context: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        return _verify_cases.stages(case, context)
    except CaseError as error:
        raise AnsibleFilterError(f"verify_stages: {error}") from error


def verify_undo(case: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    return _verify_cases.community_undo(case, before)


def verify_judged(result: Mapping[str, Any], stage: Mapping[str, Any]) -> list[dict[str, Any]]:
    judge = {"client": _verify_judge.client, "probe": _verify_judge.probe}[stage["kind"]]
    return judge(stage, result)


class FilterModule:
    """What Ansible asks a filter plugin for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "verify_selection": verify_selection,
            "verify_stages": verify_stages,
            "verify_undo": verify_undo,
            "verify_judged": verify_judged,
        }
