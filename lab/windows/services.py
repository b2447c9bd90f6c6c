"""The service control manager."""

from __future__ import annotations

import os
import select
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from lab.windows import command_line
from lab.windows.processes import NotAProgram, birth, end
from lab.windows.registry import NoSuchKey, Value
from lab.windows.release import release

if TYPE_CHECKING:
    from lab.windows.machine import Machine

RUNNING, STOPPED = "RUNNING", "STOPPED"
START_TYPES = {"auto": 2, "demand": 3, "disabled": 4}
_KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\"
RUNS_WITHIN_S = 30.0
"""A program that does not say for that long that it runs is no service; Windows' own default."""

_MESSAGES = {
    2: "The system cannot find the file specified.",
    193: "The service binary is not a valid Win32 application.",
    1051: "A stop control has been sent to a service that other running services are dependent on.",
    1053: "The service did not respond to the start or control request in a timely fashion.",
    1056: "An instance of the service is already running.",
    1057: "The account name is invalid or does not exist, or the password is invalid for the account name specified.",
    1058: "The service cannot be started, either because it is disabled or because it has no enabled devices "
    "associated with it.",
    1060: "The specified service does not exist as an installed service.",
    1062: "The service has not been started.",
    1067: "The process terminated unexpectedly.",
    1068: "The dependency service or group failed to start.",
    1069: "The service did not start due to a logon failure.",
    1073: "The specified service already exists.",
    1075: "The dependency service does not exist or has been marked for deletion.",
    1078: "The name is already in use as either a service name or a service display name.",
}


class ServiceError(Exception):
    """A refusal of the service control manager; `.code` is the Windows error."""

    def __init__(self, code: int) -> None:
        super().__init__(_MESSAGES[code])
        self.code = code


@dataclass(frozen=True)
class Service:
    """A service as it is now. `start` is a key of `START_TYPES`, `state` is RUNNING or STOPPED, `pid` 0 when stopped
    or when the operating system's own."""

    name: str
    display_name: str
    binary: str
    start: str
    account: str
    depends: tuple[str, ...]
    description: str
    state: str
    pid: int
    exit_code: int


