# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""An application server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._was_items import Command, Item, Sole, delete_server, server_path, words

OPTIONS: dict[str, Any] = {
    "type": "dict",
    "options": {
        "node": {"type": "str", "required": True},
        "server": {"type": "str", "required": True},
        "template": {"type": "str", "default": "default"},
        "unique_ports": {"type": "bool", "default": True},
        "sole": {
            "type": "dict",
            "options": {"type": {"type": "str", "required": True}, "name": {"type": "str", "required": True}},
        },
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
}


def items(options: Mapping[str, Any], where: str) -> list[Item]:
    """What the options of `application_server` want."""
    node, server = options["node"], options["server"]
    label, path = f"{node}/{server}", server_path(node, server)
    if options["state"] == "absent":
        return [delete_server(node, server, where)]
    arguments = words(
        ("name", server), ("templateName", options["template"]), ("genUniquePorts", options["unique_ports"])
    )
    sole = options["sole"]
    return [
        *([Sole(sole["type"], sole["name"], node, server, f"{where}.sole")] if sole else []),
        Command(
            name="createApplicationServer",
            label=label,
            path=path,
            target=node,
            arguments=arguments,
            reads=[
                f"templates/servertypes/APPLICATION_SERVER/servers/{options['template']}/*.xml",
                "templates/servertypes/APPLICATION_SERVER/serverindex.xml",
            ],
            where=where,
        ),
    ]
