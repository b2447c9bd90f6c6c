"""syncNode."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence

from lab.host import Host
from lab.products.was.errors import NotReachable, ScriptingError
from lab.products.was.servers import federation, launch, running, server_index, synchronisation, tool
from lab.products.was.servers.add_node import PORT
from lab.products.was.servers.remove_node import NOT_FEDERATED
from lab.products.was.servers.tool import Place, Refused, Report, Words

_OPTIONS = {"-stopservers": False, "-restart": False, "-nowait": False, "-statusport": True, "-timeout": True}
_AGENT_WITHIN_S = 300.0


def main(host: Host, arguments: Sequence[str]) -> int:
    """Have the profile's node take over the deployment manager's documents while its agent is down."""
    try:
        where = tool.place(host, arguments)
        words = tool.read(arguments, _OPTIONS)
        if not 1 <= len(words.operands) <= 2 or not words.operands[-1].isdigit() == (len(words.operands) == 2):
            raise Refused("ADMU9994E: Usage: syncNode dmgr_host [dmgr_port] [options]")
    except Refused as refused:
        tool.show(str(refused))
        return refused.code
    report = Report(where, words, "syncNode.log")
    try:
        _synchronise(where, words, report)
    except Refused as refused:
        report.fail(str(refused))
        return refused.code
    return 0


def _synchronise(where: Place, words: Words, report: Report) -> None:
    profile, node = where.profile, where.profile.node
    name, port = words.operands[0], int(words.operands[1]) if len(words.operands) > 1 else PORT
    report.say(f"ADMU0401I: Begin syncNode operation for node {node} with Deployment Manager {name}: {port}")
    agent = server_index.read(profile.config, profile.cell, node).of_type("NODE_AGENT")
    if agent is None:
        raise Refused(NOT_FEDERATED.format(node))
    manager = federation.connect_manager(where, words, name, port)
    try:
        if "-stopservers" in words:
            names = federation.list_servers(where, report)
            federation.stop_servers(where, names, words.user, words.value("-password"), report)
        elif running.pid(where.host, profile, agent.name) is not None or _listens(agent):
            raise Refused(
                f"{tool.EXITING}ADMU0122E: The Node Agent of node {node} is running. Stop it, or use -stopservers."
            )
        if node not in json.loads(str(manager.call("Server", "nodes", []).value)):
            raise Refused(f"{tool.EXITING}ADMU0404E: The node {node} is not in the cell's repository.")
        report.say("ADMU0016I: Synchronizing configuration between node and cell.")
        synchronisation.take_over(where.host, profile.config, profile.cell, node, manager)
    except (NotReachable, ScriptingError) as error:
        raise Refused(f"ADMU0111E: Program exiting with error: {error}") from None
    finally:
        manager.close()
    if "-restart" in words:
        launched = launch.launch(where.installation, profile, agent.name, within_s=_AGENT_WITHIN_S)
        if launched.state != "open":
            raise Refused("ADMU3011E: Server launched but failed initialization. See the log files of the node agent.")
    report.say(
        f"ADMU0402I: The configuration for node {node} has been synchronized with Deployment Manager {name}: {port}"
    )


def _listens(agent: server_index.Entry) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2.0)
        return probe.connect_ex(("127.0.0.1", agent.port("SOAP_CONNECTOR_ADDRESS"))) == 0
