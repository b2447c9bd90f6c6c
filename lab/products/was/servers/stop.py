"""stopManager, stopNode, stopServer: the name of the program tells which."""

from __future__ import annotations

import json
from collections.abc import Sequence

from lab.host import Host
from lab.products.was import credentials
from lab.products.was.connector import Connection
from lab.products.was.errors import NotAuthorized, NotReachable
from lab.products.was.servers import launch, running, server_index, start, tool
from lab.products.was.servers.tool import Place, Refused, Report, Words

NOT_STOPPED = -10
TIMED_OUT = -11
TIMEOUT_S = 1200
_OPTIONS = {"-nowait": False, "-timeout": True, "-statusport": True, "-stopservers": False, "-saveNodeState": False}
DENIED = (
    "ADMU0111E: Program exiting with error: javax.management.JMRuntimeException: ADMN0022E: Access is denied for the "
    "{} operation on Server MBean because of insufficient or empty credentials."
)
VERIFY = (
    "ADMU4113E: Verify that username and password information is correct. If running tool from the command line, pass "
    "in the correct -username and -password.  Alternatively, update the <conntype>.client.props file."
)


def main(host: Host, arguments: Sequence[str]) -> int:
    """Stop a server of the profile."""
    try:
        where = tool.place(host, arguments)
        words = tool.read(arguments, _OPTIONS)
        name = start.server_name(where, words, "stopServer")
    except Refused as refused:
        tool.show(str(refused))
        return refused.code
    if "-help" in words or "-?" in words:
        tool.show(f"Usage: {start.program(host)} [server] [options]")
        return 0
    report = Report(where, words, name, "stopServer.log")
    try:
        return _stop(where, words, name, report)
    except Refused as refused:
        report.fail(str(refused))
        return refused.code


def _stop(where: Place, words: Words, name: str, report: Report) -> int:
    timeout = words.number("-timeout", TIMEOUT_S)
    report.say(f"ADMU3100I: Reading configuration for server: {name}")
    entry = start.require(where, name)
    pid = running.pid(where.host, where.profile, name)
    connection = None if pid is None else connect(where, entry, words)
    if pid is None or connection is None:
        report.say(f"ADMU0509I: {unreachable(entry)}")
        return NOT_STOPPED
    if "-stopservers" in words:
        _stop_others(name, connection)
    connection.call("Server", "stop", [])
    connection.close()
    report.say("ADMU3201I: Server stop request issued. Waiting for stop status.")
    where.host.fault("stopServer")
    if "-nowait" in words:
        return 0
    if not launch.wait_until_gone(where.host, pid, timeout):
        raise Refused("ADMU3060E: Timed out waiting for server shutdown.", TIMED_OUT)
    report.say(f"ADMU4000I: Server {name} stop completed.")
    return 0


def _stop_others(name: str, agent: Connection) -> None:
    """What `stopNode -stopservers` does first."""
    for other in json.loads(str(agent.call("Server", "running", []).value)):
        if other != name:
            agent.call("Server", "stop_server", [other])


def connect(where: Place, entry: server_index.Entry, words: Words) -> Connection | None:
    """To a server of the profile, None when it does not answer. Raises `Refused` when it lets the user do nothing."""
    given = credentials.find(where.profile, words.user, words.value("-password"))
    try:
        return Connection("127.0.0.1", entry.port("SOAP_CONNECTOR_ADDRESS"), given.user, given.password)
    except NotReachable:
        return None
    except NotAuthorized:
        raise Refused(f"{DENIED.format('stop')}\n{VERIFY}") from None


def unreachable(entry: server_index.Entry) -> str:
    """The sentence about a server that does not answer."""
    shown = server_index.DISPLAY_NAMES.get(entry.type, "Application Server")
    return f'The {shown} "{entry.name}" cannot be reached. It appears to be stopped.'
