# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Options that all modules have in common which configure WebSphere through wsadmin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

COMMON: dict[str, Any] = {
    "profile": {"type": "str", "required": True},
    "user": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "connection": {"type": "str", "choices": ["soap", "none"], "default": "soap"},
    "host": {"type": "str", "default": "localhost"},
    "port": {"type": "int"},
    "sync": {"type": "bool", "default": True},
    "timeout": {"type": "int", "default": 600},
}


def specification(own: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of `validate_argument_spec` for a module with options of its `own`: a part of a specification, as an
    element of `was_config` has it."""
    return {
        **{key: value for key, value in own.items() if key not in ("type", "options")},
        "argument_spec": {**COMMON, **own["options"]},
        "required_together": [["user", "password"]],
    }
