"""FileInfo and DirectoryInfo: what Get-Item and Get-ChildItem give for files and folders."""

from __future__ import annotations

import ntpath
from pathlib import Path
from typing import Any

from lab.windows.machine import Machine
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop, setter
from lab.windows.powershell.dotnet.enums import EnumValue
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.time import DateTime
from lab.windows.powershell.values import VOID, Long


class FileSystemInfo(NetObject):
    """A file or a folder."""

    def __init__(self, machine: Machine, place: Path) -> None:
        self._machine = machine
        self.place = place
        self.type_name = "System.IO.DirectoryInfo" if place.is_dir() else "System.IO.FileInfo"
        self.base_types = ("System.IO.FileSystemInfo",)

    def to_string(self) -> str:
        return self.get_full_name()

    @prop("FullName")
    def get_full_name(self) -> str:
        return self._machine.tree.native(self.place)

    @prop("Name", "PSChildName")
    def get_name(self) -> str:
        return ntpath.basename(self.get_full_name()) or "C:\\"

    @prop("BaseName")
    def get_base_name(self) -> str:
        return ntpath.splitext(self.get_name())[0]

    @prop("Extension")
    def get_extension(self) -> str:
        return ntpath.splitext(self.get_name())[1]

    @prop("DirectoryName")
    def get_directory_name(self) -> str:
        return ntpath.dirname(self.get_full_name())

    @prop("Directory", "Parent")
    def get_parent(self) -> FileSystemInfo:
        return FileSystemInfo(self._machine, self.place.parent)

    @prop("PSIsContainer")
    def is_container(self) -> bool:
        return self.type_name == "System.IO.DirectoryInfo"

    @prop("Exists")
    def exists(self) -> bool:
        return self.place.exists()

    @prop("Length")
    def get_length(self) -> Long | None:
        if self.is_container():
            return None
        if not self.place.exists():
            raise NetFailure("System.IO.FileNotFoundException", f"Could not find file '{self.get_full_name()}'.")
        return Long(self.place.stat().st_size)

    @prop("LastWriteTime", "LastWriteTimeUtc", "CreationTime")
    def get_last_write_time(self) -> DateTime:
        return DateTime.from_timestamp(self.place.stat().st_mtime)

    @prop("IsReadOnly")
    def get_read_only(self) -> bool:
        return not self.place.stat().st_mode & 0o200

    @setter("IsReadOnly")
    def set_read_only(self, value: bool) -> None:
        mode = self.place.stat().st_mode
        self.place.chmod(mode & ~0o222 if value else mode | 0o200)

    @prop("Attributes")
    def get_attributes(self) -> EnumValue:
        name, number = ("Directory", 16) if self.is_container() else ("Archive", 32)
        if self.get_read_only():
            name, number = f"ReadOnly, {name}", number + 1
        return EnumValue("System.IO.FileAttributes", name, number)

    @method("Delete")
    def delete(self) -> Any:
        self.place.unlink(missing_ok=True)
        return VOID

    @method("Refresh")
    def refresh(self) -> Any:
        return VOID


def _create(engine: Any, path: str) -> FileSystemInfo:
    from lab.windows.powershell.dotnet.files import place_of  # noqa: PLC0415 - that module makes these objects too

    return FileSystemInfo(engine.session.machine, place_of(engine, path))


@net_type("System.IO.FileInfo")
class FileInfoType:
    """Static members."""

    create = staticmethod(_create)


@net_type("System.IO.DirectoryInfo")
class DirectoryInfoType:
    """Static members."""

    create = staticmethod(_create)
