"""Cmdlets on services, processes, WMI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab.windows.powershell.cmdlets.core import Call, cmdlet
from lab.windows.powershell.conversions import to_int, to_string
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.management import find
from lab.windows.powershell.dotnet.process import ProcessObject, listed
from lab.windows.powershell.dotnet.service_controller import ServiceController
from lab.windows.powershell.dotnet.start_info import StartInfo
from lab.windows.powershell.values import VOID
from lab.windows.powershell.wildcard import has_wildcard, wildcard
from lab.windows.services import Service, ServiceError

_SERVICE_FAILED = "Microsoft.PowerShell.Commands.ServiceCommandException"
_MODES = {"automatic": "auto", "manual": "demand", "disabled": "disabled"}


# -- services ----------------------------------------------------------------------------------------------------------
def _wanted_services(call: Call, item: Any) -> list[Service]:
    services = call.session.machine.services
    names = (
        [item.name if isinstance(item, ServiceController) else to_string(item)]
        if item is not VOID
        else call.get("Name")
    )
    display = call.get("DisplayName") if call.cmdlet.name == "Get-Service" else None
    if names is None and display is None:
        return services.all()
    found: list[Service] = []
    for name in names or display or []:
        matcher = wildcard(name)
        hits = [s for s in services.all() if matcher.fullmatch(s.display_name if display else s.name)]
        if not hits and not display:
            hits = (
                [s for s in services.all() if matcher.fullmatch(s.display_name)]
                if call.cmdlet.name != "Get-Service"
                else []
            )
        if not hits and not has_wildcard(name):
            call.error(f"Cannot find any service with service name '{name}'.", _SERVICE_FAILED, name)
        found += hits
    return found


@cmdlet("Get-Service", {"Name": "list[str]", "DisplayName": "list[str]"}, positional=("Name",), each=True)
def get_service(call: Call, item: Any) -> None:
    """Services as objects."""
    for service in _wanted_services(call, item):
        call.emit(ServiceController(call.session.machine, service.name))


def _act(call: Call, item: Any, verb: str, work: Callable[[Service], None]) -> None:
    if item is VOID:
        call.need("Name")
    for service in _wanted_services(call, item):
        try:
            work(service)
        except ServiceError as error:
            shown = f"{service.display_name} ({service.name})"
            message = f"Service '{shown}' cannot be {verb} due to the following error: {error}"
            call.error(message, _SERVICE_FAILED, service.name)
            continue
        if call.switch("PassThru"):
            call.emit(ServiceController(call.session.machine, service.name))


@cmdlet("Start-Service", {"Name": "list[str]", "PassThru": "switch"}, positional=("Name",), each=True)
def start_service(call: Call, item: Any) -> None:
    """Start; a running one is left alone."""
    services = call.session.machine.services
    _act(call, item, "started", lambda s: None if s.state == "RUNNING" else services.start(s.name))


@cmdlet("Stop-Service", {"Name": "list[str]", "Force": "switch", "PassThru": "switch"}, positional=("Name",), each=True)
def stop_service(call: Call, item: Any) -> None:
    """Stop; with -Force those that need it too."""
    services = call.session.machine.services
    force = call.switch("Force")
    _act(
        call, item, "stopped", lambda s: None if s.state == "STOPPED" else services.stop(s.name, with_dependents=force)
    )


@cmdlet(
    "Restart-Service", {"Name": "list[str]", "Force": "switch", "PassThru": "switch"}, positional=("Name",), each=True
)
def restart_service(call: Call, item: Any) -> None:
    """Stop and start."""
    services = call.session.machine.services

    def work(service: Service) -> None:
        if service.state == "RUNNING":
            services.stop(service.name, with_dependents=call.switch("Force"))
        services.start(service.name)

    _act(call, item, "restarted", work)


def _mode(call: Call) -> str:
    name = to_string(call.get("StartupType")).casefold()
    if name not in _MODES:
        raise NetFailure(
            "System.Management.Automation.ParameterBindingException", f"Cannot bind parameter 'StartupType': {name}"
        )
    return _MODES[name]


@cmdlet(
    "Set-Service",
    {
        "Name": "str",
        "DisplayName": "str",
        "Description": "str",
        "StartupType": "str",
        "Status": "str",
        "PassThru": "switch",
    },
    positional=("Name",),
)
def set_service(call: Call, _: list[Any]) -> None:
    """Change the definition or the state."""
    services = call.session.machine.services
    fields: dict[str, str] = {}
    if "StartupType" in call.given:
        fields["start"] = _mode(call)
    for parameter, field in (("DisplayName", "display_name"), ("Description", "description")):
        if parameter in call.given:
            fields[field] = call.get(parameter)
    name = call.need("Name")
    try:
        service = services.get(name)
        services.configure(name, **fields)
        status = call.get("Status", "").casefold()
        if status and status != service.state.casefold():
            (services.start if status == "running" else services.stop)(name)
    except ServiceError as error:
        call.error(f"Service '{name}' cannot be configured due to the following error: {error}", _SERVICE_FAILED)


@cmdlet(
    "New-Service",
    {"Name": "str", "BinaryPathName": "str", "DisplayName": "str", "Description": "str", "StartupType": "str",
     "DependsOn": "list[str]"},
    positional=("Name", "BinaryPathName"),
)  # fmt: skip
def new_service(call: Call, _: list[Any]) -> None:
    """Define a service; it starts automatically unless told otherwise."""
    services = call.session.machine.services
    name = call.need("Name")
    try:
        services.create(
            name, call.need("BinaryPathName"), display_name=call.get("DisplayName", ""),
            start=_mode(call) if "StartupType" in call.given else "auto", depends=tuple(call.get("DependsOn", ())),
        )  # fmt: skip
        if "Description" in call.given:
            services.configure(name, description=call.get("Description"))
    except ServiceError as error:
        call.error(f"Service '{name} ({name})' cannot be created due to the following error: {error}", _SERVICE_FAILED)
        return
    call.emit(ServiceController(call.session.machine, name))


# -- processes ---------------------------------------------------------------------------------------------------------
@cmdlet("Get-Process", {"Name": "list[str]", "Id": "list[Any]"}, positional=("Name",))
def get_process(call: Call, _: list[Any]) -> None:
    """What runs."""
    every = listed(call.session)
    for identifier in call.get("Id", []):
        hits = [p for p in every if p.pid == to_int(identifier)]
        if not hits:
            call.error(f"Cannot find a process with the process identifier {to_string(identifier)}.",
                       "Microsoft.PowerShell.Commands.ProcessCommandException")  # fmt: skip
        for hit in hits:
            call.emit(hit)
    for name in call.get("Name", [] if "Id" in call.given else ["*"]):
        hits = [p for p in every if wildcard(name).fullmatch(p.get_name())]
        if not hits and not has_wildcard(name):
            call.error(f'Cannot find a process with the name "{name}". Verify the name and call the cmdlet again.',
                       "Microsoft.PowerShell.Commands.ProcessCommandException")  # fmt: skip
        for hit in hits:
            call.emit(hit)


@cmdlet("Stop-Process", {"Id": "list[Any]", "Name": "list[str]", "Force": "switch"}, positional=("Id",), each=True)
def stop_process(call: Call, item: Any) -> None:
    """End processes."""
    if isinstance(item, ProcessObject):
        item.kill()
        return
    for process in listed(call.session):
        if process.pid in map(to_int, call.get("Id", [])) or any(
            wildcard(name).fullmatch(process.get_name()) for name in call.get("Name", [])
        ):
            process.kill()


@cmdlet(
    "Start-Process",
    {"FilePath": "str", "ArgumentList": "list[str]", "WorkingDirectory": "str", "Wait": "switch", "PassThru": "switch",
     "NoNewWindow": "switch", "RedirectStandardOutput": "str", "RedirectStandardError": "str"},
    positional=("FilePath", "ArgumentList"),
)  # fmt: skip
def start_process(call: Call, _: list[Any]) -> None:
    """Start a program; its arguments are joined by blanks as they are."""
    info = StartInfo(call.engine)
    info.file_name = call.need("FilePath")
    info.arguments = " ".join(call.get("ArgumentList", []))
    info.directory = call.get("WorkingDirectory", "")
    process = ProcessObject(call.session, info)
    streams = {}
    for parameter, stream in (("RedirectStandardOutput", "out"), ("RedirectStandardError", "err")):
        if parameter in call.given:
            streams[stream] = call.session.machine.tree.path(call.get(parameter), call.session.directory)
    process.start(streams)
    if call.switch("Wait"):
        process.wait()
    if call.switch("PassThru"):
        call.emit(process)


# -- WMI ---------------------------------------------------------------------------------------------------------------
@cmdlet(
    "Get-WmiObject",
    {
        "Class": "str",
        "Filter": "str",
        "Query": "str",
        "Namespace": "str",
        "Property": "list[str]",
        "ComputerName": "str",
    },
    positional=("Class", "Property"),
)
def get_wmi_object(call: Call, _: list[Any]) -> None:
    """Instances of a WMI class."""
    namespace = call.get("Namespace", "root\\cimv2").casefold()
    if namespace not in ("root\\cimv2", "root/cimv2"):
        raise NetFailure("System.Management.ManagementException", "Invalid namespace ")
    if call.get("ComputerName", ".").casefold() not in (".", "localhost", call.session.machine.name.casefold()):
        raise NetFailure("System.Runtime.InteropServices.COMException", "The RPC server is unavailable.")
    class_name, condition = call.get("Class"), call.get("Filter", "")
    if "Query" in call.given:
        words = call.get("Query").split(None, 5)
        if [word.casefold() for word in words[:3:2]] != ["select", "from"]:
            raise NetFailure("System.Management.ManagementException", "Invalid query ")
        class_name, condition = words[3], words[5] if len(words) > 5 else ""
    if class_name is None:
        call.need("Class")
    for found in find(call.session, class_name, condition):
        call.emit(found)


@cmdlet("Restart-Computer", {"Force": "switch"})
def restart_computer(_: Call, __: list[Any]) -> None:
    """Lab hosts do not restart."""
    raise NetFailure("System.InvalidOperationException", "lab: a restart is not imitated")
