"""serverStatus."""

from __future__ import annotations

from collections.abc import Sequence

from lab.host import Host
from lab.products.was import credentials
from lab.products.was.connector import Connection
from lab.products.was.credentials import Credentials
from lab.products.was.errors import NotAuthorized, NotReachable
from lab.products.was.servers import running, server_index, stop, tool
from lab.products.was.servers.tool import Refused, Report

_OPTIONS = {"-all": False, "-cell": False}


def main(host: Host, arguments: Sequence[str]) -> int:
    """Tell which servers run: of one server, or of all with `-all`. The exit code is 0 whether they do or not."""
    try:
        where = tool.place(host, arguments)
        words = tool.read(arguments, _OPTIONS)
        if ("-all" in words) == bool(words.operands) or len(words.operands) > 1:
            raise Refused(
                "ADMU9994E: serverStatus wants a server name, or -all: serverStatus <server> | -all [options]"
            )
    except Refused as refused:
        tool.show(str(refused))
        return refused.code
    report = Report(where, words, "serverStatus.log")
    profile = where.profile
    # Asked for only when a server could want them.
    up = bool(running.servers(host, profile))
    given = credentials.find(profile, words.user, words.value("-password"), prompt=up)
    index = server_index.read(profile.config, profile.cell, profile.node)
    if "-all" in words:
        report.say("ADMU0503I: Retrieving server status for all servers")
        report.say("ADMU0505I: Servers found in configuration:")
        for name in index.servers:
            report.say(f"ADMU0506I: Server name: {name}")
        for entry in index.servers.values():
            report.say(_status(entry, given))
        return 0
    name = words.operands[0]
    report.say(f"ADMU0500I: Retrieving server status for {name}")
    if name not in index.servers:
        report.fail(
            f"ADMU0522E: Status requested for a server named {name}, which does not exist in the configuration."
        )
        return tool.FAILED
    report.say(_status(index.servers[name], given))
    return 0


def _status(entry: server_index.Entry, given: Credentials) -> str:
    try:
        # A refused user looks to this command like a server that is down.
        Connection("127.0.0.1", entry.port("SOAP_CONNECTOR_ADDRESS"), given.user, given.password).close()
    except (NotReachable, NotAuthorized):
        return f"ADMU0509I: {stop.unreachable(entry)}"
    shown = server_index.DISPLAY_NAMES.get(entry.type, "Application Server")
    return f'ADMU0508I: The {shown} "{entry.name}" is STARTED'
