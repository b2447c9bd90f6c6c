"""One run: what Jython asks while it works through the steps, and what happens with changes that nobody saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from lab.host import Host
from lab.products.was.admin import Admin
from lab.products.was.errors import NotReachable, ScriptingError
from lab.products.was.wsadmin import dialect, wire
from lab.products.was.wsadmin.clients import Unconnected
from lab.products.was.wsadmin.messages import Messages

_UNSAVED = {
    "file": (
        'WASX7309W: No "save" was performed before the script "{name}" exited; configuration changes will not be saved.'
    ),
    "interactive": (
        'WASX7308W: No "save" was performed before the interactive scripting session exited; configuration changes '
        "will not be saved."
    ),
}
_FAILED_COMMAND = 103


@dataclass(frozen=True)
class Step:
    """`kind` is profile, file, command or interactive; `name` a file's native path."""

    kind: str
    name: str = ""
    text: str = ""


class Run:
    """The parent's side of a run; `answer` is what Jython is given."""

    def __init__(
        self, host: Host, admin: Admin, messages: Messages, steps: Sequence[Step], arguments: Sequence[str]
    ) -> None:
        self._host = host
        self._admin = admin
        self._messages = messages
        self._steps = steps
        self._arguments = arguments
        self._names: dict[str, tuple[str, ...]] = {}
        # Read while the Java program still starts.
        self._prepared = {
            ("<input>" if step.kind == "command" else "<string>", step.text): _prepared(step.text)
            for step in steps
            if step.text
        }

    def answer(self, question: Sequence[wire.Value]) -> wire.Value:
        """The answer to a question of `java/wsadmin_boot.jy`."""
        kind, *rest = question
        return cast(wire.Value, getattr(self, f"_on_{kind}")(*rest))

    def close(self, code: int) -> int:
        """After the steps: save what commands changed, warn of what a script did not save. Gives the exit code."""
        step = self._steps[-1]
        if isinstance(self._admin, Unconnected):
            return code
        try:
            if not self._admin.call("AdminConfig", "hasChanges", []).value:
                return code
            if step.kind != "command":
                self._messages.say(_UNSAVED[step.kind].format(name=step.name))
            elif code == 0:
                self._admin.call("AdminConfig", "save", [])
        except (ScriptingError, NotReachable) as error:
            if code == 0:
                self._messages.say(f"com.ibm.ws.scripting.ScriptingException: {_text(error)}")
                return _FAILED_COMMAND
        return code

    # -- answers -------------------------------------------------------------------------------------------------------
    def _on_later(self) -> wire.Value:
        return sorted(dialect.LATER_BUILTINS)

    def _on_begin(self) -> wire.Value:
        steps = [[step.kind, step.name, step.text] for step in self._steps]
        absent = ["AdminTask"] if isinstance(self._admin, Unconnected) else []
        return [steps, list(self._arguments), absent, sorted(dialect.MODULES)]

    def _on_has(self, target: str, method: str) -> wire.Value:
        if target not in self._names:
            try:
                self._names[target] = tuple(self._admin.names(target))
            except NotReachable:
                return 1
        # Of an object that is not there nothing is known but that every call fails.
        return int(method in self._names[target] or not self._names[target])

    def _on_call(self, target: str, method: str, arguments: Sequence[wire.Value]) -> wire.Value:
        if target == "AdminControl" and self._names.get(target) == ():
            return [None, "", "AdminControl service not available"]
        if (target, method) == ("AdminConfig", "save"):
            self._host.fault("wsadmin:save")
        try:
            reply = self._admin.call(target, method, arguments)
        except (ScriptingError, NotReachable) as error:
            return [None, "", _text(error)]
        return [reply.value, reply.printed, None]

    def _on_prepare(self, name: str, text: str) -> wire.Value:
        if (name, text) not in self._prepared:
            self._prepared[name, text] = _prepared(text)
        return self._prepared[name, text]

    def _on_read(self, name: str) -> wire.Value:
        return read_script(self._host, name)

    def _on_path(self, name: str) -> wire.Value:
        return str(self._host.path(name))

    def _on_module(self, folder: str, name: str) -> wire.Value:
        for file in (f"{name}.py", f"{name}/__init__.py"):
            place = f"{folder or '.'}/{file}"
            if self._host.path(place).is_file():
                return place
        return None

    def _on_failed(self, text: str) -> wire.Value:
        self._messages.say(text)
        return None


def _prepared(text: str) -> wire.Value:
    """The program to run, or the first problem that keeps it from running."""
    for problem in dialect.check(text, ""):
        if not problem.when_run:
            return [problem.kind, problem.message, problem.line, problem.column, problem.source]
    return dialect.prepare(text)


def _text(error: ScriptingError | NotReachable) -> str:
    if isinstance(error, NotReachable):
        return f"ADMC0009E: The system failed to make the SOAP RPC call: invoke ({error})"
    return str(error)


def read_script(host: Host, name: str) -> str | None:
    """A script as the platform's encoding has it; None when there is no such file."""
    file = host.path(name)
    return file.read_text("latin-1") if file.is_file() else None


PROPERTIES: Mapping[str, Mapping[str, str]] = {
    "aix": {"file.encoding": "ISO-8859-1"},
    "windows": {"line.separator": "\r\n", "file.encoding": "Cp1252"},
}
"""What Java says of the platform; not the system's name, after which Jython would choose another way to files."""
