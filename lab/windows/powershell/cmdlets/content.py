"""Cmdlets on the content of files, and on locations."""

from __future__ import annotations

import ntpath
from typing import Any

from lab.windows.powershell.cmdlets.core import Call, cmdlet
from lab.windows.powershell.cmdlets.items import found_items, wanted_paths
from lab.windows.powershell.conversions import to_bytes, to_string
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.files import decode_file
from lab.windows.powershell.dotnet.text import ANSI, ASCII, UTF8, UTF16, Encoding
from lab.windows.powershell.errors import Refused
from lab.windows.powershell.formatting import display_lines
from lab.windows.powershell.paths import FilePath, KeyPath, parse, shown
from lab.windows.powershell.values import VOID, Byte, items_of

_ENCODINGS: dict[str, Encoding] = {
    "ascii": ASCII, "unicode": UTF16, "utf8": UTF8, "default": ANSI, "string": UTF16,
}  # fmt: skip


def _encoding(call: Call, default: Encoding) -> Encoding | None:
    """The encoding asked for; None for bytes."""
    name = call.get("Encoding", "").casefold()
    if not name:
        return default
    if name == "byte":
        return None
    if name not in _ENCODINGS:
        raise Refused(f"PowerShell 2.0's {call.cmdlet.name} knows no encoding {name}, or the lab does not imitate it")
    return _ENCODINGS[name]


@cmdlet(
    "Get-Content",
    {"Path": "list[Any]", "LiteralPath": "list[Any]", "TotalCount": "int", "Encoding": "str", "ReadCount": "int",
     "Force": "switch"},
    positional=("Path",), each=True,
)  # fmt: skip
def get_content(call: Call, item: Any) -> None:
    """The lines of files."""
    encoding = _encoding(call, ANSI)
    for found in found_items(call, item):
        if not isinstance(found, FilePath) or found.place.is_dir():
            raise NetFailure("System.UnauthorizedAccessException", f"Access to the path '{shown(found)}' is denied.")
        data = found.place.read_bytes()
        lines: list[Any] = [Byte(value) for value in data]
        if encoding is not None:
            lines = decode_file(data, encoding).replace("\r\n", "\n").replace("\r", "\n").split("\n")
            lines = lines[:-1] if lines[-1] == "" else lines
        lines = lines[: call.get("TotalCount")] if "TotalCount" in call.given else lines
        if call.get("ReadCount", 1) == 0:
            call.emit(lines)
        else:
            for line in lines:
                call.emit(line)


def _write(call: Call, items: list[Any], *, append: bool) -> None:
    values = items_of(call.get("Value")) if "Value" in call.given else items
    encoding = _encoding(call, ANSI)
    if encoding is None:
        data = to_bytes(values)
    else:
        text = "".join(to_string(line) + "\r\n" for value in values for line in (display_lines(value) or [""]))
        data = encoding.encode(text)
    for path, _ in wanted_paths(call, VOID):
        found = parse(call.session, path)
        if isinstance(found, KeyPath):
            raise Refused(f"{call.cmdlet.name} of registry keys is not imitated")
        if not found.place.parent.is_dir():
            raise NetFailure(
                "System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{found.native}'."
            )
        if append and found.place.exists():
            found.place.write_bytes(found.place.read_bytes() + data)
        else:
            found.place.write_bytes((encoding.mark if encoding else b"") + data)


@cmdlet(
    "Set-Content",
    {"Path": "list[Any]", "LiteralPath": "list[Any]", "Value": "Any", "Encoding": "str", "Force": "switch"},
    positional=("Path", "Value"),
)
def set_content(call: Call, items: list[Any]) -> None:
    """Write files."""
    _write(call, items, append=False)


@cmdlet(
    "Add-Content",
    {"Path": "list[Any]", "LiteralPath": "list[Any]", "Value": "Any", "Encoding": "str", "Force": "switch"},
    positional=("Path", "Value"),
)
def add_content(call: Call, items: list[Any]) -> None:
    """Write behind what is there."""
    _write(call, items, append=True)


@cmdlet("Clear-Content", {"Path": "list[Any]"}, positional=("Path",))
def clear_content(call: Call, _: list[Any]) -> None:
    """Empty files."""
    for found in found_items(call, VOID):
        if isinstance(found, FilePath):
            found.place.write_bytes(b"")


@cmdlet("Out-File", {"FilePath": "str", "Encoding": "str", "Append": "switch", "Width": "int", "Force": "switch"},
        positional=("FilePath", "Encoding"))  # fmt: skip
def out_file(call: Call, items: list[Any]) -> None:
    """Write as displayed; UTF-16 unless told otherwise, wrapped at the width (80)."""
    width = call.get("Width", 80)
    encoding = _encoding(call, UTF16) or UTF16
    lines = [line for item in items for line in display_lines(item)]
    cut = [line[start : start + width] for line in lines for start in range(0, max(len(line), 1), width)]
    found = parse(call.session, call.need("FilePath"))
    if isinstance(found, KeyPath) or not found.place.parent.is_dir():
        raise NetFailure("System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{shown(found)}'.")
    data = encoding.encode("".join(line + "\r\n" for line in cut))
    if call.switch("Append") and found.place.exists():
        found.place.write_bytes(found.place.read_bytes() + data)
    else:
        found.place.write_bytes(encoding.mark + data)


# -- locations and names -----------------------------------------------------------------------------------------------
@cmdlet("Get-Location", {})
def get_location(call: Call, _: list[Any]) -> None:
    """The current folder."""
    call.emit(call.session.directory)


@cmdlet("Set-Location", {"Path": "str", "LiteralPath": "str"}, positional=("Path",))
def set_location(call: Call, _: list[Any]) -> None:
    """Change the current folder."""
    path = call.get("LiteralPath") or call.need("Path")
    found = parse(call.session, path)
    if isinstance(found, KeyPath):
        raise Refused("Set-Location to registry keys is not imitated")
    if not found.place.is_dir():
        call.error(
            f"Cannot find path '{found.native}' because it does not exist.",
            "System.Management.Automation.ItemNotFoundException",
        )
        return
    call.session.directory = found.native


@cmdlet("Join-Path", {"Path": "str", "ChildPath": "str"}, positional=("Path", "ChildPath"))
def join_path(call: Call, _: list[Any]) -> None:
    """Two parts of a path as one."""
    call.emit(call.need("Path").rstrip("\\") + "\\" + call.need("ChildPath").lstrip("\\"))


@cmdlet(
    "Split-Path", {"Path": "str", "Parent": "switch", "Leaf": "switch", "Qualifier": "switch"}, positional=("Path",)
)
def split_path(call: Call, _: list[Any]) -> None:
    """A part of a path."""
    path = call.need("Path").rstrip("\\")
    if call.switch("Qualifier"):
        call.emit(ntpath.splitdrive(path)[0])
    else:
        call.emit(ntpath.basename(path) if call.switch("Leaf") else ntpath.dirname(path))


@cmdlet("Resolve-Path", {"Path": "list[Any]"}, positional=("Path",), each=True)
def resolve_path(call: Call, item: Any) -> None:
    """The full names of what is there."""
    for found in found_items(call, item):
        call.emit(shown(found))
