"""System.Diagnostics.Process."""

from __future__ import annotations

import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from lab.windows import command_line
from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop, setter
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.start_info import StartInfo
from lab.windows.powershell.errors import Refused
from lab.windows.powershell.values import VOID
from lab.windows.processes import NotAProgram
from lab.windows.session import CODE_PAGE, Session

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine


class InputWriter(NetObject):
    """Process.StandardInput."""

    type_name = "System.IO.StreamWriter"

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    @method("WriteLine")
    def write_line(self, value: Any = "") -> Any:
        return self.write(to_string(value) + "\r\n")

    @method("Write")
    def write(self, value: Any) -> Any:
        try:
            self._stream.write(to_string(value).encode(CODE_PAGE, "replace"))
            self._stream.flush()
        except (BrokenPipeError, ValueError):
            raise NetFailure("System.IO.IOException", "The pipe has been ended.") from None
        return VOID

    @method("Close", "Dispose")
    def close(self) -> Any:
        with suppress(BrokenPipeError):
            self._stream.close()
        return VOID

    @method("Flush")
    def flush(self) -> Any:
        return VOID


class OutputReader(NetObject):
    """Process.StandardOutput and StandardError: read in the background, so that a full pipe never blocks the lab."""

    type_name = "System.IO.StreamReader"

    def __init__(self, stream: IO[bytes]) -> None:
        self._data = b""
        self._stream = stream
        self._reader = threading.Thread(target=self._drain, daemon=True)
        self._reader.start()
        self._taken = 0

    def _drain(self) -> None:
        self._data = self._stream.read()

    def _text(self) -> str:
        self._reader.join()
        return self._data.decode(CODE_PAGE)

    @method("ReadToEnd")
    def read_to_end(self) -> str:
        text = self._text()[self._taken :]
        self._taken += len(text)
        return text

    @method("ReadLine")
    def read_line(self) -> str | None:
        rest = self._text()[self._taken :]
        if not rest:
            return None
        line, end, _ = rest.partition("\n")
        self._taken += len(line) + len(end)
        return line.rstrip("\r")

    @prop("EndOfStream")
    def end_of_stream(self) -> bool:
        return self._taken >= len(self._text())

    @method("Close", "Dispose")
    def close(self) -> Any:
        return VOID


