"""The database manager of an instance: `db2start`, `db2stop` and `db2set`."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping, Sequence
from typing import Any

from lab.host import Account, Host
from lab.products.db2 import memory, response, services, tls

STARTED = "SQL1063N  DB2START processing was successful."
STOPPED = "SQL1064N  DB2STOP processing was successful."
ACTIVE = "SQL1026N  The database manager is already active."
NO_START = "SQL1032N  No start database manager command was issued.  SQLSTATE=57019"
NO_PROTOCOL = (
    "SQL5043N  Support for one or more communications protocols failed to start \n"
    "successfully. However, core database manager functionality started \nsuccessfully."
)
NO_INSTANCE = "SQL1390C  The environment variable DB2INSTANCE is not defined or is invalid."
NO_AUTHORITY = 'SQL1092N  "{user}" does not have the authority to perform the requested \ncommand.'
NOT_STARTED = "SQL1220N  The database manager shared memory set cannot be allocated."
IN_USE = "SQL1025N  The database manager was not stopped because databases are still \nactive."
INCOMPLETE = "SQL1042C  An unexpected system error occurred.  SQLSTATE=58004"

PATIENCE_S = 5.0


# -- which instance ----------------------------------------------------------------------------------------------------
def current(host: Host) -> str | None:
    """The instance that the environment of the program names, None when there is no such one."""
    name = host.environment.get("DB2INSTANCE", "")
    known = memory.snapshot(host)["instances"]
    if host.platform == "windows":
        # Without DB2INSTANCE the registry variable DB2INSTDEF counts: the instance that setup made first.
        wanted = name or next(iter(known), "DB2")
        return next((known_name for known_name in known if known_name.casefold() == wanted.casefold()), None)
    return name if name in known else None


def may_administer(host: Host, name: str) -> bool:
    """Whether the user of the program has SYSADM authority."""
    return is_administrator(host, name, host.user)


def is_administrator(host: Host, name: str, user: Account) -> bool:
    """Whether a user has SYSADM authority over an instance."""
    if host.platform == "windows":
        return user.administrator
    group = memory.snapshot(host)["instances"][name]["config"]["SYSADM_GROUP"].casefold()
    return user.name == name or group in {member.casefold() for member in user.groups}


# -- engine ------------------------------------------------------------------------------------------------------------
def running(host: Host, name: str) -> bool:
    """Whether the instance is started."""
    if host.platform == "windows":
        return "RUNNING" in host.run(["sc", "query", service_name(name)])[1]
    pid = memory.snapshot(host)["instances"][name]["pid"]
    return pid is not None and host.processes().get(pid, "").startswith("db2sysc")


def service_name(name: str) -> str:
    """Key of the Windows service of an instance."""
    return name


def port(host: Host, record: Mapping[str, Any]) -> int | None:
    """The TCP port that an instance listens on: SVCENAME is a number or a name of the services file."""
    service = record["config"]["SVCENAME"]
    if "TCPIP" not in record["registry"].get("DB2COMM", "").upper() or not service:
        return None
    return services.number(host, service)


def start(host: Host, name: str) -> tuple[int, str]:
    """Start an instance: exit code and what `db2start` says."""
    if running(host, name):
        return 1, ACTIVE
    record = memory.snapshot(host)["instances"][name]
    if not record["complete"]:
        return 4, INCOMPLETE
    if host.fault("db2start") == "start-fails":
        return 4, NOT_STARTED
    if host.platform == "windows":
        code, _, error = host.run(["net", "start", service_name(name)])
        if code:
            return 4, f"{NOT_STARTED}\n{error.strip()}"
    else:
        pid = host.spawn("db2:db2sysc", [name], title="db2sysc 0", user=name)
        with host.store(memory.STORE) as store:
            memory.instances(store)[name]["pid"] = pid
    return (0, STARTED) if _serves(host, name, record) else (1, NO_PROTOCOL)


def _serves(host: Host, name: str, record: Mapping[str, Any]) -> bool:
    """Whether every protocol of `DB2COMM` that the lab plays out is served."""
    wants_tcp = "TCPIP" in record["registry"].get("DB2COMM", "").upper()
    number = port(host, record)
    if wants_tcp and (number is None or not _listens(number)):
        return False
    if not tls.wanted(record):
        return True
    try:
        return _listens(tls.port(host, name, record))
    except tls.TlsError:
        return False


def _listens(number: int) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.settimeout(PATIENCE_S)
            if probe.connect_ex(("127.0.0.1", number)) == 0:
                return True
        time.sleep(0.02)
    return False


def stop(host: Host, name: str) -> tuple[int, str]:
    """Stop an instance, whoever is connected."""
    if not running(host, name):
        return 1, NO_START
    with host.store(memory.STORE) as store:
        record = memory.instances(store)[name]
        pid, record["pid"] = record["pid"], None
        store["connections"] = {}
    if host.platform == "windows":
        host.run(["net", "stop", service_name(name)])
    else:
        host.kill(pid)
        deadline = time.monotonic() + PATIENCE_S
        while pid in host.processes() and time.monotonic() < deadline:
            time.sleep(0.02)
    return 0, STOPPED


def connected(host: Host) -> bool:
    """Whether an application is connected to a database."""
    with host.store(memory.STORE) as store:
        return bool(store.get("connections"))


# -- commands ----------------------------------------------------------------------------------------------------------
def _to_administer(host: Host) -> str | None:
    """The current instance; None, and the reason printed, when there is none or the user has no authority over it."""
    name = current(host)
    if name is None:
        print(NO_INSTANCE)
    elif not may_administer(host, name):
        print(NO_AUTHORITY.format(user=host.user.name.upper()))
        return None
    return name


def db2start(host: Host, arguments: Sequence[str]) -> int:
    """Start the current instance."""
    if arguments:
        print(f'SQL0104N  An unexpected token "{arguments[0]}" was found.  SQLSTATE=42601')
        return 4
    name = _to_administer(host)
    if name is None:
        return 4
    code, said = start(host, name)
    if host.platform == "aix":
        print(f"{time.strftime('%m/%d/%Y %H:%M:%S')}     0   0   {said}")
    print(said)
    return code


def db2stop(host: Host, arguments: Sequence[str]) -> int:
    """Stop the current instance: `db2stop [force]`."""
    if list(arguments) not in ([], ["force"]):
        print(f'SQL0104N  An unexpected token "{arguments[0]}" was found.  SQLSTATE=42601')
        return 4
    name = _to_administer(host)
    if name is None:
        return 4
    if not arguments and connected(host):
        print(IN_USE)
        return 4
    code, said = stop(host, name)
    if code == 0 and host.platform == "aix":
        print(f"{time.strftime('%m/%d/%Y %H:%M:%S')}     0   0   {said}")
    print(said)
    return code


def db2set(host: Host, arguments: Sequence[str]) -> int:  # noqa: PLR0911 - each refusal is one
    """Show or set registry variables of the current instance: `-all`, `-lr`, `NAME`, `NAME=VALUE`, `NAME=`."""
    words = list(arguments)
    name = current(host)
    if words[:1] == ["-i"] and len(words) > 1:
        name = words[1] if words[1] in memory.snapshot(host)["instances"] else None
        words = words[2:]
    if name is None:
        print(NO_INSTANCE)
        return 4
    if words == ["-lr"]:
        print("\n".join(sorted(response.REGISTRY)))
        return 0
    values = memory.snapshot(host)["instances"][name]["registry"]
    if words in ([], ["-all"]):
        mark = "[i] " if words else ""
        print("\n".join(f"{mark}{key}={value}" for key, value in sorted(values.items())))
        return 0
    key, equals, value = words[0].partition("=")
    key = key.upper()
    if len(words) != 1 or key not in response.REGISTRY:
        print(f"DBI1302E  Invalid parameter was detected: {words[0]}")
        return 1
    if not equals:
        if key not in values:
            print("DBI1303W  Variable not set.")
            return 1
        print(values[key])
        return 0
    if not may_administer(host, name) and not host.user.administrator:
        print("DBI1309E  System error: the user has no authority to change the registry.")
        return 1
    if value and response.REGISTRY[key](value):
        print(f"DBI1301E  Invalid value for {key}.")
        return 1
    with host.store(memory.STORE) as store:
        registry = memory.instances(store)[name]["registry"]
        if value:
            registry[key] = value
        else:
            registry.pop(key, None)
    return 0
