"""startManager, startNode, startServer: the name of the program tells which."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Sequence

from lab.host import Host
from lab.products.was import layout
from lab.products.was.servers import launch, running, server_index, service_list, tool
from lab.products.was.servers.tool import Place, Refused, Report, Words

TIMED_OUT = -2
TIMEOUT_S = 1200
_LOOK_S = 0.25
_OPTIONS = {
    "-nowait": False,
    "-timeout": True,
    "-statusport": True,
    "-script": False,
    "-background": False,
    "-J": True,
    "-curlib": True,
}
_NOT_IMITATED = ("-script", "-background", "-J", "-curlib")
_ONLY = {"manager": "DEPLOYMENT_MANAGER", "node": "NODE_AGENT"}


def main(host: Host, arguments: Sequence[str]) -> int:
    """Start a server of the profile."""
    try:
        where = tool.place(host, arguments)
        words = tool.read(arguments, _OPTIONS, _NOT_IMITATED)
        name = server_name(where, words, "startServer")
    except Refused as refused:
        tool.show(str(refused))
        return refused.code
    if "-help" in words or "-?" in words:
        tool.show(f"Usage: {program(host)} [server] [options]")
        return 0
    report = Report(where, words, name, "startServer.log")
    try:
        return _start(where, words, name, report)
    except Refused as refused:
        report.fail(str(refused))
        return refused.code


def program(host: Host) -> str:
    """The command's name as it was called, without folder and extension."""
    return re.split(r"[\\/]", host.program)[-1].partition(".")[0]


def server_name(where: Place, words: Words, general: str) -> str:
    """Which server a command is about: the one it names, or the profile's deployment manager or node agent. Raises
    `Refused`."""
    called = program(where.host).lower()
    kind = next((kind for end, kind in _ONLY.items() if called.endswith(end)), None)
    if kind is None:
        if len(words.operands) != 1:
            raise Refused(f"ADMU9994E: {general} wants exactly one server name: {general} <server> [options]")
        return words.operands[0]
    if words.operands:
        raise Refused(f"ADMU9993E: Unknown argument: {words.operands[0]}")
    profile = where.profile
    try:
        entry = server_index.read(profile.config, profile.cell, profile.node).of_type(kind)
    except FileNotFoundError:
        entry = None
    # Without such a server the product looks for the usual one and says that it is not there.
    return entry.name if entry else {"DEPLOYMENT_MANAGER": "dmgr", "NODE_AGENT": "nodeagent"}[kind]


def require(where: Place, name: str) -> server_index.Entry:
    """The server in the configuration. Raises `Refused`."""
    profile = where.profile
    document = server_index.server_document(profile.config, profile.cell, profile.node, name)
    try:
        entry = server_index.read(profile.config, profile.cell, profile.node).servers.get(name)
    except FileNotFoundError:
        entry = None
    if entry is None or not document.exists():
        shown = layout.join(where.host, profile.path, "config", *document.relative_to(profile.config).parts)
        raise Refused(f"ADMU0111E: Program exiting with error: java.io.FileNotFoundException: {shown}")
    return entry


def _start(where: Place, words: Words, name: str, report: Report) -> int:
    timeout = words.number("-timeout", TIMEOUT_S)
    report.say(f"ADMU3100I: Reading configuration for server: {name}")
    entry = require(where, name)
    port = entry.port("SOAP_CONNECTOR_ADDRESS")
    if running.pid(where.host, where.profile, name) is not None or _in_use(port):
        report.say(
            f"ADMU3028I: Conflict detected on port {port}.  Likely causes: a) An instance of the server {name} is "
            f"already running  b) some other process is using port {port}"
        )
        reason = f"ADMU3027E: An instance of the server may already be running: {name}"
        report.say(reason)
        raise Refused(f"{tool.EXITING}{reason}")
    service = service_list.of_server(where.host, where.profile, name)
    if service is not None:
        report.say(
            f"ADMU7701I: Because {name} is registered to run as a Windows Service, the request to start this server "
            "will be completed by starting the associated Windows Service."
        )
        pid = _by_service(where, service, entry, timeout)
        report.say(f"ADMU3000I: Server {name} open for e-business; process id is {pid}")
        return 0
    status_port = words.number("-statusport", 0)
    try:
        launched = launch.launch(
            where.installation, where.profile, name, within_s=0 if "-nowait" in words else timeout,
            status_port=status_port,
        )  # fmt: skip
    except OSError:
        raise Refused(f"ADMU0111E: Program exiting with error: java.net.BindException: {status_port}") from None
    report.say("ADMU3200I: Server launched. Waiting for initialization status.")
    if "-nowait" in words:
        return 0
    if launched.state == "failed":
        raise Refused(
            "ADMU3011E: Server launched but failed initialization. startServer.log, SystemOut.log(or job log in zOS) "
            "and other log files under the server's log folder should contain failure information."
        )
    if launched.state == "timeout":
        raise Refused("ADMU3060E: Timed out waiting for server initialization.", TIMED_OUT)
    report.say(f"ADMU3000I: Server {name} open for e-business; process id is {launched.pid}")
    return 0


def _by_service(where: Place, service: str, entry: server_index.Entry, timeout: int) -> int:
    """Start the service of a server and wait for the server; its process. Raises `Refused`."""
    host, deadline = where.host, time.monotonic() + timeout
    code, said, _ = host.run(["sc.exe", "start", service])
    while code == 0 and time.monotonic() < deadline:
        pid = running.pid(host, where.profile, entry.name)
        if pid is not None and _in_use(entry.port("SOAP_CONNECTOR_ADDRESS")):
            return pid
        said = host.run(["sc.exe", "query", service])[1]
        code = 1 if "STOPPED" in said else 0
        time.sleep(_LOOK_S)
    raise Refused(
        f"ADMU7704E: Failed while trying to start the Windows Service associated with server: {entry.name}; probable "
        f"error executing WASService.exe: {' '.join(said.split())}"
    )


def _in_use(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2.0)
        return port != 0 and probe.connect_ex(("127.0.0.1", port)) == 0
