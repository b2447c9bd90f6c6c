"""Running lines and batch files."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from lab.windows import command_line, native
from lab.windows.cmd import reader
from lab.windows.cmd.builtins import BUILTINS, SYNTAX_ERROR, Jump, Leave
from lab.windows.cmd.reader import NotUnderstood, Simple
from lab.windows.processes import NotAProgram, entry_of
from lab.windows.session import Session
from lab.windows.tree import PathRefused

MAX_LINE = 8191
NOT_FOUND = 9009
_MAX_STEPS = 10000


class LineTooLong(Exception):
    """The line is longer than cmd takes."""


@dataclass
class Shell:
    """One cmd.exe: its session and the exit code of the last command (ERRORLEVEL)."""

    session: Session
    code: int = 0

    def run(self, line: str) -> None:
        """Run one line."""
        if len(line) > MAX_LINE:
            self.session.write_error("The command line is too long.\r\n")
            self.code = 1
            return
        try:
            for simple in reader.split(line):
                if (simple.joint == "&&" and self.code) or (simple.joint == "||" and not self.code):
                    continue
                self._simple(simple)
        except NotUnderstood as refused:
            self.session.write_error(f"lab: {refused}\r\n")
            self.code = 1

    def _simple(self, simple: Simple) -> None:
        session = self.session
        if session.job.ended.is_set():
            raise Leave(1)
        text = self._expanded(simple.text.lstrip("@").strip())
        condition = re.match(r"if\s+", text, re.IGNORECASE)
        if condition:
            self._if(text[condition.end() :])
            return
        inner = Shell(_redirect(session, simple), self.code)
        try:
            inner.command(text)
        finally:
            self.code = inner.code
            session.directory = inner.session.directory

    def _expanded(self, text: str) -> str:
        text = re.sub(r"%ERRORLEVEL%", str(self.code), text, flags=re.IGNORECASE)
        return re.sub(
            r"%CD%", lambda _: self.session.directory, self.session.environment.expand(text), flags=re.IGNORECASE
        )

    def command(self, text: str) -> None:
        """A single command without redirections."""
        word = re.match(r'"[^"]*"[^\s"]*|[^\s"]+', text)
        if word is None:
            return
        name, rest = word[0], text[word.end() :]
        # `echo.` and `cd\` need no blank behind the name.
        glued = re.match(r"(echo)([.:].*)$|(cd|chdir|md|rd|dir)([\\/.].*)$", name, re.IGNORECASE)
        if glued:
            rest = (glued[2] or glued[4]) + rest
            name = glued[1] or glued[3]
        builtin = BUILTINS.get(name.casefold())
        try:
            if name.casefold() == "call":
                self.command(rest.strip())
            elif builtin is not None:
                self.code = builtin(self.session, rest)
            else:
                self._program(name.strip('"'), rest)
        except PathRefused as refused:
            self.session.write_error(f"{refused}\r\n")
            self.code = 1

    def _program(self, name: str, rest: str) -> None:
        session = self.session
        program = session.machine.processes.find(name, session.environment, session.directory)
        if program is None:
            session.write_error(
                f"'{name}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n"
            )
            self.code = NOT_FOUND
            return
        file = session.machine.tree.path(program)
        if file.suffix.lower() in (".bat", ".cmd") and entry_of(file) is None:
            self.code = run_batch(session, file, [program, *_batch_words(rest)])
            return
        try:
            done = native.run(session, program, command_line.split(rest))
        except NotAProgram as refused:
            session.write_error(f"{refused}\r\n")
            self.code = refused.code
            return
        session.write(done.out)
        session.complain(done.err)
        self.code = done.code

    def _if(self, text: str) -> None:
        """`if [not] exist|errorlevel|defined|A==B command`."""
        found = re.match(
            r'(?P<fold>/i\s+)?(?P<not>not\s+)?(?:exist\s+(?P<path>"[^"]*"|\S+)|errorlevel\s+(?P<level>\d+)|'
            r'defined\s+(?P<name>\S+)|(?P<left>"[^"]*"|[^\s=]*)\s*==\s*(?P<right>"[^"]*"|\S*))\s+(?P<then>.*)',
            text, re.IGNORECASE | re.DOTALL,
        )  # fmt: skip
        if found is None:
            self.session.write_error(SYNTAX_ERROR)
            self.code = 1
            return
        then, _, otherwise = _branches(found["then"])
        if found["path"] is not None:
            try:
                hit = self.session.machine.tree.path(found["path"].strip('"'), self.session.directory).exists()
            except PathRefused:
                hit = False
        elif found["level"] is not None:
            hit = self.code >= int(found["level"])
        elif found["name"] is not None:
            hit = found["name"] in self.session.environment
        else:
            left, right = found["left"], found["right"]
            hit = left.casefold() == right.casefold() if found["fold"] else left == right
        chosen = then if hit != bool(found["not"]) else otherwise
        if chosen:
            self.run(chosen)


def _branches(text: str) -> tuple[str, str, str]:
    """`( a ) else ( b )`, or one command."""
    found = re.fullmatch(r"\((.*?)\)(?:\s*(else)\s*\(?(.*?)\)?)?", text.strip(), re.IGNORECASE | re.DOTALL)
    return (found[1].strip(), found[2] or "", (found[3] or "").strip()) if found else (text, "", "")


def _redirect(session: Session, simple: Simple) -> Session:
    def sink(name: str, *, append: bool) -> native.Sink:
        if name.casefold() == "nul":
            return lambda _: None
        file = session.machine.tree.path(name, session.directory)
        if not append:
            file.write_bytes(b"")

        def write(data: bytes) -> None:
            with file.open("ab") as content:
                content.write(data)

        return write

    changed = session
    try:
        if simple.out is not None:
            changed = replace(changed, write=sink(simple.out, append=simple.append))
        if simple.err is not None:
            changed = replace(changed, complain=sink(simple.err, append=False))
    except (OSError, PathRefused):
        raise NotUnderstood("The system cannot find the path specified.") from None
    return replace(changed, complain=changed.write) if simple.merge else changed


def _batch_words(text: str) -> list[str]:
    """A batch file's arguments: blanks, commas, semicolons and equal signs separate them; quotes stay."""
    return re.findall(r'"[^"]*"|[^\s,;="]+', text)


def run_line(session: Session, line: str) -> int:
    """`cmd /c line`: its exit code."""
    shell = Shell(session)
    try:
        shell.run(line)
    except Leave as left:
        return left.code if left.code is not None else shell.code
    except Jump:
        # Outside of a batch file there is nowhere to go to, and cmd says nothing.
        return shell.code
    return shell.code


def run_batch(session: Session, file: Path, arguments: list[str]) -> int:
    """A batch file; `arguments[0]` is its own full name."""
    lines = file.read_text("cp437").splitlines()
    shell = Shell(session)
    place = steps = 0
    while place < len(lines):
        steps += 1
        if steps > _MAX_STEPS:
            raise NotUnderstood(f"{arguments[0]} does not end")
        line = reader.expand_arguments(lines[place].strip(), arguments).lstrip("@").strip()
        place += 1
        if not line or line.startswith(":"):
            continue
        try:
            shell.run(line)
        except Leave as left:
            if not left.batch_only:
                raise
            return left.code if left.code is not None else shell.code
        except Jump as jump:
            if jump.label == "eof":
                break
            labels = [i for i, each in enumerate(lines) if each.strip().casefold() == f":{jump.label}"]
            if not labels:
                session.write_error(f"The system cannot find the batch label specified - {jump.label}\r\n")
                return 1
            place = labels[0] + 1
    return shell.code