class ProcessObject(NetObject):
    """A process: one to start, a started one, or one of the process list."""

    type_name = "System.Diagnostics.Process"

    def __init__(self, session: Session, info: StartInfo | None = None, pid: int = 0, name: str = "") -> None:
        self.session = session
        self.info = info
        self.pid = pid
        self.name = name
        self._process: subprocess.Popen[bytes] | None = None
        self._readers: dict[str, OutputReader] = {}
        self._input: InputWriter | None = None
        self._code: int | None = None

    # -- starting ------------------------------------------------------------------------------------------------------
    @prop("StartInfo")
    def get_start_info(self) -> StartInfo | None:
        return self.info

    @setter("StartInfo")
    def set_start_info(self, value: Any) -> None:
        self.info = value

    @method("Start")
    def start_method(self) -> bool:
        self.start({})
        return True

    def start(self, files: dict[str, Path]) -> None:
        """Start what StartInfo says, with output into `files` (`out`, `err`) where given."""
        info = self.info
        if info is None or not info.file_name:
            raise NetFailure(
                "System.InvalidOperationException", "Cannot start process because a file name has not been provided."
            )
        if info.redirected and info.shell_execute:
            message = (
                "The Process object must have the UseShellExecute property set to false in order to redirect IO "
                "streams."
            )
            raise NetFailure("System.InvalidOperationException", message)
        session = self.session
        directory = info.directory or session.directory
        if not session.machine.tree.path(directory).is_dir():
            raise NetFailure("System.ComponentModel.Win32Exception", "The directory name is invalid", 267)
        program = session.machine.processes.find(info.file_name.strip('"'), session.environment, session.directory)
        if program is None:
            raise NetFailure("System.ComponentModel.Win32Exception", "The system cannot find the file specified", 2)
        opened = {name: place.open("wb") for name, place in files.items()}
        try:
            self._process = session.machine.processes.start(
                program, command_line.arguments(program, info.arguments), user=session.user,
                environment=info.environment, directory=directory, stdin=self._end("in"),
                stdout=opened.get("out", self._end("out")), stderr=opened.get("err", self._end("err")),
                own_group=session.job.root,
            )  # fmt: skip
        except NotAProgram as refused:
            raise NetFailure("System.ComponentModel.Win32Exception", str(refused), refused.code) from None
        finally:
            for stream in opened.values():
                stream.close()
        self.pid = self._process.pid
        if session.job.root:
            session.job.add(self.pid)
        self._attach()

    def _end(self, stream: str) -> int:
        # What is not redirected is the console's, of which a process under WinRM has none to show.
        return subprocess.PIPE if self.info is not None and stream in self.info.redirected else subprocess.DEVNULL

    def _attach(self) -> None:
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            self._input = InputWriter(process.stdin)
        for name, stream in (("out", process.stdout), ("err", process.stderr)):
            if stream is not None:
                self._readers[name] = OutputReader(stream)

    # -- streams -------------------------------------------------------------------------------------------------------
    @prop("StandardInput")
    def get_input(self) -> InputWriter:
        if self._input is None:
            raise NetFailure("System.InvalidOperationException", "StandardIn has not been redirected.")
        return self._input

    @prop("StandardOutput")
    def get_output(self) -> OutputReader:
        return self._reader("out", "StandardOut")

    @prop("StandardError")
    def get_error(self) -> OutputReader:
        return self._reader("err", "StandardError")

    def _reader(self, name: str, shown: str) -> OutputReader:
        if name not in self._readers:
            raise NetFailure(
                "System.InvalidOperationException",
                f"{shown} has not been redirected or the process hasn't started yet.",
            )
        return self._readers[name]

    # -- state ---------------------------------------------------------------------------------------------------------
    def wait(self, milliseconds: int | None = None) -> bool:
        """Wait for the end; False when it has not come in time."""
        if self._process is None:
            raise Refused("waiting for a process that this program did not start is not imitated")
        try:
            self._process.wait(None if milliseconds is None else milliseconds / 1000)
        except subprocess.TimeoutExpired:
            return False
        self.session.job.drop(self.pid)
        return True

    @method("WaitForExit")
    def wait_for_exit(self, milliseconds: int | None = None) -> Any:
        ended = self.wait(milliseconds)
        return VOID if milliseconds is None else ended

    @prop("HasExited")
    def has_exited(self) -> bool:
        if self._process is not None:
            return self._process.poll() is not None
        return self.pid not in {process.pid for process in self.session.machine.processes.list()}

    @prop("ExitCode")
    def get_exit_code(self) -> int:
        if self._process is None or self._process.poll() is None:
            message = "Process must exit before requested information can be determined."
            raise NetFailure("System.InvalidOperationException", message)
        if self._code is None:
            self._code = self.session.machine.processes.exit_code(self._process)
        return self._code - 2**32 if self._code >= 2**31 else self._code

    @prop("Id")
    def get_id(self) -> int:
        return self.pid

    @prop("Name", "ProcessName")
    def get_name(self) -> str:
        name = self.name or (self.info.file_name.rpartition("\\")[2] if self.info else "")
        return name[:-4] if name.lower().endswith(".exe") else name

    @method("Kill")
    def kill(self) -> Any:
        if self._process is not None:
            self._process.kill()
        else:
            self.session.machine.processes.kill(self.pid)
        return VOID

    @method("Close", "Dispose", "Refresh")
    def close(self) -> Any:
        return VOID


def listed(session: Session) -> list[ProcessObject]:
    """The host's processes."""
    return [ProcessObject(session, pid=p.pid, name=p.name) for p in session.machine.processes.list()]


@net_type("System.Diagnostics.Process")
class ProcessType:
    """Static members."""

    @method("Start")
    @staticmethod
    def start(engine: Engine, what: Any, arguments: str = "") -> ProcessObject:
        info = what
        if not isinstance(what, StartInfo):
            info = StartInfo(engine)
            info.file_name, info.arguments = to_string(what), arguments
        process = ProcessObject(engine.session, info)
        process.start({})
        return process

    @method("GetProcessById")
    @staticmethod
    def get_by_id(engine: Engine, pid: int) -> ProcessObject:
        found = [process for process in listed(engine.session) if process.pid == pid]
        if not found:
            raise NetFailure("System.ArgumentException", f"Process with an Id of {pid} is not running.")
        return found[0]

    @staticmethod
    def create(engine: Engine) -> ProcessObject:
        return ProcessObject(engine.session, StartInfo(engine))
