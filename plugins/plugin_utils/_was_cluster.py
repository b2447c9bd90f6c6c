# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A cluster: the server that is converted to its first member, and the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._was_items import Command, Item, Object, words

_STATE = {"type": "str", "choices": ["present", "absent"], "default": "present"}
_MEMBER = {
    "node": {"type": "str", "required": True},
    "server": {"type": "str", "required": True},
    "weight": {"type": "int", "default": 2},
}
OPTIONS: dict[str, Any] = {
    "type": "dict",
    "options": {
        "name": {"type": "str", "required": True},
        "state": _STATE,
        "prefer_local": {"type": "bool", "default": True},
        "first": {"type": "dict", "options": _MEMBER},
        "members": {"type": "list", "elements": "dict", "default": [], "options": {**_MEMBER, "state": _STATE}},
        "unique_ports": {"type": "bool", "default": False},
        "node_group": {"type": "str"},
    },
}


def items(options: Mapping[str, Any], where: str) -> list[Item]:
    """What the options of `was_cluster` want."""
    name = options["name"]
    path = f"/ServerCluster:{name}/"
    if options["state"] == "absent":
        arguments = words(("clusterName", name))
        return [Command("deleteCluster", name, path, arguments, when=True, where=where)]
    first, members = options["first"], options["members"]
    everyone = [(each["node"], each["server"]) for each in ([first] if first else []) + members]
    for each in everyone:
        if everyone.count(each) > 1:
            raise AnsibleActionFail(f"{where}.members: {'/'.join(each)} is given twice".lstrip("."))
    wanted = [member for member in members if member["state"] == "present"]
    return [
        _create(options, path, where),
        Object("ServerCluster", "/Cell:/", {"name": name}, {"preferLocal": options["prefer_local"]}, where=where),
        *(_leave(name, member, path, where) for member in members if member["state"] == "absent"),
        *(_member(options, member, path, where, leads=not first and member is wanted[0]) for member in wanted),
        *(_weight(each, path, where) for each in ([first] if first else []) + wanted),
    ]


def _create(options: Mapping[str, Any], path: str, where: str) -> Command:
    first = options["first"]
    steps = f"-clusterConfig [{words(('clusterName', options['name']), ('preferLocal', options['prefer_local']))}]"
    label = options["name"]
    if first:
        convert = words(
            ("serverNode", first["node"]),
            ("serverName", first["server"]),
            ("memberWeight", first["weight"]),
            ("nodeGroup", options["node_group"]),
        )
        steps += f" -convertServer [{convert}]"
        label += f" from {first['node']}/{first['server']}"
    return Command(
        name="createCluster",
        label=label,
        path=path,
        arguments=steps,
        reads=[_documents(first)] if first else [],
        restarts=[f"{first['node']}/{first['server']}"] if first else [],
        where=where,
    )


def _leave(name: str, member: Mapping[str, Any], path: str, where: str) -> Command:
    return Command(
        name="deleteClusterMember",
        label=f"{member['node']}/{member['server']} of {name}",
        path=path,
        child=_entry(member, path, where, {}),
        arguments=words(("clusterName", name), ("memberNode", member["node"]), ("memberName", member["server"])),
        when=True,
        where=where,
    )


def _member(options: Mapping[str, Any], member: Mapping[str, Any], path: str, where: str, *, leads: bool) -> Command:
    config = words(
        ("memberNode", member["node"]),
        ("memberName", member["server"]),
        ("memberWeight", member["weight"]),
        ("genUniquePorts", options["unique_ports"]),
        ("replicatorEntry", False),
    )
    steps = f"{words(('clusterName', options['name']))} -memberConfig [{config}]"
    if leads:
        steps += " -firstMember [-templateName default]"
    return Command(
        name="createClusterMember",
        label=f"{member['node']}/{member['server']} of {options['name']}",
        path=path,
        child=_entry(member, path, where, {}),
        arguments=steps,
        reads=["templates/servertypes/APPLICATION_SERVER/servers/default/*.xml"],
        where=where,
    )


def _weight(member: Mapping[str, Any], path: str, where: str) -> Object:
    return _entry(member, path, where, {"weight": member["weight"]})


def _entry(member: Mapping[str, Any], path: str, where: str, attributes: Mapping[str, Any]) -> Object:
    identity = {"memberName": member["server"], "nodeName": member["node"]}
    return Object("ClusterMember", path, identity, attributes, state="existing", where=where)


def _documents(member: Mapping[str, Any]) -> str:
    return f"cells/{{cell}}/nodes/{member['node']}/servers/{member['server']}/*.xml"
