"""Cmdlets on files, folders and registry keys."""

from __future__ import annotations

import ntpath
import shutil
from typing import Any

from lab.windows.powershell.cmdlets.core import Call, cmdlet
from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.exceptions import NetException, NetFailure
from lab.windows.powershell.dotnet.file_info import FileSystemInfo
from lab.windows.powershell.dotnet.registry_key import RegistryKey
from lab.windows.powershell.errors import PowerShellError, Refused
from lab.windows.powershell.paths import FilePath, ItemPath, KeyPath, children, item_exists, leaf, parse, resolve, shown
from lab.windows.powershell.values import VOID
from lab.windows.powershell.wildcard import wildcard

_NOT_FOUND = "System.Management.Automation.ItemNotFoundException"


def path_of(item: Any) -> str:
    """The path of an object from the pipeline."""
    if isinstance(item, FileSystemInfo):
        return item.get_full_name()
    if isinstance(item, RegistryKey):
        return "Registry::" + item.key
    return to_string(item)


def wanted_paths(call: Call, item: Any) -> list[tuple[str, bool]]:
    """The paths given as argument or from the pipeline; whether each is literal."""
    if item is not VOID:
        return [(path_of(item), isinstance(item, (FileSystemInfo, RegistryKey)))]
    name = "LiteralPath" if "LiteralPath" in call.given else "Path"
    paths = [path_of(path) for path in call.need(name)]
    if not all(paths):
        what = "null" if None in call.given[name] else "an empty string"
        message = f"Cannot bind argument to parameter '{name}' because it is {what}."
        raise PowerShellError(NetException("System.Management.Automation.ParameterBindingException", message))
    return [(path, name == "LiteralPath") for path in paths]


def found_items(call: Call, item: Any, default: str | None = None) -> list[ItemPath]:
    """The things those paths name; what is not there is reported."""
    if item is VOID and default is not None and "Path" not in call.given and "LiteralPath" not in call.given:
        return [parse(call.session, default)]
    every: list[ItemPath] = []
    for path, literal in wanted_paths(call, item):
        found = resolve(call.session, path, literal=literal)
        if not found and (literal or not any(mark in path for mark in "*?[")):
            call.error(
                f"Cannot find path '{shown(parse(call.session, path))}' because it does not exist.", _NOT_FOUND, path
            )
        every += found
    return every


def as_object(call: Call, item: ItemPath) -> Any:
    """The object that Get-Item gives."""
    if isinstance(item, FilePath):
        return FileSystemInfo(call.session.machine, item.place)
    return RegistryKey(call.session.machine, call.session.machine.registry.spelled(item.key))


@cmdlet(
    "Test-Path",
    {"Path": "list[Any]", "LiteralPath": "list[Any]", "PathType": "str", "IsValid": "switch"},
    positional=("Path",), each=True,
)  # fmt: skip
def test_path(call: Call, item: Any) -> None:
    """Whether something is there."""
    if call.switch("IsValid"):
        raise Refused("Test-Path -IsValid is not imitated")
    kind = call.get("PathType", "Any").casefold()
    for path, literal in wanted_paths(call, item):
        try:
            found = resolve(call.session, path, literal=literal)
        except NetFailure:
            found = []
        if kind in ("leaf", "container"):
            found = [f for f in found if (isinstance(f, KeyPath) or f.place.is_dir()) == (kind == "container")]
        call.emit(bool(found))


@cmdlet(
    "Get-Item", {"Path": "list[Any]", "LiteralPath": "list[Any]", "Force": "switch"}, positional=("Path",), each=True
)
def get_item(call: Call, item: Any) -> None:
    """Things as objects."""
    for found in found_items(call, item):
        call.emit(as_object(call, found))


@cmdlet(
    "Get-ChildItem",
    {"Path": "list[Any]", "LiteralPath": "list[Any]", "Filter": "str", "Include": "list[str]", "Exclude": "list[str]",
     "Recurse": "switch", "Force": "switch", "Name": "switch"},
    positional=("Path", "Filter"), each=True,
)  # fmt: skip
def get_child_item(call: Call, item: Any) -> None:
    """What lies below."""
    for parent in found_items(call, item, default="."):
        if isinstance(parent, FilePath) and not parent.place.is_dir():
            _listed(call, parent)
            continue
        _list(call, parent)


def _list(call: Call, parent: ItemPath) -> None:
    below = children(call.session, parent)
    for child in below:
        _listed(call, child)
    if call.switch("Recurse"):
        for child in below:
            if isinstance(child, KeyPath) or child.place.is_dir():
                _list(call, child)


def _listed(call: Call, item: ItemPath) -> None:
    name = leaf(item)
    if "Filter" in call.given and not wildcard(call.get("Filter")).fullmatch(name):
        return
    if "Include" in call.given and not any(wildcard(each).fullmatch(name) for each in call.get("Include")):
        return
    if any(wildcard(each).fullmatch(name) for each in call.get("Exclude", [])):
        return
    call.emit(name if call.switch("Name") else as_object(call, item))


@cmdlet(
    "New-Item",
    {"Path": "list[str]", "Name": "str", "ItemType": "str", "Type": "str", "Value": "Any", "Force": "switch"},
    positional=("Path",),
)
def new_item(call: Call, _: list[Any]) -> None:
    """Make a file, a folder or a key."""
    for base in call.need("Path"):
        path = ntpath.join(base, call.get("Name")) if "Name" in call.given else base
        item = parse(call.session, path)
        if isinstance(item, KeyPath):
            _new_key(call, item)
        else:
            _new_file(call, item)


