"""`[ref]$variable`: what a method writes its second result to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lab.windows.powershell.dotnet.core import NetObject, prop, setter
from lab.windows.powershell.variables import get_variable, set_variable

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine


class Reference(NetObject):
    """PSReference to a variable of the current scope, `name` as written."""

    type_name = "System.Management.Automation.PSReference"

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name

    @prop("Value")
    def get_value(self) -> Any:
        return get_variable(self._engine, self._name)

    @setter("Value")
    def set_value(self, value: Any) -> None:
        set_variable(self._engine, self._name, value)
