# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A replication domain, and the session managers of the two servers that use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._was_items import IDENTITY, STATE, TYPE, Item, Object, State

OPTIONS: dict[str, Any] = {
    "type": "dict",
    "options": {
        "name": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "servers": {
            "type": "list",
            "elements": "dict",
            "options": {"node": {"type": "str", "required": True}, "server": {"type": "str", "required": True}},
        },
        "replicas": {"type": "int", "default": 1},
        "request_timeout": {"type": "int", "default": 5},
        "encryption": {"type": "str", "choices": ["NONE", "DES", "TRIPLE_DES"], "default": "NONE"},
        "ssl": {"type": "bool", "default": False},
    },
    "required_if": [["state", "present", ["servers"]]],
}


def items(options: Mapping[str, Any], where: str) -> list[Item]:
    """What the options of `was_replication_domain` want."""
    servers = [(each["node"], each["server"]) for each in options["servers"] or ()]
    present = options["state"] == "present"
    if present and (len(servers) != 2 or len(set(servers)) != 2):
        named = ", ".join("/".join(each) for each in servers) or "none"
        raise AnsibleActionFail(
            f"{where}.servers: sessions are replicated between exactly two different servers, not {named}".lstrip(".")
        )
    settings = {
        "numberOfReplicas": options["replicas"],
        "requestTimeout": options["request_timeout"],
        "encryptionType": options["encryption"],
        "useSSL": options["ssl"],
    }
    domain = Object(
        type="DataReplicationDomain",
        parent="/Cell:/",
        identity={"name": options["name"]},
        attributes={"defaultDataReplicationSettings": settings} if present else {},
        state=options["state"],
        where=where,
    )
    managers = [_session_manager(node, server, options["name"] if present else "", where) for node, server in servers]
    # Nothing refers to a domain that is not there.
    return [domain, *managers] if present else [*managers, domain]


def _session_manager(node: str, server: str, domain: str, where: str) -> Object:
    if domain:
        wanted = {
            "sessionPersistenceMode": "DATA_REPLICATION",
            "sessionDRSPersistence": {"messageBrokerDomainName": domain, "dataReplicationMode": "BOTH"},
        }
    else:
        wanted = {"sessionPersistenceMode": "NONE", "sessionDRSPersistence": {STATE: "absent"}}
    attributes: dict[str, Any] = wanted
    for feature, type_name in _way_down():
        attributes = {feature: [{TYPE: type_name, STATE: "existing", IDENTITY: [], **attributes}]}
    state: State = "existing" if domain else "optional"
    return Object("Server", f"/Node:{node}/", {"name": server}, attributes, state=state, where=where)


def _way_down() -> Iterator[tuple[str, str]]:
    """From the session manager up to the server."""
    yield "services", "SessionManager"
    yield "components", "WebContainer"
    yield "components", "ApplicationServer"
