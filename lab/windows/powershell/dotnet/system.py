"""System.Console, Environment, Math, Guid, Random, threads."""

from __future__ import annotations

import math
import time
import uuid
from typing import TYPE_CHECKING, Any

from lab.windows.machine import ENVIRONMENT_KEY, USER_ENVIRONMENT_KEY
from lab.windows.powershell.conversions import to_number, to_string
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.version import Version
from lab.windows.powershell.errors import Exit
from lab.windows.powershell.formatting import format_text
from lab.windows.powershell.values import VOID
from lab.windows.registry import Value
from lab.windows.release import Release, release

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine


class ConsoleWriter(NetObject):
    """[Console]::Out and [Console]::Error: text goes out as it is, without wrapping."""

    type_name = "System.IO.TextWriter"

    def __init__(self, engine: Engine, *, errors: bool) -> None:
        self._put = engine.session.write_error if errors else engine.session.write_out

    @method("WriteLine")
    def write_line(self, value: Any = "", *values: Any) -> Any:
        self._put((format_text(to_string(value), list(values)) if values else to_string(value)) + "\r\n")
        return VOID

    @method("Write")
    def write(self, value: Any, *values: Any) -> Any:
        self._put(format_text(to_string(value), list(values)) if values else to_string(value))
        return VOID

    @method("Flush")
    def flush(self) -> Any:
        return VOID


class ConsoleReader(NetObject):
    """[Console]::In."""

    type_name = "System.IO.TextReader"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @method("ReadToEnd")
    def read_to_end(self) -> str:
        return self._engine.session.read_text()


@net_type("System.Console")
class Console:
    """Static members."""

    @prop("Out")
    @staticmethod
    def out(engine: Engine) -> ConsoleWriter:
        return ConsoleWriter(engine, errors=False)

    @prop("Error")
    @staticmethod
    def error(engine: Engine) -> ConsoleWriter:
        return ConsoleWriter(engine, errors=True)

    @prop("In")
    @staticmethod
    def reader(engine: Engine) -> ConsoleReader:
        return ConsoleReader(engine)

    @method("WriteLine")
    @staticmethod
    def write_line(engine: Engine, value: Any = "", *values: Any) -> Any:
        return ConsoleWriter(engine, errors=False).write_line(value, *values)

    @method("Write")
    @staticmethod
    def write(engine: Engine, value: Any, *values: Any) -> Any:
        return ConsoleWriter(engine, errors=False).write(value, *values)


_FOLDERS = {
    "system": "C:\\WINDOWS\\system32", "programfiles": "C:\\Program Files",
    "commonprogramfiles": "C:\\Program Files\\Common Files",
    "commonapplicationdata": "C:\\Documents and Settings\\All Users\\Application Data",
}  # fmt: skip


@net_type("System.Environment")
class EnvironmentType:
    """Static members."""

    @prop("MachineName")
    @staticmethod
    def machine_name(engine: Engine) -> str:
        return engine.session.machine.computer_name

    @prop("UserName")
    @staticmethod
    def user_name(engine: Engine) -> str:
        return engine.session.user

    @prop("UserDomainName")
    @staticmethod
    def user_domain_name(engine: Engine) -> str:
        return engine.session.machine.computer_name

    @prop("NewLine")
    @staticmethod
    def new_line(_: Any) -> str:
        return "\r\n"

    @prop("ProcessorCount")
    @staticmethod
    def processor_count(engine: Engine) -> int:
        return int(engine.session.machine.hardware["cpu_count"])

    @prop("SystemDirectory")
    @staticmethod
    def system_directory(_: Any) -> str:
        return "C:\\WINDOWS\\system32"

    @prop("CurrentDirectory")
    @staticmethod
    def current_directory(engine: Engine) -> str:
        return engine.session.machine.profile(engine.session.user)

    @prop("OSVersion")
    @staticmethod
    def os_version(engine: Engine) -> OperatingSystem:
        return OperatingSystem(release(engine.session.machine.hardware))

    @prop("Version")
    @staticmethod
    def version(_: Any) -> Version:
        return Version("2.0.50727.3625")

    @prop("TickCount")
    @staticmethod
    def tick_count(_: Any) -> int:
        return int(time.monotonic() * 1000) % 2**31

    @method("GetEnvironmentVariable")
    @staticmethod
    def get_variable(engine: Engine, name: str, target: Any = None) -> str | None:
        key = _environment_key(target)
        if key is None:
            return engine.session.environment.get(name)
        found = engine.session.machine.registry.get(key, name)
        return None if found is None else engine.session.environment.expand(str(found.data))

    @method("SetEnvironmentVariable")
    @staticmethod
    def set_variable(engine: Engine, name: str, value: str | None, target: Any = None) -> Any:
        key = _environment_key(target)
        if key is None:
            if value:
                engine.session.environment[name] = value
            else:
                engine.session.environment.pop(name, None)
        elif value:
            engine.session.machine.registry.set(key, Value(name, "REG_SZ", value))
        elif engine.session.machine.registry.get(key, name) is not None:
            engine.session.machine.registry.delete_value(key, name)
        return VOID

    @method("ExpandEnvironmentVariables")
    @staticmethod
    def expand(engine: Engine, text: str) -> str:
        return engine.session.environment.expand(text)

    @method("GetFolderPath")
    @staticmethod
    def get_folder_path(engine: Engine, folder: str) -> str:
        found = _FOLDERS.get(folder.casefold())
        if found is None:
            raise NetFailure("System.ArgumentException", f"the lab does not know the special folder {folder}")
        del engine
        return found

    @method("Exit")
    @staticmethod
    def exit(_: Any, code: int) -> Any:
        raise Exit(code)


