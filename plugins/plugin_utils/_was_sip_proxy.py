# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A SIP proxy server: its default cluster, its sprayer, its custom properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._was_items import STATE, Command, Finding, Item, Object, delete_server, server_path, words

TRANSPORTS = ("tcp", "tls", "udp")
# Custom properties that win over the sprayers' settings: each with the sprayer's transport and attribute.
OVERRIDES = {
    f"{transport}.IPSprayer.{name}": (transport, name) for transport in TRANSPORTS for name in ("host", "port")
}

OPTIONS: dict[str, Any] = {
    "type": "dict",
    "options": {
        "node": {"type": "str", "required": True},
        "server": {"type": "str", "default": "SIPProxyServer"},
        "state": {"type": "str", "choices": ["present", "absent", "existing"], "default": "present"},
        "template": {"type": "str", "default": "sip_proxy_server"},
        "unique_ports": {"type": "bool", "default": False},
        "default_cluster": {"type": "str"},
        "sprayer": {
            "type": "dict",
            "options": {
                "transport": {"type": "str", "choices": ["none", *TRANSPORTS], "required": True},
                "host": {"type": "str"},
                "port": {"type": "int"},
            },
            "required_if": [["transport", transport, ["host", "port"]] for transport in TRANSPORTS],
        },
        "properties": {"type": "dict", "default": {}},
        "overriding_properties": {"type": "str", "choices": ["report", "remove"], "default": "report"},
        "access_log": {"type": "bool"},
    },
}


def items(options: Mapping[str, Any], where: str) -> list[Item]:
    """What the options of `was_sip_proxy` want."""
    node, server = options["node"], options["server"]
    path = server_path(node, server)
    if options["state"] == "absent":
        return [delete_server(node, server, where)]
    ports = options["sprayer"]
    if ports and ports["port"] is not None and not 0 < ports["port"] < 65536:
        raise AnsibleActionFail(f"{where}.sprayer.port: {ports['port']} is no port; ports are 1 to 65535".lstrip("."))
    left = {name: entry for name, entry in OVERRIDES.items() if name not in options["properties"]}
    created = [] if options["state"] == "existing" else [_create(options, path, where)]
    return [
        *created,
        Object(
            type="SIPProxySettings",
            parent=path,
            attributes=_attributes(options, left),
            state="existing",
            where=where,
        ),
        Finding(node, server, left, where),
    ]


def _create(options: Mapping[str, Any], path: str, where: str) -> Command:
    node, server, template = options["node"], options["server"], options["template"]
    return Command(
        name="createProxyServer",
        label=f"{node}/{server}",
        path=path,
        target=node,
        arguments=words(("name", server), ("templateName", template), ("genUniquePorts", options["unique_ports"])),
        reads=[
            f"templates/servertypes/PROXY_SERVER/servers/{template}/*.xml",
            "templates/servertypes/PROXY_SERVER/serverindex.xml",
        ],
        where=where,
    )


def _attributes(options: Mapping[str, Any], left: Mapping[str, Any]) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    if options["default_cluster"] is not None:
        attributes["defaultClusterName"] = options["default_cluster"]
    if options["access_log"] is not None:
        attributes["enableAccessLog"] = options["access_log"]
    if options["sprayer"]:
        for transport in TRANSPORTS:
            on = options["sprayer"]["transport"] == transport
            address = {"host": options["sprayer"]["host"], "port": options["sprayer"]["port"]} if on else {}
            attributes[f"{transport}Sprayer"] = {"isEnabled": on, **address}
    gone = left if options["overriding_properties"] == "remove" else {}
    wanted = [*options["properties"].items(), *((name, None) for name in gone)]
    attributes["properties"] = properties(dict(wanted))
    return attributes


def properties(wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Custom properties as contained objects; no value removes one."""
    return [
        {"name": name, STATE: "absent"} if value is None else {"name": name, "value": _text(value)}
        for name, value in wanted.items()
    ]


def _text(value: Any) -> str:
    # As a person writes it in the console.
    return str(value).lower() if isinstance(value, bool) else str(value)
