"""A program of the host as a stage of a pipeline."""

from __future__ import annotations

from typing import Any

from lab.windows import command_line, native
from lab.windows.powershell.dotnet.exceptions import NetException
from lab.windows.powershell.engine import Emit, Engine
from lab.windows.powershell.errors import PowerShellError, error
from lab.windows.powershell.formatting import display_lines
from lab.windows.processes import NotAProgram
from lab.windows.session import CODE_PAGE


def arguments_for(words: list[str]) -> list[str]:
    """What the program's own start-up code makes of PowerShell 2.0's command line.

    PowerShell puts quotes around a word with blanks, escapes nothing inside it, and drops empty words.
    """
    parts = [
        f'"{word}"' if any(blank in word for blank in " \t") and not word.startswith('"') else word
        for word in words
        if word
    ]
    return command_line.split(" ".join(parts))


class NativeStage:
    """Collects its input, runs the program, emits the lines of its output."""

    def __init__(self, engine: Engine, program: str, words: list[str]) -> None:
        self._engine = engine
        self._program = program
        self._words = words
        self._input: list[str] = []

    def begin(self, emit: Emit) -> None:
        """Nothing: the program starts when its input is complete."""

    def process(self, item: Any, emit: Emit) -> None:
        del emit
        self._input += display_lines(item)

    def end(self, emit: Emit, *, had_input: bool) -> None:
        engine = self._engine
        stdin = "".join(line + "\r\n" for line in self._input).encode(CODE_PAGE, "replace") if had_input else b""
        try:
            done = native.run(engine.session, self._program, arguments_for(self._words), stdin)
        except NotAProgram as refused:
            raise error(f"Program '{self._program}' failed to execute: {refused}") from None
        engine.checkpoint()
        engine.globals.set("LASTEXITCODE", done.code - 2**32 if done.code >= 2**31 else done.code)
        engine.succeeded = done.code == 0
        if emit == engine.default_emit:
            # Nobody looks at the objects: the program writes to the console itself.
            engine.session.write(done.out)
        else:
            for line in done.out.decode(CODE_PAGE).splitlines():
                emit(line)
        self._errors(done.err, emit)

    def _errors(self, err: bytes, emit: Emit) -> None:
        engine = self._engine
        if not err:
            return
        redirections = engine.redirections
        if redirections is None or not redirections.touches_errors:
            engine.session.complain(err)
            return
        lines = err.decode(CODE_PAGE).splitlines()
        if engine.preference("ErrorActionPreference") == "stop":
            # Redirected error text becomes error records, and those end a program that stops at errors.
            exception = NetException("System.Management.Automation.RuntimeException", lines[0])
            raise PowerShellError(exception, thrown=True)
        if redirections.merge_errors:
            for line in lines:
                emit(line)
