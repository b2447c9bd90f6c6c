# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The kinds of resources of `was_config`: for each, its options and what they want."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import (
    _was_application_server,
    _was_cell_property,
    _was_cluster,
    _was_endpoint,
    _was_jdbc,
    _was_jvm,
    _was_object,
    _was_replication_domain,
    _was_sip_proxy,
)
from ._was_items import Item

KINDS: Mapping[str, tuple[dict[str, Any], Callable[[Mapping[str, Any], str], list[Item]]]] = {
    "object": (_was_object.OPTIONS, _was_object.items),
    "application_server": (_was_application_server.OPTIONS, _was_application_server.items),
    "cell_property": (_was_cell_property.OPTIONS, _was_cell_property.items),
    "cluster": (_was_cluster.OPTIONS, _was_cluster.items),
    "endpoint": (_was_endpoint.OPTIONS, _was_endpoint.items),
    "jdbc": (_was_jdbc.OPTIONS, _was_jdbc.items),
    "jvm": (_was_jvm.OPTIONS, _was_jvm.items),
    "replication_domain": (_was_replication_domain.OPTIONS, _was_replication_domain.items),
    "sip_proxy": (_was_sip_proxy.OPTIONS, _was_sip_proxy.items),
}
OPTIONS: dict[str, Any] = {
    "type": "dict",
    "options": {
        "resources": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": {kind: options for kind, (options, _items) in KINDS.items()},
            "mutually_exclusive": [list(KINDS)],
            "required_one_of": [list(KINDS)],
        },
    },
}


def items(options: Mapping[str, Any]) -> list[Item]:
    """What the options of `was_config` want, in order."""
    wanted: list[Item] = []
    for number, resource in enumerate(options["resources"]):
        for kind, given in resource.items():
            if given is not None:
                wanted += KINDS[kind][1](given, f"resources[{number}].{kind}")
    return wanted
