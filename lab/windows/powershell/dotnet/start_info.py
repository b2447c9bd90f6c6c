"""System.Diagnostics.ProcessStartInfo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lab.windows.environment import Environment
from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop, setter
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.values import VOID

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine


class Variables(NetObject):
    """ProcessStartInfo.EnvironmentVariables."""

    type_name = "System.Collections.Specialized.StringDictionary"

    def __init__(self, values: Environment) -> None:
        self.values = values

    def get_item(self, name: Any) -> str | None:
        """Of `[name]`."""
        return self.values.get(to_string(name))

    def set_item(self, name: Any, value: Any) -> None:
        """Of `[name] = value`."""
        self.values[to_string(name)] = to_string(value)

    @method("Add")
    def add(self, name: str, value: str) -> Any:
        if name in self.values:
            raise NetFailure("System.ArgumentException", "Item has already been added.")
        self.values[name] = value
        return VOID

    @method("ContainsKey")
    def contains_key(self, name: str) -> bool:
        return name in self.values

    @method("Remove")
    def remove(self, name: str) -> Any:
        self.values.pop(name, None)
        return VOID


class StartInfo(NetObject):
    """ProcessStartInfo."""

    type_name = "System.Diagnostics.ProcessStartInfo"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.file_name = ""
        self.arguments = ""
        self.directory = ""
        self.shell_execute = True
        self.redirected: set[str] = set()
        self.environment = Environment(engine.session.environment)

    @prop("FileName")
    def get_file_name(self) -> str:
        return self.file_name

    @setter("FileName")
    def set_file_name(self, value: str) -> None:
        self.file_name = value

    @prop("Arguments")
    def get_arguments(self) -> str:
        return self.arguments

    @setter("Arguments")
    def set_arguments(self, value: str) -> None:
        self.arguments = value

    @prop("WorkingDirectory")
    def get_working_directory(self) -> str:
        return self.directory

    @setter("WorkingDirectory")
    def set_working_directory(self, value: str) -> None:
        self.directory = value

    @prop("UseShellExecute")
    def get_use_shell_execute(self) -> bool:
        return self.shell_execute

    @setter("UseShellExecute")
    def set_use_shell_execute(self, value: bool) -> None:
        self.shell_execute = value

    @setter("CreateNoWindow", "LoadUserProfile", "ErrorDialog")
    def set_create_no_window(self, value: bool) -> None:
        """The lab has no windows."""

    @setter("WindowStyle")
    def set_window_style(self, value: Any) -> None:
        """The lab has no windows."""

    @setter("RedirectStandardInput")
    def set_redirect_input(self, value: bool) -> None:
        self._redirect("in", value)

    @setter("RedirectStandardOutput")
    def set_redirect_output(self, value: bool) -> None:
        self._redirect("out", value)

    @setter("RedirectStandardError")
    def set_redirect_error(self, value: bool) -> None:
        self._redirect("err", value)

    def _redirect(self, stream: str, value: bool) -> None:
        (self.redirected.add if value else self.redirected.discard)(stream)

    @prop("EnvironmentVariables")
    def get_environment(self) -> Variables:
        return Variables(self.environment)


@net_type("System.Diagnostics.ProcessStartInfo")
class StartInfoType:
    """Static members."""

    @staticmethod
    def create(engine: Engine, file_name: str = "", arguments: str = "") -> StartInfo:
        info = StartInfo(engine)
        info.file_name, info.arguments = file_name, arguments
        return info
