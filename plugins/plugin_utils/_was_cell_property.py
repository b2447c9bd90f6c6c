# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Custom properties of a cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._was_items import Item, Object

OPTIONS: dict[str, Any] = {
    "type": "dict",
    "options": {
        "name": {"type": "str", "required": True},
        "value": {"type": "str"},
        "description": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    "required_if": [["state", "present", ["value"]]],
}


def items(options: Mapping[str, Any], where: str) -> list[Item]:
    """What the options of `was_cell_property` want."""
    attributes = {name: options[name] for name in ("value", "description") if options[name] is not None}
    return [
        Object(
            type="Property",
            parent="/Cell:/",
            identity={"name": options["name"]},
            attributes=attributes if options["state"] == "present" else {},
            state=options["state"],
            where=where,
        )
    ]
