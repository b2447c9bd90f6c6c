"""`$name`, `${name}`, `$scope:name`, `$env:NAME`: reading and writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.errors import Refused, error
from lab.windows.powershell.values import Hashtable, Record

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine
    from lab.windows.powershell.scope import Scope

READ_ONLY = {"true", "false", "null", "?", "pid", "home", "pshome", "psversiontable", "error", "shellid"}
NOT_IN_2 = {"psitem", "psscriptroot", "pscommandpath", "iswindows", "islinux", "psboundparameters"}
SCOPES = ("global", "script", "local", "private")


def split_name(text: str) -> tuple[str, str]:
    """Scope or drive (folded, may be empty) and name of a variable as written."""
    bare = text[1:].strip()
    if bare.startswith("{"):
        bare = bare[1:-1].replace("`", "")
    scope, colon, name = bare.partition(":")
    return (scope.casefold(), name) if colon else ("", bare)


def get_variable(engine: Engine, text: str) -> Any:  # noqa: PLR0911, PLR0912 - one per kind
    """The value of a variable as written, null when it is not there."""
    where, name = split_name(text)
    folded = name.casefold()
    if where == "env":
        return engine.session.environment.get(name)
    if where and where not in (*SCOPES, "variable"):
        raise Refused(f"the drive of {text} is not imitated")
    if folded in NOT_IN_2 and folded != "psboundparameters":
        raise Refused(f"PowerShell 2.0 does not set {text}")
    match folded:
        case "true":
            return True
        case "false":
            return False
        case "null":
            return None
        case "?":
            return engine.succeeded
        case "error":
            return list(engine.errors)
        case "psversiontable":
            return version_table()
        case "host":
            return Record(
                {"Name": "ConsoleHost", "Version": "2.0"}, "System.Management.Automation.Internal.Host.InternalHost"
            )
        case "pwd":
            return engine.session.directory
        case "stacktrace" | "profile" | "executioncontext" | "myinvocation" | "$" | "^":
            raise Refused(f"{text} is not imitated")
        case "input" if engine.scope.find("input") is None:
            # Of the program itself: the lines of standard input, which can be read only once.
            engine.globals.set("input", engine.session.read_lines())
    scope = scope_named(engine, where)
    return (
        scope.get(name) if where not in ("local", "private") else scope.get(name) if scope.find(name) is scope else None
    )


def version_table() -> Hashtable:
    """`$PSVersionTable` of PowerShell 2.0 on Windows Server 2003."""
    from lab.windows.powershell.dotnet.version import Version  # noqa: PLC0415 - the types import the engine's values

    table = Hashtable()
    for key, value in {
        "PSVersion": "2.0", "CLRVersion": "2.0.50727.3625", "BuildVersion": "6.0.6002.18111",
        "WSManStackVersion": "2.0", "PSRemotingProtocolVersion": "2.1", "SerializationVersion": "1.1.0.1",
    }.items():  # fmt: skip
        table[key] = Version(value)
    return table


def scope_named(engine: Engine, where: str) -> Scope:
    """The scope a prefix stands for."""
    if where == "global":
        return engine.scope.root()
    return engine.scope.script_scope() if where == "script" else engine.scope


def set_variable(engine: Engine, text: str, value: Any) -> None:
    """Write a variable as written: without a prefix, always in the current scope."""
    where, name = split_name(text)
    if where == "env":
        if value is None or to_string(value) == "":
            engine.session.environment.pop(name, None)
        else:
            engine.session.environment[name] = to_string(value)
        return
    if where and where not in (*SCOPES, "variable"):
        raise Refused(f"the drive of {text} is not imitated")
    if name.casefold() == "null":
        return
    if name.casefold() in READ_ONLY:
        raise error(f"Cannot overwrite variable {name} because it is read-only or constant.")
    scope_named(engine, where).set(name, value)