def _environment_key(target: Any) -> str | None:
    """Where variables of that EnvironmentVariableTarget are kept; None for the process's own."""
    match to_string(target).casefold():
        case "" | "process" | "0":
            return None
        case "machine" | "2":
            return ENVIRONMENT_KEY
        case "user" | "1":
            return USER_ENVIRONMENT_KEY
    raise NetFailure("System.ArgumentException", f"Illegal enum value: {to_string(target)}.")


class OperatingSystem(NetObject):
    """[Environment]::OSVersion."""

    type_name = "System.OperatingSystem"

    def __init__(self, windows: Release) -> None:
        self._windows = windows

    @prop("Version")
    def get_version(self) -> Version:
        return Version(f"{self._windows.full}.{self._windows.pack << 16}")

    @prop("ServicePack")
    def get_service_pack(self) -> str:
        return self._windows.service_pack

    @prop("VersionString")
    def get_version_string(self) -> str:
        return f"Microsoft Windows NT {self._windows.full} {self._windows.service_pack}"

    @prop("Platform")
    def get_platform(self) -> str:
        return "Win32NT"


@net_type("System.Math")
class Math:
    """Static members."""

    @method("Floor")
    @staticmethod
    def floor(_: Any, value: float) -> float:
        return float(math.floor(value))

    @method("Ceiling")
    @staticmethod
    def ceiling(_: Any, value: float) -> float:
        return float(math.ceil(value))

    @method("Round")
    @staticmethod
    def round(_: Any, value: float, digits: int = 0) -> float:
        return float(round(value, digits))

    @method("Truncate")
    @staticmethod
    def truncate(_: Any, value: float) -> float:
        return float(math.trunc(value))

    @method("Abs")
    @staticmethod
    def abs(_: Any, value: Any) -> Any:
        return abs(to_number(value))

    @method("Max")
    @staticmethod
    def max(_: Any, left: Any, right: Any) -> Any:
        return max(to_number(left), to_number(right))

    @method("Min")
    @staticmethod
    def min(_: Any, left: Any, right: Any) -> Any:
        return min(to_number(left), to_number(right))

    @method("Pow")
    @staticmethod
    def pow(_: Any, base: float, exponent: float) -> float:
        return float(base**exponent)


class Guid(NetObject):
    """System.Guid."""

    type_name = "System.Guid"

    def __init__(self, value: uuid.UUID) -> None:
        self.value = value

    def to_string(self) -> str:
        return str(self.value)

    def format(self, form: str) -> str:
        """`N`, `D` or `B`."""
        return {"N": self.value.hex, "D": str(self.value), "B": f"{{{self.value}}}"}[form.upper()]


@net_type("System.Guid")
class GuidType:
    """Static members."""

    @method("NewGuid")
    @staticmethod
    def new_guid(_: Any) -> Guid:
        return Guid(uuid.uuid4())


@net_type("System.Threading.Thread")
class Thread:
    """Static members."""

    @method("Sleep")
    @staticmethod
    def sleep(engine: Engine, milliseconds: int) -> Any:
        deadline = time.monotonic() + milliseconds / 1000
        while (left := deadline - time.monotonic()) > 0:
            engine.checkpoint()
            time.sleep(min(left, 0.2))
        return VOID


@net_type("System.Reflection.Assembly")
class Assembly:
    """Static members: loading an assembly whose types are imitated does nothing."""

    @method("LoadWithPartialName")
    @staticmethod
    def load(_: Any, name: str) -> str:
        return name
