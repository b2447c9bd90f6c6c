"""System.IO: files, folders, paths, on the host's `C:` drive."""

from __future__ import annotations

import ntpath
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.core import method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.text import UTF8_PLAIN, Encoding
from lab.windows.powershell.dotnet.time import DateTime
from lab.windows.powershell.values import VOID
from lab.windows.powershell.wildcard import wildcard
from lab.windows.tree import PathRefused, absolute

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine

_REFUSALS = {
    "format": "System.ArgumentException", "drive": "System.IO.DirectoryNotFoundException",
    "network": "System.IO.IOException", "too-long": "System.IO.PathTooLongException",
}  # fmt: skip


def place_of(engine: Engine, native: str) -> Path:
    """Where a path of the host lies. .NET's current directory is the process's own: Set-Location does not move it."""
    if not native.strip():
        raise NetFailure("System.ArgumentException", "The path is not of a legal form.")
    try:
        return engine.session.machine.tree.path(native, engine.session.machine.profile(engine.session.user))
    except PathRefused as refused:
        raise NetFailure(_REFUSALS[refused.reason], str(refused)) from None


def existing_file(engine: Engine, native: str) -> Path:
    """The place of a file that must be there."""
    place = place_of(engine, native)
    if place.is_dir():
        raise NetFailure("System.UnauthorizedAccessException", f"Access to the path '{native}' is denied.")
    if not place.exists():
        if not place.parent.is_dir():
            raise NetFailure("System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{native}'.")
        raise NetFailure("System.IO.FileNotFoundException", f"Could not find file '{native}'.")
    return place


def writable_file(engine: Engine, native: str) -> Path:
    """The place of a file to write: its folder must be there."""
    place = place_of(engine, native)
    if not place.parent.is_dir():
        raise NetFailure("System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{native}'.")
    if place.is_dir() or (place.exists() and not os.stat(place).st_mode & 0o200):  # noqa: PTH116
        raise NetFailure("System.UnauthorizedAccessException", f"Access to the path '{native}' is denied.")
    return place


def decode_file(data: bytes, encoding: Encoding | None = None) -> str:
    """File content as text: a byte order mark decides before the encoding asked for."""
    for mark, codec in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    return (encoding or UTF8_PLAIN).decode(data)


@net_type("System.IO.File")
class File:
    """Static members."""

    @method("Exists")
    @staticmethod
    def exists(engine: Engine, path: str) -> bool:
        try:
            return place_of(engine, path).is_file()
        except NetFailure:
            return False

    @method("ReadAllText")
    @staticmethod
    def read_all_text(engine: Engine, path: str, encoding: Encoding | None = None) -> str:
        return decode_file(existing_file(engine, path).read_bytes(), encoding)

    @method("ReadAllLines")
    @staticmethod
    def read_all_lines(engine: Engine, path: str, encoding: Encoding | None = None) -> list[str]:
        text = decode_file(existing_file(engine, path).read_bytes(), encoding)
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return lines[:-1] if lines[-1] == "" else lines

    @method("ReadAllBytes")
    @staticmethod
    def read_all_bytes(engine: Engine, path: str) -> bytearray:
        return bytearray(existing_file(engine, path).read_bytes())

    @method("WriteAllText")
    @staticmethod
    def write_all_text(engine: Engine, path: str, text: str, encoding: Encoding = UTF8_PLAIN) -> Any:
        writable_file(engine, path).write_bytes(encoding.mark + encoding.encode(text))
        return VOID

    @method("WriteAllLines")
    @staticmethod
    def write_all_lines(engine: Engine, path: str, lines: list[str], encoding: Encoding = UTF8_PLAIN) -> Any:
        text = "".join(line + "\r\n" for line in lines)
        writable_file(engine, path).write_bytes(encoding.mark + encoding.encode(text))
        return VOID

    @method("WriteAllBytes")
    @staticmethod
    def write_all_bytes(engine: Engine, path: str, data: bytes) -> Any:
        writable_file(engine, path).write_bytes(data)
        return VOID

    @method("AppendAllText")
    @staticmethod
    def append_all_text(engine: Engine, path: str, text: str, encoding: Encoding = UTF8_PLAIN) -> Any:
        with writable_file(engine, path).open("ab") as content:
            content.write(encoding.encode(text))
        return VOID

    @method("Delete")
    @staticmethod
    def delete(engine: Engine, path: str) -> Any:
        place = place_of(engine, path)
        if place.is_dir():
            raise NetFailure("System.UnauthorizedAccessException", f"Access to the path '{path}' is denied.")
        if not place.parent.is_dir():
            raise NetFailure("System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{path}'.")
        place.unlink(missing_ok=True)
        return VOID

    @method("Copy")
    @staticmethod
    def copy(engine: Engine, source: str, target: str, overwrite: bool = False) -> Any:
        place = writable_file(engine, target)
        if place.exists() and not overwrite:
            raise NetFailure("System.IO.IOException", f"The file '{target}' already exists.")
        shutil.copy2(existing_file(engine, source), place)
        return VOID

    @method("Move")
    @staticmethod
    def move(engine: Engine, source: str, target: str) -> Any:
        place = writable_file(engine, target)
        origin = existing_file(engine, source)
        if place.exists():
            raise NetFailure("System.IO.IOException", "Cannot create a file when that file already exists.\r\n")
        origin.rename(place)
        return VOID

    @method("Replace")
    @staticmethod
    def replace(engine: Engine, source: str, target: str, backup: str | None = None) -> Any:
        origin, place = existing_file(engine, source), existing_file(engine, target)
        if backup:
            shutil.copy2(place, writable_file(engine, backup))
        origin.replace(place)
        return VOID

    @method("GetLastWriteTime")
    @staticmethod
    def get_last_write_time(engine: Engine, path: str) -> DateTime:
        return DateTime.from_timestamp(existing_file(engine, path).stat().st_mtime)


