"""Registry keys as objects, and Microsoft.Win32.Registry."""

from __future__ import annotations

from typing import Any

from lab.windows.machine import Machine
from lab.windows.powershell.conversions import to_int, to_string
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.values import VOID, Long, is_array, items_of
from lab.windows.registry import KINDS, Data, NoSuchKey, Value


def to_net(value: Value, machine: Machine, *, expand: bool = True) -> Any:
    """A value's data as PowerShell sees it."""
    if value.kind == "REG_EXPAND_SZ" and expand:
        return machine.environment("SYSTEM").expand(str(value.data))
    if value.kind == "REG_BINARY" and isinstance(value.data, list):
        return bytearray(int(item) for item in value.data)
    if value.kind == "REG_QWORD" and isinstance(value.data, int):
        return Long(value.data)
    return list(value.data) if isinstance(value.data, list) else value.data


def from_net(name: str, data: Any, kind: str | None) -> Value:
    """The value that PowerShell's data becomes; without a kind (name of RegistryValueKind) by the type of the data."""
    registry_kind = None
    if kind and kind.casefold() != "unknown":
        registry_kind = next((code for code, net in KINDS.items() if net.casefold() == kind.casefold()), None)
        if registry_kind is None:
            raise NetFailure("System.ArgumentException", f"'{kind}' is not a kind of registry value.")
    if registry_kind is None:
        if isinstance(data, bool) or not isinstance(data, (int, list, bytearray)):
            registry_kind = "REG_SZ"
        elif isinstance(data, bytearray):
            registry_kind = "REG_BINARY"
        elif is_array(data):
            registry_kind = "REG_MULTI_SZ"
        else:
            registry_kind = "REG_QWORD" if isinstance(data, Long) else "REG_DWORD"
    written: Data
    match registry_kind:
        case "REG_DWORD" | "REG_QWORD":
            written = to_int(data, "System.Int64")
        case "REG_MULTI_SZ":
            written = [to_string(item) for item in items_of(data)]
        case "REG_BINARY":
            written = [to_int(item) for item in items_of(data)]
        case _:
            written = to_string(data)
    return Value(name, registry_kind, written)


class RegistryKey(NetObject):
    """An open key."""

    type_name = "Microsoft.Win32.RegistryKey"

    def __init__(self, machine: Machine, key: str) -> None:
        self.machine = machine
        self.key = key

    def to_string(self) -> str:
        return self.key

    @prop("Name")
    def get_name(self) -> str:
        return self.key

    @prop("PSChildName")
    def get_child_name(self) -> str:
        return self.key.rpartition("\\")[2]

    @prop("PSPath")
    def get_ps_path(self) -> str:
        return "Microsoft.PowerShell.Core\\Registry::" + self.key

    @prop("PSIsContainer")
    def is_container(self) -> bool:
        return True

    @prop("Property")
    def get_property_names(self) -> list[str]:
        return [value.name or "(default)" for value in self.machine.registry.values(self.key)]

    @prop("SubKeyCount")
    def get_sub_key_count(self) -> int:
        return len(self.machine.registry.children(self.key))

    @prop("ValueCount")
    def get_value_count(self) -> int:
        return len(self.machine.registry.values(self.key))

    @method("GetValueNames")
    def get_value_names(self) -> list[str]:
        return [value.name for value in self.machine.registry.values(self.key)]

    @method("GetSubKeyNames")
    def get_sub_key_names(self) -> list[str]:
        return self.machine.registry.children(self.key)

    @method("GetValue")
    def get_value(self, name: str, default: Any = None, options: Any = None) -> Any:
        found = self.machine.registry.get(self.key, name)
        expand = "donotexpand" not in to_string(options).casefold()
        return default if found is None else to_net(found, self.machine, expand=expand)

    @method("GetValueKind")
    def get_value_kind(self, name: str) -> str:
        found = self.machine.registry.get(self.key, name)
        if found is None:
            raise NetFailure("System.IO.IOException", "The specified registry key does not exist.")
        return KINDS[found.kind]

    @method("SetValue")
    def set_value(self, name: str, data: Any, kind: Any = None) -> Any:
        self.machine.registry.set(self.key, from_net(name, data, to_string(kind)))
        return VOID

    @method("DeleteValue")
    def delete_value(self, name: str, complain: bool = True) -> Any:
        try:
            self.machine.registry.delete_value(self.key, name)
        except KeyError:
            if complain:
                raise NetFailure("System.ArgumentException", "No value exists with that name.") from None
        return VOID

    @method("OpenSubKey")
    def open_sub_key(self, name: str, writable: bool = False) -> RegistryKey | None:
        del writable
        key = f"{self.key}\\{name}"
        return (
            RegistryKey(self.machine, self.machine.registry.spelled(key)) if self.machine.registry.exists(key) else None
        )

    @method("CreateSubKey")
    def create_sub_key(self, name: str) -> RegistryKey:
        self.machine.registry.create(f"{self.key}\\{name}")
        return RegistryKey(self.machine, f"{self.key}\\{name}")

    @method("DeleteSubKeyTree")
    def delete_sub_key_tree(self, name: str) -> Any:
        try:
            self.machine.registry.delete(f"{self.key}\\{name}")
        except NoSuchKey:
            raise NetFailure(
                "System.ArgumentException", "Cannot delete a subkey tree because the subkey does not exist."
            ) from None
        return VOID

    @method("Close", "Flush")
    def close(self) -> Any:
        return VOID


@net_type("Microsoft.Win32.Registry")
class RegistryType:
    """Static members."""

    @prop("LocalMachine")
    @staticmethod
    def local_machine(engine: Any) -> RegistryKey:
        return RegistryKey(engine.session.machine, "HKEY_LOCAL_MACHINE")

    @prop("CurrentUser")
    @staticmethod
    def current_user(engine: Any) -> RegistryKey:
        return RegistryKey(engine.session.machine, "HKEY_CURRENT_USER")

    @method("GetValue")
    @staticmethod
    def get_value(engine: Any, key: str, name: str, default: Any = None) -> Any:
        machine = engine.session.machine
        return RegistryKey(machine, key).get_value(name, default) if machine.registry.exists(key) else None

    @method("SetValue")
    @staticmethod
    def set_value(engine: Any, key: str, name: str, data: Any, kind: Any = None) -> Any:
        engine.session.machine.registry.create(key)
        return RegistryKey(engine.session.machine, key).set_value(name, data, kind)
