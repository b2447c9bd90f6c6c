"""removeNode."""

from __future__ import annotations

from collections.abc import Sequence

from lab.host import Host
from lab.products.was.errors import NotReachable, ScriptingError
from lab.products.was.servers import federation, server_index, tool
from lab.products.was.servers.tool import Place, Refused, Report, Words

_OPTIONS = {"-force": False, "-statusport": True, "-nowait": False}
NOT_FEDERATED = f"{tool.EXITING}ADMU2027E: The node {{}} is not part of a cell of a Deployment Manager."


def main(host: Host, arguments: Sequence[str]) -> int:
    """Take the profile's node out of its cell and give it its original configuration back."""
    try:
        where = tool.place(host, arguments)
        words = tool.read(arguments, _OPTIONS)
        if words.operands:
            raise Refused(f"ADMU9993E: Unknown argument: {words.operands[0]}")
    except Refused as refused:
        tool.show(str(refused))
        return refused.code
    report = Report(where, words, "removeNode.log")
    try:
        _remove(where, words, report)
    except Refused as refused:
        report.fail(str(refused))
        return refused.code
    return 0


def _remove(where: Place, words: Words, report: Report) -> None:
    node, force = where.profile.node, "-force" in words
    if not (_is_federated(where) or (force and federation.backup_folder(where.profile).is_dir())):
        raise Refused(NOT_FEDERATED.format(node))
    report.say(f"ADMU2001I: Begin removal of node: {node}")
    _leave(where, words, report, force=force)
    report.say("ADMU2014I: Restoring original configuration.")
    federation.restore(where.profile)
    report.say("ADMU2017I: The local original configuration has been restored.")
    for text in (
        "ADMU0306I: Note:",
        "ADMU2031I: Any applications that were uploaded to the cell configuration during addNode using the "
        f"-includeapps option are not uninstalled by removeNode of {node}.",
        "ADMU0307I: You might want to:",
        "ADMU2032I: Use wsadmin or the Administrative Console to uninstall any such applications from the Deployment "
        "Manager.",
    ):
        report.say(text)
    report.say(f"ADMU2024I: Removal of node {node} is complete.")


def _is_federated(where: Place) -> bool:
    profile = where.profile
    try:
        return server_index.is_managed(profile.config, profile.cell, profile.node)
    except FileNotFoundError:
        # An addNode that was ended between two steps.
        return False


def _leave(where: Place, words: Words, report: Report, *, force: bool) -> None:
    """Stop the servers and have the deployment manager forget the node; with `force` go on without it."""
    node = where.profile.node
    address = federation.manager_address(where.profile)
    try:
        if address is None:
            raise Refused(NOT_FEDERATED.format(node))
        manager = federation.connect_manager(where, words, *address)
    except Refused:
        if not force:
            raise
        manager = None
    else:
        report.say(f"ADMU0009I: Successfully connected to Deployment Manager Server: {address[0]}:{address[1]}")
    if _is_federated(where):
        names = federation.list_servers(where, report)
        # The node agent last: it restarts nobody then.
        names.sort(key=lambda name: name == "nodeagent")
        federation.stop_servers(where, names, words.user, words.value("-password"), report)
    if manager is None:
        return
    report.say("ADMU2021I: Removing all servers on this node from all clusters in the cell.")
    try:
        manager.call("Server", "leave", [node])
    except (NotReachable, ScriptingError) as error:
        if not force:
            raise Refused(f"ADMU0111E: Program exiting with error: {error}") from None
    finally:
        manager.close()
