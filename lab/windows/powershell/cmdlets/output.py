"""Cmdlets that write, wait, and evaluate text."""

from __future__ import annotations

import time
from typing import Any

from lab.windows.powershell.cmdlets.core import Call, cmdlet
from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.exceptions import NetException
from lab.windows.powershell.error_record import write_error
from lab.windows.powershell.errors import Refused
from lab.windows.powershell.formatting import display_lines, out_default
from lab.windows.powershell.statements import emit_value
from lab.windows.powershell.values import VOID, Record


@cmdlet("Write-Output", {"InputObject": "Any"}, positional=("InputObject",), each=True)
def write_output(call: Call, item: Any) -> None:
    """Hand on."""
    emit_value(call.get("InputObject") if item is VOID else item, call.emit)


@cmdlet(
    "Write-Host", {"Object": "Any", "NoNewline": "switch", "ForegroundColor": "str"}, positional=("Object",), each=True
)
def write_host(call: Call, item: Any) -> None:
    """Write to the console."""
    text = to_string(call.get("Object") if item is VOID else item)
    call.session.write_out(text if call.switch("NoNewline") else text + "\r\n")


@cmdlet("Write-Error", {"Message": "str", "Exception": "Any", "Category": "str"}, positional=("Message",), each=True)
def write_error_cmdlet(call: Call, item: Any) -> None:
    """A non-terminating error."""
    exception = call.get("Exception")
    if not isinstance(exception, NetException):
        message = call.get("Message") if item is VOID else to_string(item)
        exception = NetException("System.Management.Automation.RuntimeException", message or "")
    action = call.get("ErrorAction")
    write_error(call.engine, exception, action.casefold() if action else None)


@cmdlet("Write-Warning", {"Message": "str"}, positional=("Message",), each=True)
def write_warning(call: Call, item: Any) -> None:
    """A warning, on standard output like all that the console host writes."""
    if call.engine.preference("WarningPreference") != "silentlycontinue":
        call.engine.write_line("WARNING: " + (to_string(item) if item is not VOID else call.need("Message")))


@cmdlet("Write-Verbose", {"Message": "str"}, positional=("Message",), each=True)
def write_verbose(call: Call, item: Any) -> None:
    """Words for the curious."""
    if call.switch("Verbose") or call.engine.preference("VerbosePreference") == "continue":
        call.engine.write_line("VERBOSE: " + (to_string(item) if item is not VOID else call.need("Message")))


@cmdlet("Out-Null", {"InputObject": "Any"})
def out_null(_: Call, __: list[Any]) -> None:
    """Nothing."""


@cmdlet("Out-Host", {"InputObject": "Any"})
def out_host(call: Call, items: list[Any]) -> None:
    """To the console."""
    out_default(call.engine, items)


@cmdlet("Out-String", {"Width": "int", "Stream": "switch"})
def out_string(call: Call, items: list[Any]) -> None:
    """As text."""
    width = call.get("Width", 80)
    lines = [line for item in items for line in display_lines(item)]
    cut = [line[start : start + width] for line in lines for start in range(0, max(len(line), 1), width)]
    if call.switch("Stream"):
        for line in cut:
            call.emit(line)
    else:
        call.emit("".join(line + "\r\n" for line in cut))


@cmdlet("Format-List", {"Property": "list[str]"}, positional=("Property",))
def format_list(call: Call, items: list[Any]) -> None:
    """Objects as lists of properties."""
    for item in items:
        names = call.get("Property")
        if names and isinstance(item, Record):
            item = Record({name: item.fields.get(item.name_of(name) or "") for name in names})  # noqa: PLW2901
        call.emit(item)


@cmdlet("Start-Sleep", {"Seconds": "int", "Milliseconds": "int"}, positional=("Seconds",))
def start_sleep(call: Call, _: list[Any]) -> None:
    """Wait."""
    deadline = time.monotonic() + call.get("Seconds", 0) + call.get("Milliseconds", 0) / 1000
    while (left := deadline - time.monotonic()) > 0:
        call.engine.checkpoint()
        time.sleep(min(left, 0.2))


@cmdlet("Invoke-Expression", {"Command": "str"}, positional=("Command",), each=True)
def invoke_expression(call: Call, item: Any) -> None:
    """Run a text, in the caller's scope."""
    text = call.need("Command") if item is VOID else to_string(item)
    call.engine.execute(call.engine.parse(text), call.emit)


@cmdlet("Get-Date", {"Date": "Any", "Format": "str", "UFormat": "str"}, positional=("Date",))
def get_date(call: Call, _: list[Any]) -> None:
    """The time."""
    from lab.windows.powershell.dotnet.time import DateTime  # noqa: PLC0415 - a cycle through members

    if "UFormat" in call.given:
        raise Refused("Get-Date -UFormat is not imitated")
    moment = call.get("Date") or DateTime.from_timestamp(call.engine.session.machine.now())
    call.emit(moment.format(call.get("Format")) if "Format" in call.given else moment)


@cmdlet("Get-Variable", {"Name": "str", "ValueOnly": "switch", "Scope": "str"}, positional=("Name",))
def get_variable_cmdlet(call: Call, _: list[Any]) -> None:
    """A variable as an object."""
    name = call.need("Name")
    scope = call.engine.scope.find(name)
    if scope is None:
        call.error(f"Cannot find a variable with name '{name}'.", "System.Management.Automation.ItemNotFoundException")
        return
    value = scope.get(name)
    call.emit(
        value
        if call.switch("ValueOnly")
        else Record({"Name": name, "Value": value}, "System.Management.Automation.PSVariable")
    )


@cmdlet("Set-Variable", {"Name": "str", "Value": "Any", "Scope": "str"}, positional=("Name", "Value"))
def set_variable_cmdlet(call: Call, _: list[Any]) -> None:
    """Write a variable."""
    scope = {"global": call.engine.scope.root(), "script": call.engine.scope.script_scope()}.get(
        call.get("Scope", "").casefold(), call.engine.scope
    )
    scope.set(call.need("Name"), call.get("Value"))


@cmdlet("Remove-Variable", {"Name": "str"}, positional=("Name",))
def remove_variable(call: Call, _: list[Any]) -> None:
    """Forget a variable."""
    call.engine.scope.remove(call.need("Name"))


@cmdlet("Set-StrictMode", {"Version": "str", "Off": "switch"})
def set_strict_mode(call: Call, _: list[Any]) -> None:
    """Only switching it off is imitated."""
    if not call.switch("Off"):
        raise Refused("Set-StrictMode is imitated with -Off only")


@cmdlet("Add-Type", {"AssemblyName": "list[str]"})
def add_type(call: Call, _: list[Any]) -> None:
    """Load an assembly of .NET 2.0 to 3.5: all its imitated types are known anyway."""
    for name in call.need("AssemblyName"):
        if name.casefold() not in _ASSEMBLIES:
            raise Refused(f"Add-Type -AssemblyName {name} is not imitated")


_ASSEMBLIES = {"system", "system.core", "system.serviceprocess", "system.directoryservices", "system.security"}
