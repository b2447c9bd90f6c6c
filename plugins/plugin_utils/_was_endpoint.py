# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Ports of a server, and aliases of a virtual host."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._was_items import STATE, Item, Object

OPTIONS: dict[str, Any] = {
    "type": "dict",
    "options": {
        "node": {"type": "str"},
        "server": {"type": "str"},
        "end_points": {"type": "dict", "default": {}},
        "virtual_host": {
            "type": "dict",
            "options": {
                "name": {"type": "str", "default": "default_host"},
                "aliases": {"type": "list", "elements": "str", "required": True},
            },
        },
    },
    "required_together": [["node", "server"]],
}


def items(options: Mapping[str, Any], where: str) -> list[Item]:
    """What the options of `was_endpoint` want."""
    wanted: list[Item] = []
    if options["end_points"]:
        if not options["node"]:
            raise AnsibleActionFail(f"{where}.end_points: they belong to a server; give node and server".lstrip("."))
        wanted.append(_end_points(options, where))
    if options["virtual_host"]:
        host = options["virtual_host"]
        aliases = [_alias(alias, where) for alias in host["aliases"]]
        identity, attributes = {"name": host["name"]}, {"aliases": aliases}
        wanted.append(Object("VirtualHost", "/Cell:/", identity, attributes, state="existing", where=where))
    if not wanted:
        raise AnsibleActionFail(f"{where or 'options'}: nothing is asked for; give end_points or virtual_host")
    return wanted


def _end_points(options: Mapping[str, Any], where: str) -> Object:
    entries = []
    for name, address in options["end_points"].items():
        place = f"{where}.end_points.{name}".lstrip(".")
        if not isinstance(address, Mapping) or not address or set(address) - {"host", "port"}:
            raise AnsibleActionFail(
                f"{place}: {address!r} is no mapping with port and host; write it as {{port: 5060}}"
            )
        _require_port(str(address.get("port", 1)), place)
        entries.append({STATE: "existing", "endPointName": name, "endPoint": dict(address)})
    server = {STATE: "existing", "serverName": options["server"], "specialEndpoints": entries}
    return Object(
        type="ServerIndex",
        parent=f"/Node:{options['node']}/",
        attributes={"serverEntries": [server]},
        state="existing",
        where=where,
    )


def _alias(alias: str, where: str) -> dict[str, str]:
    host, colon, port = alias.rpartition(":")
    if not colon or not host:
        raise AnsibleActionFail(
            f"{where}.virtual_host.aliases: {alias!r} is no host:port, such as '*:5060'".lstrip(".")
        )
    _require_port(port, f"{where}.virtual_host.aliases".lstrip("."))
    return {"hostname": host, "port": port}


def _require_port(port: str, where: str) -> None:
    if not re.fullmatch(r"\d{1,5}", port) or not 0 <= int(port) < 65536:
        raise AnsibleActionFail(f"{where}: {port} is no port; ports are 0 to 65535")
