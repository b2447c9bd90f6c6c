# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A gateway's communities as rows that belong to each other by name, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._resource import State

Value = str | int | None
Row = tuple[Value, ...]
Rows = dict[str, dict[Row, Row]]
"""By kind, by what tells a row from others, what else it has."""

ROWS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "community": (("name",), ("type", "protocol", "host", "port", "transport")),
    "property": (("community", "name"), ("value",)),
    "domain": (("community", "name"), ()),
    "access": (("community", "user"), ("allowed",)),
    "gateway_property": (("name",), ("value",)),
}
"""The names of both. Communities come first: the others point to them."""


def state_of(rows: Rows) -> State:
    """The state that rows say."""
    communities: dict[str, dict[str, Any]] = {}
    for (name,), values in sorted(rows["community"].items()):
        access = {user: allowed for (of, user), (allowed,) in rows["access"].items() if of == name}
        communities[str(name)] = {
            **dict(zip(ROWS["community"][1], values, strict=True)),
            "domains": sorted(str(domain) for of, domain in rows["domain"] if of == name),
            "users": sorted(str(user) for user, allowed in access.items() if allowed),
            "excluded_users": sorted(str(user) for user, allowed in access.items() if not allowed),
            "properties": {key: value for (of, key), (value,) in sorted(rows["property"].items()) if of == name},
        }
    properties = {key: value for (key,), (value,) in sorted(rows["gateway_property"].items())}
    return {"communities": communities, "properties": properties}


def rows_of(state: State) -> Rows:
    """The rows that say a state."""
    rows: Rows = {kind: {} for kind in ROWS}
    rows["gateway_property"] = {(key,): (value,) for key, value in state["properties"].items()}
    for name, one in state["communities"].items():
        rows["community"][name,] = tuple(one[key] for key in ROWS["community"][1])
        rows["domain"] |= {(name, domain): () for domain in one["domains"]}
        rows["property"] |= {(name, key): (value,) for key, value in one["properties"].items()}
        for key, allowed in (("users", 1), ("excluded_users", 0)):
            rows["access"] |= {(name, user): (allowed,) for user in one[key]}
    return rows
