"""How a cmdlet is written down: its name, its parameters, the Python function behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lab.windows.powershell.conversions import argument, to_string
from lab.windows.powershell.dotnet.exceptions import NetException, NetFailure
from lab.windows.powershell.engine import Emit, Engine
from lab.windows.powershell.error_record import write_error
from lab.windows.powershell.errors import PowerShellError, Refused
from lab.windows.powershell.values import VOID

Kind = Literal["switch", "str", "int", "bool", "Any", "list[str]", "list[Any]", "float"]
_BINDING = "System.Management.Automation.ParameterBindingException"
COMMON: Mapping[str, Kind] = {"ErrorAction": "str", "WarningAction": "str", "Verbose": "switch", "Debug": "switch"}
_SHORT = {"ea": "ErrorAction", "wa": "WarningAction", "vb": "Verbose", "db": "Debug"}


@dataclass(frozen=True)
class Cmdlet:
    """A cmdlet. With `each`, its function is called for every object from the pipeline (or once when there is no
    pipeline, with `VOID`), else once at the end with all of them in a list."""

    name: str
    function: Callable[[Call, Any], None]
    parameters: Mapping[str, Kind]
    positional: tuple[str, ...]
    each: bool

    def parameter(self, written: str) -> str:
        """The full name of a parameter that may be abbreviated."""
        folded = written.casefold()
        every = {**self.parameters, **COMMON}
        if folded in _SHORT:
            return _SHORT[folded]
        names = [name for name in every if name.casefold() == folded]
        names = names or [name for name in every if name.casefold().startswith(folded)]
        if not names:
            message = f"{self.name} : A parameter cannot be found that matches parameter name '{written}'."
            raise PowerShellError(NetException(_BINDING, message))
        if len(names) > 1:
            listed = " ".join(f"-{name}" for name in names)
            message = (
                f"Parameter cannot be processed because the parameter name '{written}' is ambiguous. "
                f"Possible matches include: {listed}."
            )
            raise PowerShellError(NetException(_BINDING, message))
        return names[0]

    def is_switch(self, written: str) -> bool:
        """Whether the parameter takes no value."""
        return {**self.parameters, **COMMON}[self.parameter(written)] == "switch"


CMDLETS: dict[str, Cmdlet] = {}
ALIASES: dict[str, str] = {
    "%": "ForEach-Object", "foreach": "ForEach-Object", "?": "Where-Object", "where": "Where-Object",
    "select": "Select-Object", "sort": "Sort-Object", "measure": "Measure-Object", "echo": "Write-Output",
    "write": "Write-Output", "gc": "Get-Content", "cat": "Get-Content", "type": "Get-Content", "gi": "Get-Item",
    "gci": "Get-ChildItem", "ls": "Get-ChildItem", "dir": "Get-ChildItem", "ni": "New-Item", "ri": "Remove-Item",
    "rm": "Remove-Item", "del": "Remove-Item", "rmdir": "Remove-Item", "erase": "Remove-Item", "cp": "Copy-Item",
    "copy": "Copy-Item", "cpi": "Copy-Item", "mv": "Move-Item", "move": "Move-Item", "mi": "Move-Item",
    "gp": "Get-ItemProperty", "sp": "Set-ItemProperty", "gsv": "Get-Service", "sasv": "Start-Service",
    "spsv": "Stop-Service", "gwmi": "Get-WmiObject", "gps": "Get-Process", "ps": "Get-Process", "kill": "Stop-Process",
    "spps": "Stop-Process", "sleep": "Start-Sleep", "iex": "Invoke-Expression", "cd": "Set-Location",
    "sl": "Set-Location", "chdir": "Set-Location", "pwd": "Get-Location", "gl": "Get-Location", "sc": "Set-Content",
    "ac": "Add-Content", "gv": "Get-Variable", "sv": "Set-Variable", "set": "Set-Variable", "rv": "Remove-Variable",
    "saps": "Start-Process", "start": "Start-Process", "gm": "Get-Member", "fl": "Format-List", "ft": "Format-Table",
    "group": "Group-Object", "tee": "Tee-Object", "h": "Get-History", "gal": "Get-Alias", "gcm": "Get-Command",
    "rvpa": "Resolve-Path", "rp": "Remove-ItemProperty", "gu": "Get-Unique", "compare": "Compare-Object",
    "diff": "Compare-Object",
}  # fmt: skip


class Call:
    """One use of a cmdlet: its bound arguments, the engine, and where output goes."""

    def __init__(self, engine: Engine, cmdlet: Cmdlet, named: list[tuple[str, Any]], positional: list[Any]) -> None:
        self.engine = engine
        self.session = engine.session
        self.cmdlet = cmdlet
        self.emit: Emit = lambda _: None
        self.given: dict[str, Any] = {}
        for written, value in named:
            self._bind(cmdlet.parameter(written), value)
        rest = list(positional)
        for name in cmdlet.positional:
            if name not in self.given and rest:
                self._bind(name, rest.pop(0))
        if rest:
            shown = to_string(rest[0])
            message = f"{cmdlet.name} : A positional parameter cannot be found that accepts argument '{shown}'."
            raise PowerShellError(NetException(_BINDING, message))

    def _bind(self, name: str, value: Any) -> None:
        kind = {**self.cmdlet.parameters, **COMMON}[name]
        if name in self.given:
            raise PowerShellError(
                NetException(_BINDING, f"Cannot bind parameter because parameter '{name}' is specified more than once.")
            )
        if value is VOID:
            if kind != "switch":
                message = (
                    f"{self.cmdlet.name} : Missing an argument for parameter '{name}'. Specify a parameter of type "
                    f"'System.{kind}' and try again."
                )
                raise PowerShellError(NetException(_BINDING, message))
            value = True
        try:
            self.given[name] = argument(value, "bool" if kind == "switch" else kind)
        except NetFailure as failure:
            message = f"Cannot bind parameter '{name}'. {failure.exception.message}"
            raise PowerShellError(NetException(_BINDING, message)) from None

    def get(self, name: str, default: Any = None) -> Any:
        """An argument, or the default."""
        return self.given.get(name, default)

    def need(self, name: str) -> Any:
        """A mandatory argument; PowerShell would ask for it, which fails without a user."""
        if self.given.get(name) is None:
            raise PowerShellError(
                NetException(
                    _BINDING,
                    f"Cannot process command because of one or more missing mandatory parameters: {name}.",
                )
            )
        return self.given[name]

    def switch(self, name: str) -> bool:
        """Whether a switch is on."""
        return bool(self.given.get(name, False))

    def error(
        self, message: str, type_name: str = "System.Management.Automation.RuntimeException", target: Any = None
    ) -> None:
        """A non-terminating error."""
        action = self.get("ErrorAction")
        exception = NetException(type_name, message)
        write_error(self.engine, exception, action.casefold() if action else None, target)


def cmdlet(
    name: str,
    parameters: Mapping[str, Kind] | None = None,
    *,
    positional: tuple[str, ...] = (),
    each: bool = False,
) -> Callable[[Callable[[Call, Any], None]], Callable[[Call, Any], None]]:
    """Register a cmdlet."""

    def register(function: Callable[[Call, Any], None]) -> Callable[[Call, Any], None]:
        CMDLETS[name.casefold()] = Cmdlet(name, function, parameters or {}, positional, each)
        return function

    return register


class CmdletStage:
    """A cmdlet as a stage of a pipeline."""

    def __init__(self, engine: Engine, found: Cmdlet, named: list[tuple[str, Any]], positional: list[Any]) -> None:
        self._call = Call(engine, found, named, positional)
        self._input: list[Any] = []

    def begin(self, emit: Emit) -> None:
        """Nothing: all work is done per object or at the end."""

    def process(self, item: Any, emit: Emit) -> None:
        if self._call.cmdlet.each:
            self._work(item, emit)
        else:
            self._input.append(item)

    def end(self, emit: Emit, *, had_input: bool) -> None:
        if not self._call.cmdlet.each:
            self._work(self._input, emit)
        elif not had_input:
            self._work(VOID, emit)

    def _work(self, item: Any, emit: Emit) -> None:
        self._call.emit = emit
        try:
            self._call.cmdlet.function(self._call, item)
        except NetFailure as failure:
            # A cmdlet reports what goes wrong with one object and goes on.
            self._call.error(failure.exception.message, failure.exception.type_name)


def refuse(call: Call, *names: str) -> None:
    """Refuse parameters that exist but are not imitated."""
    for name in names:
        if name in call.given:
            raise Refused(f"{call.cmdlet.name} -{name} is not imitated")
