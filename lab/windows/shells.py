"""WinRM's shells and the commands in them."""

from __future__ import annotations

import base64
import threading
import time
import traceback
from collections.abc import Callable
from xml.etree.ElementTree import Element

from lab.windows import soap
from lab.windows.session import Job
from lab.windows.soap import NAMESPACES, SHELL, Request

MAX_COMMAND_LINE = 8191


class Command:
    """A command: `line` as cmd.exe would get it, its streams, its end. `console` when no input will be sent."""

    def __init__(self, user: str, line: str, *, console: bool) -> None:
        self.id = soap.new_id()
        self.user = user
        self.line = line
        self.job = Job(root=True)
        self.exit_code: int | None = None
        self._input = bytearray()
        self._input_ended = threading.Event()
        if console:
            self._input_ended.set()
        self._output: dict[str, bytearray] = {"stdout": bytearray(), "stderr": bytearray()}
        self._news = threading.Condition()

    # -- the program's side --------------------------------------------------------------------------------------------
    def read(self) -> bytes:
        """All of standard input; waits for its end, or for the end of the command."""
        while not self._input_ended.wait(0.5):
            if self.job.ended.is_set():
                return b""
        return bytes(self._input)

    def write(self, data: bytes) -> None:
        """Standard output."""
        self._put("stdout", data)

    def complain(self, data: bytes) -> None:
        """Standard error."""
        self._put("stderr", data)

    def _put(self, stream: str, data: bytes) -> None:
        with self._news:
            self._output[stream] += data
            self._news.notify_all()

    def finish(self, code: int) -> None:
        """The program has ended."""
        with self._news:
            self.exit_code = code
            self._news.notify_all()

    # -- the client's side ---------------------------------------------------------------------------------------------
    def send(self, data: bytes, *, end: bool) -> None:
        """More standard input."""
        self._input += data
        if end:
            self._input_ended.set()

    def receive(self, timeout: float) -> tuple[dict[str, bytes], int | None]:
        """New output and, when all is told, the exit code. Raises the timeout fault when nothing happens."""
        deadline = time.monotonic() + timeout
        with self._news:
            while self.exit_code is None and not any(self._output.values()):
                if not self._news.wait(deadline - time.monotonic()):
                    raise soap.timed_out()
            taken = {name: bytes(data) for name, data in self._output.items()}
            for data in self._output.values():
                data.clear()
            return taken, self.exit_code


Execute = Callable[[Command], int]


class Shells:
    """All shells of a host; requests come in from several connections at once."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute
        self._shells: dict[str, tuple[str, dict[str, Command]]] = {}
        self._lock = threading.Lock()
        self._verbs: dict[str, Callable[[Request, str], str]] = {
            "Create": self._create, "Command": self._command, "Send": self._send, "Receive": self._receive,
            "Signal": self._signal, "Delete": self._delete,
        }  # fmt: skip

    def serve(self, request: Request, user: str) -> str:
        """The body of the answer. Raises `Fault`."""
        verb = self._verbs.get(request.verb)
        if verb is None:
            raise soap.invalid(f"The action {request.action} is not supported by the service.")
        return verb(request, user)

    def close_all(self) -> None:
        """End every command."""
        with self._lock:
            shells = list(self._shells.values())
            self._shells.clear()
        for _, commands in shells:
            for command in commands.values():
                command.job.end()

    # -- verbs ---------------------------------------------------------------------------------------------------------
    def _create(self, request: Request, user: str) -> str:
        del request
        shell = soap.new_id()
        with self._lock:
            self._shells[shell] = (user, {})
        return (
            f"<rsp:Shell><rsp:ShellId>{shell}</rsp:ShellId></rsp:Shell><a:ReferenceParameters><w:SelectorSet>"
            f'<w:Selector Name="ShellId">{shell}</w:Selector></w:SelectorSet></a:ReferenceParameters>'
        )

    def _command(self, request: Request, user: str) -> str:
        commands = self._commands(request, user)
        words = [_content(request.body, "rsp:Command")]
        words += [each.text or "" for each in request.body.iterfind(".//rsp:Arguments", NAMESPACES)]
        line = " ".join(words)
        if len(line) > MAX_COMMAND_LINE:
            raise soap.invalid(f"The command line is {len(line)} characters long; cmd.exe takes {MAX_COMMAND_LINE}.")
        console = request.options.get("WINRS_CONSOLEMODE_STDIN", "TRUE").upper() != "FALSE"
        command = Command(user, line, console=console)
        commands[command.id] = command
        threading.Thread(target=self._run, args=(command,), daemon=True).start()
        return f"<rsp:CommandResponse><rsp:CommandId>{command.id}</rsp:CommandId></rsp:CommandResponse>"

    def _run(self, command: Command) -> None:
        try:
            code = self._execute(command)
        except Exception:
            command.complain(f"lab: {traceback.format_exc()}".encode())
            code = 1
        command.finish(code)

    def _send(self, request: Request, user: str) -> str:
        for stream in request.body.iterfind(".//rsp:Stream", NAMESPACES):
            command = self._one(request, user, stream)
            end = (stream.get("End") or "").casefold() in ("true", "1")
            command.send(base64.b64decode(stream.text or ""), end=end)
        return "<rsp:SendResponse/>"

    def _receive(self, request: Request, user: str) -> str:
        wanted = request.body.find(".//rsp:DesiredStream", NAMESPACES)
        command = self._one(request, user, wanted)
        output, code = command.receive(request.timeout)
        content = "".join(
            f'<rsp:Stream Name="{name}" CommandId="{command.id}">{base64.b64encode(data).decode()}</rsp:Stream>'
            for name, data in output.items()
            if data
        )
        state = f"{SHELL}/CommandState/" + ("Running" if code is None else "Done")
        ended = "" if code is None else f"<rsp:ExitCode>{code & 0xFFFFFFFF}</rsp:ExitCode>"
        return (
            f"<rsp:ReceiveResponse>{content}"
            f'<rsp:CommandState CommandId="{command.id}" State="{state}">{ended}</rsp:CommandState>'
            "</rsp:ReceiveResponse>"
        )

    def _signal(self, request: Request, user: str) -> str:
        signal = request.body.find(".//rsp:Signal", NAMESPACES)
        command = self._one(request, user, signal)
        if _content(request.body, "rsp:Code").endswith("/terminate"):
            command.job.end()
            self._commands(request, user).pop(command.id, None)
        return "<rsp:SignalResponse/>"

    def _delete(self, request: Request, user: str) -> str:
        commands = self._commands(request, user)
        with self._lock:
            self._shells.pop(request.selectors["ShellId"], None)
        for command in commands.values():
            command.job.end()
        return ""

    # -- finding -------------------------------------------------------------------------------------------------------
    def _commands(self, request: Request, user: str) -> dict[str, Command]:
        with self._lock:
            owner, commands = self._shells.get(request.selectors.get("ShellId", ""), ("", {}))
        if owner.casefold() != user.casefold():
            raise soap.no_such_shell()
        return commands

    def _one(self, request: Request, user: str, element: Element | None) -> Command:
        identifier = element.get("CommandId", "") if element is not None else ""
        command = self._commands(request, user).get(identifier)
        if command is None:
            raise soap.invalid("The Windows Remote Shell received a request for a command that it does not have.")
        return command


def _content(body: Element, name: str) -> str:
    found = body.find(f".//{name}", NAMESPACES)
    return (found.text or "") if found is not None else ""
