"""Cmdlets on the values of registry keys."""

from __future__ import annotations

from typing import Any

from lab.windows.powershell.cmdlets.core import Call, cmdlet
from lab.windows.powershell.cmdlets.items import found_items
from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.file_info import FileSystemInfo
from lab.windows.powershell.dotnet.registry_key import from_net, to_net
from lab.windows.powershell.errors import Refused
from lab.windows.powershell.paths import FilePath, ItemPath
from lab.windows.powershell.values import Record
from lab.windows.powershell.wildcard import wildcard

_ARGUMENT = "System.Management.Automation.RuntimeException"


def _key(item: ItemPath, call: Call) -> str:
    if isinstance(item, FilePath):
        raise Refused(f"{call.cmdlet.name} of files is not imitated")
    return item.key


@cmdlet(
    "Get-ItemProperty",
    {"Path": "list[Any]", "LiteralPath": "list[Any]", "Name": "list[str]"},
    positional=("Path", "Name"),
    each=True,
)
def get_item_property(call: Call, item: Any) -> None:
    """A key's values as properties of one object."""
    for found in found_items(call, item):
        if isinstance(found, FilePath):
            call.emit(FileSystemInfo(call.session.machine, found.place))
            continue
        values = call.session.machine.registry.values(found.key)
        fields: dict[str, Any] = {}
        wanted = call.get("Name")
        for name in wanted or ["*"]:
            matched = [v for v in values if wildcard(name).fullmatch(v.name or "(default)")]
            if wanted and not matched:
                message = f"Property {name} does not exist at path {found.key}."
                call.error(message, _ARGUMENT)
                continue
            fields.update({v.name or "(default)": to_net(v, call.session.machine) for v in matched})
        if not fields:
            # Of a key without values PowerShell 2.0 gives nothing at all.
            continue
        path = f"Microsoft.PowerShell.Core\\Registry::{found.key}"
        parent, _, child = path.rpartition("\\")
        fields |= {"PSPath": path, "PSParentPath": parent, "PSChildName": child}
        call.emit(Record(fields))


@cmdlet(
    "Set-ItemProperty",
    {"Path": "list[Any]", "LiteralPath": "list[Any]", "Name": "str", "Value": "Any", "Type": "str", "Force": "switch"},
    positional=("Path", "Name", "Value"),
    each=True,
)
def set_item_property(call: Call, item: Any) -> None:
    """Write a value."""
    name = call.need("Name")
    for found in found_items(call, item):
        value = from_net("" if name == "(default)" else name, call.get("Value"), call.get("Type"))
        call.session.machine.registry.set(_key(found, call), value)


@cmdlet(
    "New-ItemProperty",
    {
        "Path": "list[Any]",
        "LiteralPath": "list[Any]",
        "Name": "str",
        "Value": "Any",
        "PropertyType": "str",
        "Force": "switch",
    },
    positional=("Path", "Name"),
    each=True,
)
def new_item_property(call: Call, item: Any) -> None:
    """Write a value that is not there."""
    name = call.need("Name")
    for found in found_items(call, item):
        key = _key(found, call)
        registry = call.session.machine.registry
        if registry.get(key, name) is not None and not call.switch("Force"):
            call.error("The property already exists.", "System.IO.IOException")
            continue
        registry.set(key, from_net(name, call.get("Value"), call.get("PropertyType")))
        call.emit(Record({name: call.get("Value")}))


@cmdlet(
    "Remove-ItemProperty",
    {"Path": "list[Any]", "LiteralPath": "list[Any]", "Name": "list[str]", "Force": "switch"},
    positional=("Path", "Name"),
    each=True,
)
def remove_item_property(call: Call, item: Any) -> None:
    """Take values away."""
    for found in found_items(call, item):
        for name in call.need("Name"):
            try:
                call.session.machine.registry.delete_value(_key(found, call), name)
            except KeyError:
                call.error(f"Property {to_string(name)} does not exist at path {_key(found, call)}.", _ARGUMENT)
