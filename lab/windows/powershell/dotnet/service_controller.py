"""System.ServiceProcess.ServiceController: what Get-Service gives."""

from __future__ import annotations

import time
from typing import Any

from lab.windows.machine import Machine
from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop
from lab.windows.powershell.dotnet.enums import EnumValue
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.values import VOID
from lab.windows.services import RUNNING, Service, ServiceError


class ServiceController(NetObject):
    """A service by name; its state is the one of the moment of asking or of Refresh()."""

    type_name = "System.ServiceProcess.ServiceController"

    def __init__(self, machine: Machine, name: str) -> None:
        self.machine = machine
        self.name = name
        self._service = self._read()

    def _read(self) -> Service:
        try:
            return self.machine.services.find(self.name)
        except ServiceError:
            message = f"Service {self.name} was not found on computer '.'."
            raise NetFailure("System.InvalidOperationException", message) from None

    def to_string(self) -> str:
        return self.type_name

    @prop("Name", "ServiceName")
    def get_name(self) -> str:
        return self._service.name

    @prop("DisplayName")
    def get_display_name(self) -> str:
        return self._service.display_name

    @prop("Status")
    def get_status(self) -> EnumValue:
        running = self._service.state == RUNNING
        name, number = ("Running", 4) if running else ("Stopped", 1)
        return EnumValue("System.ServiceProcess.ServiceControllerStatus", name, number)

    @prop("ServicesDependedOn", "RequiredServices")
    def get_needed(self) -> list[ServiceController]:
        return [ServiceController(self.machine, name) for name in self._service.depends]

    @prop("DependentServices")
    def get_dependents(self) -> list[ServiceController]:
        return [ServiceController(self.machine, s.name) for s in self.machine.services.dependents(self.name)]

    @prop("CanStop")
    def can_stop(self) -> bool:
        return self._service.state == RUNNING

    @method("Refresh")
    def refresh(self) -> Any:
        self._service = self._read()
        return VOID

    @method("Start")
    def start(self) -> Any:
        return self._act("start", lambda: self.machine.services.start(self._service.name))

    @method("Stop")
    def stop(self) -> Any:
        return self._act("stop", lambda: self.machine.services.stop(self._service.name, with_dependents=True))

    def _act(self, verb: str, work: Any) -> Any:
        try:
            work()
        except ServiceError:
            message = f"Cannot {verb} service {self._service.name} on computer '.'."
            raise NetFailure("System.InvalidOperationException", message) from None
        return VOID

    @method("WaitForStatus")
    def wait_for_status(self, status: Any, timeout: Any = None) -> Any:
        wanted = to_string(status).casefold()
        deadline = time.monotonic() + (timeout.seconds if timeout is not None else 600)
        while self._read().state.casefold() != wanted:
            if time.monotonic() > deadline:
                message = "Time out has expired and the operation has not been completed."
                raise NetFailure("System.TimeoutException", message)
            time.sleep(0.1)
        return VOID

    @method("Close", "Dispose")
    def close(self) -> Any:
        return VOID


@net_type("System.ServiceProcess.ServiceController")
class ServiceControllerType:
    """Static members."""

    @staticmethod
    def create(engine: Any, name: str) -> ServiceController:
        return ServiceController(engine.session.machine, name)
