"""cleanupNode."""

from __future__ import annotations

from collections.abc import Sequence

from lab.host import Host
from lab.products.was.errors import NotReachable, ScriptingError
from lab.products.was.servers import federation, tool
from lab.products.was.servers.add_node import PORT
from lab.products.was.servers.tool import Place, Refused, Report, Words


def main(host: Host, arguments: Sequence[str]) -> int:
    """Have a deployment manager forget a node that no longer has the cell's configuration itself."""
    try:
        where = tool.place(host, arguments)
        words = tool.read(arguments, {})
        if not 1 <= len(words.operands) <= 3 or (len(words.operands) == 3 and not words.operands[2].isdigit()):
            raise Refused("ADMU9994E: Usage: cleanupNode node [dmgr_host [dmgr_port]] [options]")
    except Refused as refused:
        tool.show(str(refused))
        return refused.code
    report = Report(where, words, "cleanupNode.log")
    try:
        _clean(where, words, report)
    except Refused as refused:
        report.fail(str(refused))
        return refused.code
    return 0


def _clean(where: Place, words: Words, report: Report) -> None:
    node = words.operands[0]
    name, port = _manager(where, words)
    report.say(f"ADMU2001I: Begin removal of node: {node}")
    manager = federation.connect_manager(where, words, name, port)
    report.say(f"ADMU0009I: Successfully connected to Deployment Manager Server: {name}:{port}")
    report.say("ADMU2021I: Removing all servers on this node from all clusters in the cell.")
    try:
        manager.call("Server", "leave", [node])
    except (NotReachable, ScriptingError) as error:
        raise Refused(f"ADMU0111E: Program exiting with error: {error}") from None
    finally:
        manager.close()
    report.say(f"ADMU2024I: Removal of node {node} is complete.")


def _manager(where: Place, words: Words) -> tuple[str, int]:
    """The deployment manager that the command names, or the one of the profile's cell. Raises `Refused`."""
    if len(words.operands) > 1:
        return words.operands[1], int(words.operands[2]) if len(words.operands) > 2 else PORT
    address = federation.manager_address(where.profile)
    if address is None:
        raise Refused("ADMU0111E: Program exiting with error: the profile's cell has no Deployment Manager; name one.")
    return address
