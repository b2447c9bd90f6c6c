# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""An object of any type, as `was_config` takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._was_items import Item, Object

OPTIONS: dict[str, Any] = {
    "type": "dict",
    "options": {
        "type": {"type": "str", "required": True},
        "parent": {"type": "str", "required": True},
        "feature": {"type": "str"},
        "identity": {"type": "dict", "default": {}},
        "attributes": {"type": "dict", "default": {}},
        "secrets": {"type": "dict", "default": {}, "no_log": True},
        "list_mode": {"type": "str", "choices": ["merge", "exact"], "default": "merge"},
        "state": {"type": "str", "choices": ["present", "absent", "existing"], "default": "present"},
    },
}


def items(options: Mapping[str, Any], where: str) -> list[Item]:
    """What the options of `object` want."""
    return [
        Object(
            type=options["type"],
            parent=options["parent"],
            identity=options["identity"],
            attributes=options["attributes"],
            secrets=options["secrets"],
            state=options["state"],
            feature=options["feature"],
            exact=options["list_mode"] == "exact",
            where=where,
        )
    ]
