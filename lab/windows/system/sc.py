"""sc: the command line of the service control manager."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lab.host import Host
from lab.windows.host import WindowsHost
from lab.windows.services import RUNNING, START_TYPES, Service, ServiceError, Services

_STATE_NUMBERS = {"RUNNING": 4, "STOPPED": 1}
_START_WORDS = {"auto": "AUTO_START", "demand": "DEMAND_START", "disabled": "DISABLED"}
_API = {
    "create": "CreateService", "config": "ChangeServiceConfig", "start": "StartService", "stop": "ControlService",
    "delete": "DeleteService", "description": "ChangeServiceConfig2", "failure": "ChangeServiceConfig2",
}  # fmt: skip
INVALID_OPTION = 1639


def main(host: Host, arguments: Sequence[str]) -> int:
    """`sc query|qc|create|config|description|failure|start|stop|delete [NAME] [option= value]...`."""
    assert isinstance(host, WindowsHost)
    verb = arguments[0].casefold() if arguments else ""
    action = _VERBS.get(verb)
    if action is None:
        print(f"*** Unrecognized Command ***\n\nlab: sc {verb} is not imitated")
        return INVALID_OPTION
    try:
        return action(host.machine.services, list(arguments[1:]))
    except ServiceError as error:
        if verb in ("query", "qc"):
            # Looking a service up opens it, and that call fails.
            call = "EnumQueryServicesStatus:OpenService" if verb == "query" else "OpenService"
        else:
            call = "OpenService" if error.code == 1060 else _API[verb]
        print(f"[SC] {call} FAILED {error.code}:\n\n{error}\n")
        return error.code


def _query(services: Services, words: list[str]) -> int:
    every = not words or [word.casefold() for word in words] == ["state=", "all"]
    if words and not every:
        _status(services.get(words[0]))
        return 0
    for service in services.all():
        if words or service.state == RUNNING:
            _status(service, full=True)
    return 0


def _status(service: Service, *, full: bool = False) -> None:
    state = service.state
    accepts = (
        "STOPPABLE,NOT_PAUSABLE,ACCEPTS_SHUTDOWN" if state == RUNNING else "NOT_STOPPABLE,NOT_PAUSABLE,IGNORES_SHUTDOWN"
    )
    print(f"\nSERVICE_NAME: {service.name}")
    if full:
        print(f"DISPLAY_NAME: {service.display_name}")
    print("        TYPE               : 10  WIN32_OWN_PROCESS ")
    print(f"        STATE              : {_STATE_NUMBERS[state]}  {state} ")
    print(f"                                ({accepts})")
    print(f"        WIN32_EXIT_CODE    : {service.exit_code}  (0x{service.exit_code:x})")
    print("        SERVICE_EXIT_CODE  : 0  (0x0)\n        CHECKPOINT         : 0x0\n        WAIT_HINT          : 0x0")


def _config_query(services: Services, words: list[str]) -> int:
    service = services.get(words[0] if words else "")
    print("[SC] QueryServiceConfig SUCCESS\n")
    print(f"SERVICE_NAME: {service.name}")
    print("        TYPE               : 10  WIN32_OWN_PROCESS ")
    print(f"        START_TYPE         : {START_TYPES[service.start]}   {_START_WORDS[service.start]}")
    print("        ERROR_CONTROL      : 1   NORMAL")
    print(f"        BINARY_PATH_NAME   : {service.binary}")
    print("        LOAD_ORDER_GROUP   : \n        TAG                : 0")
    print(f"        DISPLAY_NAME       : {service.display_name}")
    first, *others = service.depends or ("",)
    print(f"        DEPENDENCIES       : {first}")
    for other in others:
        print(f"                           : {other}")
    print(f"        SERVICE_START_NAME : {service.account}")
    return 0


class _Usage(Exception):
    """The options are not as sc wants them."""


def _options(words: list[str], known: set[str]) -> dict[str, str]:
    """`name= value` pairs: the equal sign belongs to the name, the value is a word of its own."""
    found: dict[str, str] = {}
    pairs = list(words)
    while pairs:
        name = pairs.pop(0).casefold()
        if not name.endswith("=") or name not in known or not pairs:
            raise _Usage(name)
        found[name] = pairs.pop(0)
    return found


_KNOWN = {"type=", "start=", "error=", "binpath=", "depend=", "obj=", "displayname=", "password=", "group="}


def _read_options(words: list[str]) -> dict[str, object]:
    given = _options(words, _KNOWN)
    fields: dict[str, object] = {}
    for option, field in (
        ("binpath=", "binary"),
        ("obj=", "account"),
        ("displayname=", "display_name"),
        ("password=", "password"),
    ):
        if option in given:
            fields[field] = given[option]
    if "start=" in given:
        if given["start="].casefold() not in START_TYPES:
            raise _Usage(f"start= {given['start=']}")
        fields["start"] = given["start="].casefold()
    if "depend=" in given:
        fields["depends"] = tuple(name for name in given["depend="].split("/") if name)
    return fields


def _create(services: Services, words: list[str]) -> int:
    try:
        fields = _read_options(words[1:])
        if not words or "binary" not in fields:
            raise _Usage("binPath=")
    except _Usage as usage:
        return _usage("create", usage)
    services.create(words[0], str(fields.pop("binary")), **fields)  # type: ignore[arg-type]
    print("[SC] CreateService SUCCESS")
    return 0


def _config(services: Services, words: list[str]) -> int:
    try:
        fields = _read_options(words[1:])
    except _Usage as usage:
        return _usage("config", usage)
    services.configure(words[0], **fields)  # type: ignore[arg-type]
    print("[SC] ChangeServiceConfig SUCCESS")
    return 0


def _usage(verb: str, usage: _Usage) -> int:
    print(f"DESCRIPTION:\n        sc {verb}: the option {usage} is not understood.")
    return INVALID_OPTION


def _description(services: Services, words: list[str]) -> int:
    services.configure(words[0], description=words[1] if len(words) > 1 else "")
    print("[SC] ChangeServiceConfig2 SUCCESS")
    return 0


def _failure(services: Services, words: list[str]) -> int:
    """`reset= SECONDS actions= restart/MILLISECONDS[/...]`; other actions are not imitated."""
    try:
        given = _options(words[1:], {"reset=", "actions="})
        steps = given.get("actions=", "").split("/")
        kinds, delays = steps[::2], steps[1::2]
        if set(given) != {"reset=", "actions="} or set(kinds) != {"restart"} or len(kinds) != len(delays):
            raise _Usage("actions=")
        services.set_failure(words[0], int(given["reset="]), [int(delay) for delay in delays])
    except (_Usage, ValueError) as error:
        return _usage("failure", error if isinstance(error, _Usage) else _Usage(str(error)))
    print("[SC] ChangeServiceConfig2 SUCCESS")
    return 0


def _start(services: Services, words: list[str]) -> int:
    services.start(words[0] if words else "", tuple(words[1:]))
    _status(services.get(words[0]))
    return 0


def _stop(services: Services, words: list[str]) -> int:
    services.stop(words[0] if words else "")
    _status(services.get(words[0]))
    return 0


def _delete(services: Services, words: list[str]) -> int:
    services.delete(words[0] if words else "")
    print("[SC] DeleteService SUCCESS")
    return 0


_VERBS: dict[str, Callable[[Services, list[str]], int]] = {
    "query": _query, "qc": _config_query, "create": _create, "config": _config, "description": _description,
    "failure": _failure, "start": _start, "stop": _stop, "delete": _delete,
}  # fmt: skip