class Services:
    """The services of a host. Names and display names are found without regard to case."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    # -- reading -------------------------------------------------------------------------------------------------------
    def all(self) -> list[Service]:
        """Every service, by name."""
        stored = self._machine.store.read("services")
        return [_service(stored[key]) for key in sorted(stored)]

    def get(self, name: str) -> Service:
        """A service by its name. Raises `ServiceError` 1060."""
        entry = self._machine.store.read("services").get(name.casefold())
        if entry is None:
            raise ServiceError(1060)
        return _service(entry)

    def find(self, name: str) -> Service:
        """A service by its name or its display name. Raises `ServiceError` 1060."""
        folded = name.casefold()
        for service in self.all():
            if folded in (service.name.casefold(), service.display_name.casefold()):
                return service
        raise ServiceError(1060)

    def dependents(self, name: str) -> list[Service]:
        """The services that need this one."""
        return [s for s in self.all() if name.casefold() in map(str.casefold, s.depends)]

    # -- definition ----------------------------------------------------------------------------------------------------
    def create(
        self,
        name: str,
        binary: str,
        *,
        display_name: str = "",
        start: str = "demand",
        account: str = "LocalSystem",
        password: str = "",
        depends: tuple[str, ...] = (),
        built_in: bool = False,
    ) -> None:
        """Define a service. Raises `ServiceError` 1073, 1078, 1057."""
        self._check_account(name, account, password)
        with self._machine.store.open("services") as stored:
            if name.casefold() in stored:
                raise ServiceError(1073)
            taken = {entry["display_name"].casefold() for entry in stored.values()} | set(stored)
            if (display_name or name).casefold() in taken:
                raise ServiceError(1078)
            stored[name.casefold()] = {
                "name": name, "display_name": display_name or name, "binary": binary, "start": start,
                "account": account, "depends": list(depends), "description": "", "pid": 0, "birth": None,
                "built_in": built_in, "running": built_in and start == "auto", "exit_code": 0 if built_in else 1077,
            }  # fmt: skip
        self._mirror(name)

    def configure(self, name: str, *, password: str = "", **fields: Any) -> None:
        """Change `display_name`, `binary`, `start`, `account`, `depends` or `description`."""
        if "account" in fields:
            self._check_account(name, fields["account"], password)
        with self._machine.store.open("services") as stored:
            _entry(stored, name).update(fields)
        self._mirror(name)

    def set_failure(self, name: str, reset_s: int, delays_ms: list[int]) -> None:
        """After each of that many ends in a row that were not asked for, the service is started again."""
        with self._machine.store.open("services") as stored:
            _entry(stored, name)["restart_ms"] = delays_ms
        # SERVICE_FAILURE_ACTIONS as the registry has it: pointers are 0 or an offset, 1 is a restart.
        numbers = [reset_s, 0, 0, len(delays_ms), 0x14, *(number for delay in delays_ms for number in (1, delay))]
        data = list(struct.pack(f"<{len(numbers)}I", *numbers))
        self._machine.registry.set(_KEY + self.get(name).name, Value("FailureActions", "REG_BINARY", data))

    def restart_after(self, name: str) -> float | None:
        """Seconds between an end that was not asked for and the next start; None: there is none."""
        delays = self._machine.store.read("services").get(name.casefold(), {}).get("restart_ms")
        return delays[0] / 1000 if delays else None

    def delete(self, name: str) -> None:
        """Remove the definition, of a running service as soon as it has stopped: the lab stops it at once."""
        if self.get(name).state == RUNNING:
            self.stop(name)
        with self._machine.store.open("services") as stored:
            del stored[name.casefold()]
        with suppress(NoSuchKey):
            self._machine.registry.delete(_KEY + name)

    def _check_account(self, name: str, account: str, password: str) -> None:
        bare = account.rpartition("\\")[2].casefold()
        if bare in ("localsystem", "localservice", "networkservice", "system"):
            return
        # A service has a virtual account of its own name, without a password, from this release on.
        if account.casefold() == f"nt service\\{name}".casefold() and release(self._machine.hardware).runs_python:
            return
        if not self._machine.accounts.check_password(account, password):
            raise ServiceError(1057)

    def _mirror(self, name: str) -> None:
        """The definition as the registry shows it."""
        service = self.get(name)
        registry = self._machine.registry
        registry.create(_KEY + service.name)
        for value in (
            Value("DisplayName", "REG_SZ", service.display_name),
            Value("ImagePath", "REG_EXPAND_SZ", service.binary),
            Value("ObjectName", "REG_SZ", service.account),
            Value("Start", "REG_DWORD", START_TYPES[service.start]),
            Value("Description", "REG_SZ", service.description),
        ):
            registry.set(_KEY + service.name, value)

    # -- running -------------------------------------------------------------------------------------------------------
    def start(self, name: str, arguments: tuple[str, ...] = ()) -> None:
        """Start a service and those it needs. Raises `ServiceError`."""
        service = self.get(name)
        if service.state == RUNNING:
            raise ServiceError(1056)
        if service.start == "disabled":
            raise ServiceError(1058)
        for needed in service.depends:
            try:
                if self.get(needed).state != RUNNING:
                    self.start(needed)
            except ServiceError as error:
                raise ServiceError(1075 if error.code == 1060 else 1068) from None
        pid, born = self._spawn(service, arguments)
        with self._machine.store.open("services") as stored:
            _entry(stored, name).update(pid=pid, birth=born, running=True, exit_code=0)

    def stop(self, name: str, *, with_dependents: bool = False) -> None:
        """Stop a service. Raises `ServiceError` 1062, 1051."""
        service = self.get(name)
        if service.state != RUNNING:
            raise ServiceError(1062)
        for other in self.dependents(name):
            if other.state == RUNNING:
                if not with_dependents:
                    raise ServiceError(1051)
                self.stop(other.name, with_dependents=True)
        if service.pid:
            end(service.pid)
        with self._machine.store.open("services") as stored:
            _entry(stored, name).update(pid=0, birth=None, running=False, exit_code=0)

    def _spawn(self, service: Service, arguments: tuple[str, ...]) -> tuple[int, Any]:
        stored = self._machine.store.read("services")[service.name.casefold()]
        if stored["built_in"]:
            return 0, None
        program, *fixed = command_line.split(service.binary)
        machine = self._machine
        account = service.account.rpartition("\\")[2]
        user = account if machine.accounts.user(account) else "SYSTEM"
        environment = machine.environment(user)
        full = machine.processes.find(environment.expand(program), environment, "C:\\WINDOWS\\system32")
        if full is None:
            raise ServiceError(2)
        told, pipe = os.pipe()
        with os.fdopen(told, "rb", buffering=0) as words:
            try:
                process = machine.processes.start(
                    full, [*fixed, *arguments], user=user, environment=environment,
                    directory="C:\\WINDOWS\\system32", service_pipe=pipe,
                )  # fmt: skip
            except NotAProgram as error:
                raise ServiceError(error.code) from None
            finally:
                os.close(pipe)
            born = birth(process.pid)
            code = _refusal(words)
        if code:
            process.kill()
            process.wait()
            with machine.store.open("services") as content:
                _entry(content, service.name).update(exit_code=code)
            raise ServiceError(code)
        return process.pid, born

    def start_automatic(self) -> None:
        """What the machine does when it comes up."""
        for service in self.all():
            if service.start == "auto" and service.state != RUNNING:
                with suppress(ServiceError):
                    self.start(service.name)


def _refusal(words: IO[bytes]) -> int:
    """Wait for a service's word that it runs: 0, or the Windows error. What it writes to ends with its process."""
    if not select.select([words], [], [], RUNS_WITHIN_S)[0]:
        return 1053
    return 0 if words.read(1) else 1067


def _entry(stored: Any, name: str) -> dict[str, Any]:
    entry: dict[str, Any] | None = stored.get(name.casefold())
    if entry is None:
        raise ServiceError(1060)
    return entry


def _service(entry: Any) -> Service:
    alive = entry["running"] and (entry["birth"] is None or birth(entry["pid"]) == entry["birth"])
    return Service(
        name=entry["name"], display_name=entry["display_name"], binary=entry["binary"], start=entry["start"],
        account=entry["account"], depends=tuple(entry["depends"]), description=entry["description"],
        state=RUNNING if alive else STOPPED, pid=entry["pid"] if alive else 0,
        exit_code=0 if alive else 1067 if entry["running"] else entry["exit_code"],
    )  # fmt: skip