def _new_key(call: Call, item: KeyPath) -> None:
    registry = call.session.machine.registry
    parent = item.key.rpartition("\\")[0]
    if registry.exists(item.key) and not call.switch("Force"):
        call.error("A key in this path already exists.", "System.IO.IOException")
        return
    if not registry.exists(parent) and not call.switch("Force"):
        call.error(f"The registry key at the specified path does not exist: {parent}", _NOT_FOUND)
        return
    if registry.exists(item.key):
        # With -Force an existing key is made anew, empty.
        registry.delete(item.key)
    registry.create(item.key)
    call.emit(as_object(call, item))


def _new_file(call: Call, item: FilePath) -> None:
    kind = call.get("ItemType", call.get("Type"))
    if kind is None:
        call.need("Type")
    force = call.switch("Force")
    if kind.casefold() in ("directory", "container"):
        if item.place.is_dir() and not force:
            call.error(f"Item with specified name {item.native} already exists.", "System.IO.IOException")
            return
        if item.place.is_file():
            call.error(f"Item with specified name {item.native} already exists.", "System.IO.IOException")
            return
        item.place.mkdir(parents=True, exist_ok=True)
    elif kind.casefold() in ("file", "leaf"):
        if item.place.exists() and not force:
            call.error(f"The file '{item.native}' already exists.", "System.IO.IOException")
            return
        if force:
            item.place.parent.mkdir(parents=True, exist_ok=True)
        if not item.place.parent.is_dir():
            message = f"Could not find a part of the path '{item.native}'."
            call.error(message, "System.IO.DirectoryNotFoundException")
            return
        item.place.write_bytes(to_string(call.get("Value")).encode("utf-8"))
    else:
        message = 'The type is not a known type for the file system. Only "file" and "directory" can be specified.'
        raise NetFailure("System.ArgumentException", message)
    call.emit(as_object(call, item))


@cmdlet(
    "Remove-Item",
    {"Path": "list[Any]", "LiteralPath": "list[Any]", "Recurse": "switch", "Force": "switch", "Confirm": "bool"},
    positional=("Path",), each=True,
)  # fmt: skip
def remove_item(call: Call, item: Any) -> None:
    """Take away."""
    for found in found_items(call, item):
        if not item_exists(call.session, found):
            continue
        if children(call.session, found) and not call.switch("Recurse"):
            # Without a user to ask, PowerShell fails at its own question.
            message = (
                f"The item at {shown(found)} has children and the Recurse parameter was not specified; "
                "Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available."
            )
            call.error(message, "System.InvalidOperationException")
        elif isinstance(found, KeyPath):
            call.session.machine.registry.delete(found.key)
        elif found.place.is_dir():
            shutil.rmtree(found.place)
        elif not found.place.stat().st_mode & 0o200 and not call.switch("Force"):
            message = f"Cannot remove item {found.native}: Not enough permission to perform operation."
            call.error(message, "System.IO.IOException")
        else:
            found.place.unlink()


@cmdlet(
    "Copy-Item",
    {"Path": "list[Any]", "LiteralPath": "list[Any]", "Destination": "str", "Recurse": "switch", "Force": "switch",
     "PassThru": "switch"},
    positional=("Path", "Destination"), each=True,
)  # fmt: skip
def copy_item(call: Call, item: Any) -> None:
    """Copy files and folders."""
    target = _file(call, call.need("Destination"))
    for found in found_items(call, item):
        if isinstance(found, KeyPath):
            raise Refused("Copy-Item of registry keys is not imitated")
        place = target.place / found.place.name if target.place.is_dir() else target.place
        if not place.parent.is_dir():
            message = f"Could not find a part of the path '{target.native}'."
            call.error(message, "System.IO.DirectoryNotFoundException")
        elif found.place.is_dir() and call.switch("Recurse"):
            shutil.copytree(found.place, place, dirs_exist_ok=True)
        elif found.place.is_dir():
            place.mkdir(exist_ok=True)
        else:
            shutil.copy2(found.place, place)
        if call.switch("PassThru"):
            call.emit(FileSystemInfo(call.session.machine, place))


@cmdlet(
    "Move-Item",
    {"Path": "list[Any]", "LiteralPath": "list[Any]", "Destination": "str", "Force": "switch"},
    positional=("Path", "Destination"), each=True,
)  # fmt: skip
def move_item(call: Call, item: Any) -> None:
    """Move or rename files and folders."""
    target = _file(call, call.need("Destination"))
    for found in found_items(call, item):
        if isinstance(found, KeyPath):
            raise Refused("Move-Item of registry keys is not imitated")
        place = target.place / found.place.name if target.place.is_dir() else target.place
        if place.exists() and not (call.switch("Force") and place.is_file()):
            call.error("Cannot create a file when that file already exists.", "System.IO.IOException")
        elif not place.parent.is_dir():
            call.error("Could not find a part of the path.", "System.IO.DirectoryNotFoundException")
        else:
            found.place.rename(place)


@cmdlet("Rename-Item", {"Path": "str", "NewName": "str", "Force": "switch"}, positional=("Path", "NewName"))
def rename_item(call: Call, _: list[Any]) -> None:
    """Give another name in the same folder."""
    item = _file(call, call.need("Path"))
    place = item.place.parent / call.need("NewName")
    if not item.exists:
        call.error(f"Cannot rename because item at '{item.native}' does not exist.", _NOT_FOUND)
    elif place.exists():
        call.error("Cannot create a file when that file already exists.", "System.IO.IOException")
    else:
        item.place.rename(place)


def _file(call: Call, path: str) -> FilePath:
    item = parse(call.session, path)
    if isinstance(item, KeyPath):
        raise Refused(f"{call.cmdlet.name} of registry keys is not imitated")
    return item
