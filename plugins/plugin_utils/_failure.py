# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Failures as results: as a module returns them, so that `until` and `failed_when` can judge them."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail


def result_of(failure: AnsibleActionFail) -> dict[str, Any]:
    """What a task returns for `failure`.

    Up to ansible-core 2.18 `failure.result` holds the traceback of whatever was being handled when it was made too:
    noise, that may quote what must not be shown. From 2.21 on it lacks what every failed task has."""
    own = {key: value for key, value in failure.result.items() if key != "exception"}
    return {**own, "failed": True, "msg": failure.message}
