"""Enumerations: named numbers, convertible from their names."""

from __future__ import annotations

from typing import Any

from lab.windows.powershell.conversions import cannot_convert, to_int, to_string
from lab.windows.powershell.dotnet.core import TYPES, NetObject, NetType, prop
from lab.windows.powershell.values import is_array, items_of


class EnumValue(NetObject):
    """A member of an enumeration."""

    def __init__(self, type_name: str, name: str, number: int) -> None:
        self.type_name = type_name
        self.name = name
        self.number = number

    def to_string(self) -> str:
        return self.name

    @prop("value__")
    def get_number(self) -> int:
        return self.number

    def equals(self, other: Any) -> bool:
        """Of `-eq`: the other side may be a name or a number."""
        if isinstance(other, EnumValue):
            return other.number == self.number
        if isinstance(other, int):
            return other == self.number
        return to_string(other).casefold() == self.name.casefold()

    def op_Addition(self, other: Any) -> int:  # noqa: N802
        """Of `+`."""
        return self.number + to_int(other)


def define(type_name: str, members: dict[str, int]) -> None:
    """Make the type and its members known."""
    kind = NetType(type_name)

    def convert(_: Any, value: Any) -> EnumValue:
        if isinstance(value, EnumValue) and value.type_name == type_name:
            return value
        names = items_of(value) if is_array(value) else to_string(value).split(",")
        if isinstance(value, int):
            name = next((n for n, number in members.items() if number == value), str(value))
            return EnumValue(type_name, name, value)
        number, spelled = 0, []
        for each in names:
            folded = to_string(each).strip().casefold()
            found = next((n for n in members if n.casefold() == folded), None)
            if found is None:
                listed = ", ".join(members)
                raise cannot_convert(
                    value, type_name,
                    "Invalid enumeration values. Specify one of the following enumeration values and try again. "
                    f'The possible enumeration values are "{listed}".',
                )  # fmt: skip
            number |= members[found]
            spelled.append(found)
        return EnumValue(type_name, ", ".join(spelled), number)

    for name, number in members.items():
        value = EnumValue(type_name, name, number)
        kind.statics.getters[name.casefold()] = (name, lambda _, value=value: value)
    kind.statics.methods["$cast"] = ("$cast", convert)
    TYPES[type_name.casefold()] = kind


define("System.StringSplitOptions", {"None": 0, "RemoveEmptyEntries": 1})
define("System.StringComparison", {
    "CurrentCulture": 0, "CurrentCultureIgnoreCase": 1, "InvariantCulture": 2, "InvariantCultureIgnoreCase": 3,
    "Ordinal": 4, "OrdinalIgnoreCase": 5,
})  # fmt: skip
define("System.EnvironmentVariableTarget", {"Process": 0, "User": 1, "Machine": 2})
define("System.IO.FileMode", {"CreateNew": 1, "Create": 2, "Open": 3, "OpenOrCreate": 4, "Truncate": 5, "Append": 6})
define("System.IO.FileAccess", {"Read": 1, "Write": 2, "ReadWrite": 3})
define("System.IO.FileShare", {"None": 0, "Read": 1, "Write": 2, "ReadWrite": 3, "Delete": 4})
define("System.IO.SearchOption", {"TopDirectoryOnly": 0, "AllDirectories": 1})
define("System.IO.FileAttributes", {
    "ReadOnly": 1, "Hidden": 2, "System": 4, "Directory": 16, "Archive": 32, "Normal": 128,
})  # fmt: skip
define("System.ServiceProcess.ServiceControllerStatus", {
    "Stopped": 1, "StartPending": 2, "StopPending": 3, "Running": 4, "ContinuePending": 5, "PausePending": 6,
    "Paused": 7,
})  # fmt: skip
define("System.Security.AccessControl.FileSystemRights", {
    "Read": 131209, "Write": 278, "ReadAndExecute": 131241, "Modify": 197055, "FullControl": 2032127,
})  # fmt: skip
define("System.Security.AccessControl.AccessControlType", {"Allow": 0, "Deny": 1})
define("System.Security.AccessControl.InheritanceFlags", {"None": 0, "ContainerInherit": 1, "ObjectInherit": 2})
define("System.Security.AccessControl.PropagationFlags", {"None": 0, "NoPropagateInherit": 1, "InheritOnly": 2})
define("System.DateTimeKind", {"Unspecified": 0, "Utc": 1, "Local": 2})
define("Microsoft.Win32.RegistryValueKind", {
    "Unknown": 0, "String": 1, "ExpandString": 2, "Binary": 3, "DWord": 4, "MultiString": 7, "QWord": 11,
})  # fmt: skip
