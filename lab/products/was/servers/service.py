"""`WASService.exe`: servers as Windows services. With the name of a service alone it is that service."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from lab.host import Host
from lab.products.was import layout
from lab.products.was.servers import launch, service_list, start, stop
from lab.products.was.servers.service_list import KEY
from lab.products.was.servers.tool import Place, Refused, Words

DISPLAY = "IBM WebSphere Application Server V6.1 - "
_OPTIONS = (
    "-servername", "-profilepath", "-washome", "-starttype", "-logroot", "-logfile", "-restart", "-configroot",
    "-startargs", "-stopargs", "-userid", "-password",
)  # fmt: skip
_IMITATED = _OPTIONS[:4]
_START_TYPES = {"automatic": "auto", "manual": "demand", "disabled": "disabled"}
_START_WITHIN_S = 1200
_STOP_WITHIN_S = 4
_LOOK_S = 1.0
_FAILED = 1


def main(host: Host, arguments: Sequence[str]) -> int:
    """The program, and the service."""
    if len(arguments) == 1 and arguments[0].startswith(KEY):
        return _serve(host, arguments[0])
    actions = {"-add": _add, "-remove": _remove, "-status": _status}
    if len(arguments) < 2 or arguments[0].lower() not in actions:
        print("Usage: WASService.exe -add | -remove | -status <service name> ...")
        return _FAILED
    try:
        print(actions[arguments[0].lower()](host, arguments[1], _read(arguments[2:])))
    except Refused as refused:
        print(str(refused))
        return refused.code
    return 0


def _read(words: Sequence[str]) -> Mapping[str, str]:
    """Each option has a value. Raises `Refused`."""
    options: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        option, value = word.lower(), next(rest, None)
        if option not in _OPTIONS or value is None:
            raise Refused(f"Unknown or incomplete option: {word}", _FAILED)
        if option not in _IMITATED:
            raise Refused(f"lab: the option {word} is not imitated", _FAILED)
        options[option] = value
    return options


def _add(host: Host, name: str, options: Mapping[str, str]) -> str:
    """Make a service, or change one."""
    try:
        server, path = options["-servername"], options["-profilepath"]
        mode = _START_TYPES[options.get("-starttype", "automatic").lower()]
        layout.of_profile(host, path)
    except (LookupError, FileNotFoundError) as wrong:
        raise Refused(f"Missing or wrong: {wrong}", _FAILED) from None
    service = KEY + name
    known = service_list.enter(host, service, server, path)
    new = ["create", service, "binPath=", f'"{host.program}" "{service}"', "DisplayName=", DISPLAY + name]
    code, said, _ = host.run(["sc.exe", *(["config", service] if known else new), "start=", mode])
    if code != 0:
        raise Refused(said.strip(), _FAILED)
    return (
        f"Adding Service: {name}\n\tServer Name: {server}\n\tProfile Path: {path}\n"
        f"{DISPLAY}{name} service successfully added."
    )


def _remove(host: Host, name: str, options: Mapping[str, str]) -> str:
    del options
    if not service_list.leave(host, KEY + name):
        raise Refused(f"The service {name} does not exist.", _FAILED)
    host.run(["sc.exe", "delete", KEY + name])
    return f"Remove Service: {name}\nSuccessfully removed service"


def _status(host: Host, name: str, options: Mapping[str, str]) -> str:
    del options
    code, said, _ = host.run(["sc.exe", "query", KEY + name])
    if code != 0:
        raise Refused(f"The service {name} does not exist.", _FAILED)
    return f"The service is {'running' if 'RUNNING' in said else 'stopped'}."


def _serve(host: Host, service: str) -> int:
    """Start the server, and be there as long as it is."""
    known = service_list.read(host, service)
    if known is None:
        return _FAILED
    server, path = known
    installation, profile = layout.of_profile(host, path)
    signal.signal(signal.SIGTERM, lambda *_: _end(Place(host, installation, profile), server))
    host.report_running()
    launched = launch.launch(installation, profile, server, within_s=_START_WITHIN_S)
    while launched.state == "open" and launched.pid in host.processes():
        time.sleep(_LOOK_S)
    return 0 if launched.state == "open" else _FAILED


def _end(where: Place, server: str) -> None:
    """What the service control manager's stop does: `stopServer` as the user of `soap.client.props`. Where the server
    lets that one do nothing it runs on."""
    with suppress(Refused, OSError):
        connection = stop.connect(where, start.require(where, server), Words({}, ()))
        if connection is not None:
            connection.call("Server", "stop", [])
            connection.close()
    sys.exit(0)