@net_type("System.IO.Directory")
class Directory:
    """Static members."""

    @method("Exists")
    @staticmethod
    def exists(engine: Engine, path: str) -> bool:
        try:
            return place_of(engine, path).is_dir()
        except NetFailure:
            return False

    @method("CreateDirectory")
    @staticmethod
    def create_directory(engine: Engine, path: str) -> Any:
        place = place_of(engine, path)
        try:
            place.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise NetFailure(
                "System.IO.IOException", f'Cannot create "{path}" because a file with the same name already exists.'
            ) from None
        from lab.windows.powershell.dotnet.file_info import FileSystemInfo  # noqa: PLC0415 - needs this module

        return FileSystemInfo(engine.session.machine, place)

    @method("Delete")
    @staticmethod
    def delete(engine: Engine, path: str, recursive: bool = False) -> Any:
        place = place_of(engine, path)
        if not place.is_dir():
            raise NetFailure("System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{path}'.")
        if any(place.iterdir()) and not recursive:
            raise NetFailure("System.IO.IOException", "The directory is not empty.\r\n")
        shutil.rmtree(place)
        return VOID

    @method("GetFiles")
    @staticmethod
    def get_files(engine: Engine, path: str, pattern: str = "*", option: Any = None) -> list[str]:
        return _entries(engine, path, pattern, option, files=True)

    @method("GetDirectories")
    @staticmethod
    def get_directories(engine: Engine, path: str, pattern: str = "*", option: Any = None) -> list[str]:
        return _entries(engine, path, pattern, option, files=False)

    @method("Move")
    @staticmethod
    def move(engine: Engine, source: str, target: str) -> Any:
        place_of(engine, source).rename(place_of(engine, target))
        return VOID


def _entries(engine: Engine, path: str, pattern: str, option: Any, *, files: bool) -> list[str]:
    place = place_of(engine, path)
    if not place.is_dir():
        raise NetFailure("System.IO.DirectoryNotFoundException", f"Could not find a part of the path '{path}'.")
    deep = to_string(option).casefold() in ("alldirectories", "1")
    matcher = wildcard("*" if pattern == "*.*" else pattern)
    tree = engine.session.machine.tree
    found = [entry for entry in (place.rglob("*") if deep else place.iterdir()) if entry.is_file() == files]
    return sorted((tree.native(entry) for entry in found if matcher.fullmatch(entry.name)), key=str.casefold)


@net_type("System.IO.Path")
class PathType:
    """Static members: they work on text alone."""

    @method("Combine")
    @staticmethod
    def combine(_: Any, first: str, second: str) -> str:
        return second if ntpath.isabs(second) else ntpath.join(first, second)

    @method("GetFileName")
    @staticmethod
    def get_file_name(_: Any, path: str) -> str:
        return ntpath.basename(path)

    @method("GetFileNameWithoutExtension")
    @staticmethod
    def get_stem(_: Any, path: str) -> str:
        return ntpath.splitext(ntpath.basename(path))[0]

    @method("GetExtension")
    @staticmethod
    def get_extension(_: Any, path: str) -> str:
        return ntpath.splitext(path)[1]

    @method("ChangeExtension")
    @staticmethod
    def change_extension(_: Any, path: str, extension: str) -> str:
        return ntpath.splitext(path)[0] + ("" if extension.startswith(".") else ".") + extension

    @method("GetDirectoryName")
    @staticmethod
    def get_directory_name(_: Any, path: str) -> str | None:
        return ntpath.dirname(path.rstrip("\\")) if ntpath.splitdrive(path)[1] not in ("", "\\") else None

    @method("GetPathRoot")
    @staticmethod
    def get_path_root(_: Any, path: str) -> str:
        drive, rest = ntpath.splitdrive(path)
        return drive + ("\\" if rest.startswith(("\\", "/")) else "")

    @method("GetFullPath")
    @staticmethod
    def get_full_path(engine: Engine, path: str) -> str:
        place_of(engine, path)
        return absolute(path, engine.session.machine.profile(engine.session.user))

    @method("IsPathRooted")
    @staticmethod
    def is_path_rooted(_: Any, path: str) -> bool:
        return path.startswith(("\\", "/")) or path[1:2] == ":"

    @method("HasExtension")
    @staticmethod
    def has_extension(_: Any, path: str) -> bool:
        return ntpath.splitext(path)[1] != ""

    @method("GetTempPath")
    @staticmethod
    def get_temp_path(engine: Engine) -> str:
        return engine.session.environment["TEMP"] + "\\"

    @method("GetTempFileName")
    @staticmethod
    def get_temp_file_name(engine: Engine) -> str:
        name = f"{engine.session.environment['TEMP']}\\tmp{time.monotonic_ns() & 0xFFFFFF:X}.tmp"
        writable_file(engine, name).write_bytes(b"")
        return name

    @method("GetRandomFileName")
    @staticmethod
    def get_random_file_name(_: Any) -> str:
        return f"{os.urandom(4).hex()}.{os.urandom(2).hex()[:3]}"

    @method("GetInvalidFileNameChars")
    @staticmethod
    def get_invalid(_: Any) -> list[str]:
        return list('"<>|:*?\\/')

    @prop("DirectorySeparatorChar")
    @staticmethod
    def separator(_: Any) -> str:
        return "\\"
