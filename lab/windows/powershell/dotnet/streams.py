"""Streams, readers and writers of System.IO."""

from __future__ import annotations

import fcntl
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.core import TYPES, NetObject, NetType, method, net_type, prop, setter
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.files import existing_file, writable_file
from lab.windows.powershell.dotnet.text import UTF8_PLAIN, Encoding
from lab.windows.powershell.errors import Refused
from lab.windows.powershell.values import VOID, Long

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine


class Stream(NetObject):
    """A FileStream or MemoryStream."""

    def __init__(self, content: io.BufferedIOBase, type_name: str) -> None:
        self.content = content
        self.type_name = type_name
        self.base_types = ("System.IO.Stream",)

    @prop("Length")
    def get_length(self) -> Long:
        place = self.content.tell()
        length = self.content.seek(0, os.SEEK_END)
        self.content.seek(place)
        return Long(length)

    @prop("Position")
    def get_position(self) -> Long:
        return Long(self.content.tell())

    @setter("Position")
    def set_position(self, value: int) -> None:
        self.content.seek(value)

    @method("Seek")
    def seek(self, offset: int, origin: Any) -> Long:
        whence = {"begin": os.SEEK_SET, "current": os.SEEK_CUR, "end": os.SEEK_END}[to_string(origin).casefold()]
        return Long(self.content.seek(offset, whence))

    @method("Read")
    def read(self, buffer: Any, offset: int, count: int) -> int:
        data = self.content.read(count)
        buffer[offset : offset + len(data)] = data
        return len(data)

    @method("Write")
    def write(self, data: Any, offset: int, count: int) -> Any:
        self.content.write(bytes(data[offset : offset + count]))
        return VOID

    @method("SetLength")
    def set_length(self, length: int) -> Any:
        self.content.truncate(length)
        return VOID

    @method("ToArray")
    def to_array(self) -> bytearray:
        self.content.seek(0)
        return bytearray(self.content.read())

    @method("Flush")
    def flush(self) -> Any:
        self.content.flush()
        return VOID

    @method("Close", "Dispose")
    def close(self) -> Any:
        self.content.close()
        return VOID


def open_file(engine: Engine, path: str, mode: Any, access: Any = "ReadWrite") -> Stream:
    """[IO.File]::Open: mode and access by name."""
    writing = to_string(access).casefold() != "read"
    place: Path
    match to_string(mode).casefold():
        case "open":
            place, how = existing_file(engine, path), "r+b" if writing else "rb"
        case "create":
            place, how = writable_file(engine, path), "w+b"
        case "createnew":
            place, how = writable_file(engine, path), "x+b"
            if place.exists():
                raise NetFailure("System.IO.IOException", f"The file '{path}' already exists.")
        case "openorcreate":
            place = writable_file(engine, path)
            how = "r+b" if place.exists() else "w+b"
        case "append":
            place, how = writable_file(engine, path), "ab"
        case other:
            raise Refused(f"file mode {other} is not imitated")
    return Stream(place.open(how), "System.IO.FileStream")  # type: ignore[arg-type]


def _keep_others_out(stream: Stream, path: str) -> None:
    """FileShare.None, among those who ask for it; the lock goes with the stream or with the process."""
    if not isinstance(stream.content, io.BufferedRandom):
        return
    try:
        fcntl.flock(stream.content.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stream.content.close()
        raise NetFailure(
            "System.IO.IOException",
            f"The process cannot access the file '{path}' because it is being used by another process.",
        ) from None


class Reader(NetObject):
    """StreamReader."""

    type_name = "System.IO.StreamReader"

    def __init__(self, stream: Stream, encoding: Encoding) -> None:
        self._stream = stream
        self._encoding = encoding
        self._text: str | None = None
        self._place = 0

    def _all(self) -> str:
        if self._text is None:
            data = self._stream.content.read()
            mark = self._encoding.mark
            self._text = self._encoding.decode(data[len(mark) :] if mark and data.startswith(mark) else data)
        return self._text

    @method("ReadToEnd")
    def read_to_end(self) -> str:
        text = self._all()[self._place :]
        self._place += len(text)
        return text

    @method("ReadLine")
    def read_line(self) -> str | None:
        rest = self._all()[self._place :]
        if not rest:
            return None
        line, end, _ = rest.partition("\n")
        self._place += len(line) + len(end)
        return line.rstrip("\r")

    @prop("EndOfStream")
    def end_of_stream(self) -> bool:
        return self._place >= len(self._all())

    @method("Close", "Dispose")
    def close(self) -> Any:
        self._stream.content.close()
        return VOID


class Writer(NetObject):
    """StreamWriter."""

    type_name = "System.IO.StreamWriter"

    def __init__(self, stream: Stream, encoding: Encoding) -> None:
        self._stream = stream
        self._encoding = encoding

    @method("WriteLine")
    def write_line(self, value: Any = "") -> Any:
        return self.write(to_string(value) + "\r\n")

    @method("Write")
    def write(self, value: Any) -> Any:
        self._stream.content.write(self._encoding.encode(to_string(value)))
        return VOID

    @method("Flush")
    def flush(self) -> Any:
        self._stream.content.flush()
        return VOID

    @method("Close", "Dispose")
    def close(self) -> Any:
        self._stream.content.close()
        return VOID


@net_type("System.IO.File")
class FileStreams:
    """Static members of File that open streams."""

    @method("Open")
    @staticmethod
    def open(engine: Engine, path: str, mode: Any, access: Any = "ReadWrite", share: Any = "None") -> Stream:
        stream = open_file(engine, path, mode, access)
        if to_string(share).casefold() == "none":
            _keep_others_out(stream, path)
        return stream

    @method("OpenRead")
    @staticmethod
    def open_read(engine: Engine, path: str) -> Stream:
        return open_file(engine, path, "Open", "Read")

    @method("OpenWrite")
    @staticmethod
    def open_write(engine: Engine, path: str) -> Stream:
        return open_file(engine, path, "OpenOrCreate")

    @method("Create")
    @staticmethod
    def create_file(engine: Engine, path: str) -> Stream:
        return open_file(engine, path, "Create")


def _file_stream(engine: Engine, path: str, mode: Any, access: Any = "ReadWrite", share: Any = "None") -> Stream:
    del share
    return open_file(engine, path, mode, access)


def _memory_stream(_: Engine, data: Any = None) -> Stream:
    return Stream(io.BytesIO(bytes(data or b"")), "System.IO.MemoryStream")


def _reader(engine: Engine, source: Any, encoding: Any = None, detect: bool = True) -> Reader:
    del detect
    stream = source if isinstance(source, Stream) else open_file(engine, to_string(source), "Open", "Read")
    return Reader(stream, encoding if isinstance(encoding, Encoding) else UTF8_PLAIN)


def _writer(engine: Engine, target: Any, append: Any = False, encoding: Any = None) -> Writer:
    chosen = next((each for each in (append, encoding) if isinstance(each, Encoding)), UTF8_PLAIN)
    if isinstance(target, Stream):
        return Writer(target, chosen)
    stream = open_file(engine, to_string(target), "Append" if append is True else "Create")
    if append is not True:
        stream.content.write(chosen.mark)
    return Writer(stream, chosen)


def _define(name: str, constructor: Callable[..., Any]) -> None:
    TYPES[name.casefold()] = NetType(name, constructor=constructor)


_define("System.IO.FileStream", _file_stream)
_define("System.IO.MemoryStream", _memory_stream)
_define("System.IO.StreamReader", _reader)
_define("System.IO.StreamWriter", _writer)
TYPES["system.io.stream"] = NetType("System.IO.Stream")
