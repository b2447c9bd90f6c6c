"""Commands for the ports of servers: group ServerManagement."""

from __future__ import annotations

import dataclasses

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command, invalid
from lab.products.was.admin.task.servers import GROUP, found


@command(
    "modifyServerPort", GROUP, "Modify the host or port of a named endpoint used by a server.",
    "nodeName endPointName* host port:Integer modifyShared:Boolean", target="serverName*",
)  # fmt: skip
def _modify_server_port(call: Call) -> str:
    node, server = found(_with_server(call))
    entry = places.entry(call.workspace, node, call.target)
    points = entry.children.get("specialEndpoints", []) if entry else []
    point = next((each for each in points if each.get("endPointName") == call["endPointName"]), None)
    if point is None:
        raise invalid(call["endPointName"], "endPointName", "modifyServerPort")
    users = [each for each in server.walk() if each.get("endPointName") == call["endPointName"]]
    if len(users) > 1 and call.get("modifyShared", "false").lower() != "true":
        raise invalid("false", "modifyShared", "modifyServerPort")
    where = {name: call[name] for name in ("host", "port") if name in call.values}
    call.workspace.modify(point.children["endPoint"][0], where)
    return ""


@command(
    "listServerPorts", GROUP, "Displays a list of ports that is used by a particular server.", "nodeName",
    target="serverName*",
)  # fmt: skip
def _list_server_ports(call: Call) -> str:
    node, _ = found(_with_server(call))
    entry = places.entry(call.workspace, node, call.target)
    return call.lines(
        f"[[{named.get('endPointName')} [[[host {each.get('host')}] [node {node}] [server {call.target}] "
        f"[port {each.get('port')}] ]]]]"
        for named in (entry.children.get("specialEndpoints", ()) if entry else ())
        for each in named.children["endPoint"]
    )


def _with_server(call: Call) -> Call:
    """The call with its target, the name of a server, as the parameter that others have."""
    return dataclasses.replace(call, values={**call.values, "serverName": call.target})
