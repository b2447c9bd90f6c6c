"""Programs and processes of a host: finding a program's file, starting it, and the list of what runs.

A program on the simulated disk is a small text that names its Python function: `MZ LABEXE product:program` in a `.exe`,
`@rem LABEXE product:program` in a `.bat` or `.cmd`. It runs as `python -m lab.windows.labexe`.
"""

from __future__ import annotations

import json
import ntpath
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from lab.settings import REPOSITORY
from lab.windows import command_line
from lab.windows.environment import Environment
from lab.windows.tree import PathRefused

if TYPE_CHECKING:
    from lab.windows.machine import Machine

_MARK = re.compile(r"(?:MZ|@rem) LABEXE ([\w-]+:[\w.-]+)")
EXTENSIONS = (".com", ".exe", ".bat", ".cmd")
CONTEXT = "LAB_WINDOWS_PROCESS"
"""The environment variable by which a process learns who and where it is."""


EXIT_IN_FILE = 255


def exit_file(directory: Path, pid: int) -> Path:
    """Where a process leaves an exit code that does not fit into eight bits."""
    return directory / "state" / f"exit-{pid}"


class NotAProgram(Exception):
    """The file is no program; `.code` is the Windows error: 2 not found, 193 not executable."""

    def __init__(self, code: int, name: str) -> None:
        texts = {2: "The system cannot find the file specified", 193: f"{name} is not a valid Win32 application"}
        super().__init__(texts[code])
        self.code = code


@dataclass(frozen=True)
class Process:
    """A running process of the host."""

    pid: int
    name: str
    command_line: str
    user: str
    started: float


def entry_of(file: Path) -> str | None:
    """The `product:program` that a program file names; None for any other file."""
    with file.open("rb") as content:
        found = _MARK.match(content.readline(200).decode("latin-1"))
    return found[1] if found else None


class Processes:
    """Starting and listing."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    # -- files ---------------------------------------------------------------------------------------------------------
    def find(self, name: str, environment: Mapping[str, str], directory: str) -> str | None:
        """The full name of the program that `name` means: with a path as it is, else in the current directory and
        along PATH; without an extension each of .com .exe .bat .cmd is tried."""
        if "\\" in name or "/" in name or ":" in name:
            places = [name]
        else:
            path = Environment(environment).get("Path", "")
            places = [ntpath.join(folder.strip('"'), name) for folder in [directory, *path.split(";")] if folder]
        for place in places:
            for extension in ("", *EXTENSIONS) if ntpath.splitext(place)[1] else EXTENSIONS:
                try:
                    file = self._machine.tree.path(place + extension, directory)
                except PathRefused:
                    continue
                if file.is_file():
                    return self._machine.tree.native(file)
        return None

    # -- starting ------------------------------------------------------------------------------------------------------
    def start(
        self,
        program: str,
        arguments: Sequence[str],
        *,
        user: str,
        environment: Mapping[str, str],
        directory: str,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        stdout: int | IO[bytes] = subprocess.DEVNULL,
        stderr: int | IO[bytes] = subprocess.DEVNULL,
        own_group: bool = True,
        service_pipe: int | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start the program file `program` (full Windows name). Raises `NotAProgram`."""
        file = self._machine.tree.path(program)
        if not file.is_file():
            raise NotAProgram(2, program)
        entry = entry_of(file)
        if entry is None and ntpath.splitext(program)[1].lower() in (".bat", ".cmd"):
            entry, arguments = "system:cmd", ["/c", command_line.join([program, *arguments])]
        if entry is None:
            raise NotAProgram(193, program)
        return self.start_entry(
            entry, arguments, title=command_line.join([program, *arguments]), program=program, user=user,
            environment=environment, directory=directory, stdin=stdin, stdout=stdout, stderr=stderr,
            own_group=own_group, service_pipe=service_pipe,
        )  # fmt: skip

    def start_entry(
        self,
        entry: str,
        arguments: Sequence[str],
        *,
        title: str,
        program: str = "",
        user: str,
        environment: Mapping[str, str],
        directory: str,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        stdout: int | IO[bytes] = subprocess.DEVNULL,
        stderr: int | IO[bytes] = subprocess.DEVNULL,
        own_group: bool = True,
        service_pipe: int | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start the simulated program `entry`, listed as `title`; in a group of its own it survives its starter. A
        service writes to `service_pipe` once it runs."""
        context = {
            "directory": str(self._machine.directory), "user": user, "environment": dict(environment),
            "current": directory, "title": title, "program": program, "service_pipe": service_pipe,
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "lab.windows.labexe", entry, *arguments],
            stdin=stdin, stdout=stdout, stderr=stderr, start_new_session=own_group, cwd=REPOSITORY,
            pass_fds=() if service_pipe is None else (service_pipe,),
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(REPOSITORY), CONTEXT: json.dumps(context),
                 "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        self._note(process.pid, title, user)
        return process

    def exit_code(self, process: subprocess.Popen[bytes]) -> int:
        """The exit code of a process that has ended. Windows has 32 bits for it, this machine eight: the others come
        by a file."""
        code = int(process.returncode)
        if code < 0:
            # Killed here, ended by TerminateProcess there.
            return 1
        file = exit_file(self._machine.directory, process.pid)
        if code == EXIT_IN_FILE and file.exists():
            code = int(file.read_text())
            file.unlink()
        return code

    # -- listing -------------------------------------------------------------------------------------------------------
    def list(self) -> list[Process]:
        """What runs, by process id."""
        listed = self._machine.store.read("processes")
        found = []
        for text, entry in listed.items():
            if birth(int(text)) == entry["birth"]:
                name = ntpath.basename((command_line.split(entry["title"]) or [entry["title"]])[0])
                found.append(Process(int(text), name, entry["title"], entry["user"], entry["started"]))
        return sorted(found, key=lambda process: process.pid)

    def kill(self, pid: int) -> bool:
        """End a process of this host; False when there is none of that id."""
        if pid not in {process.pid for process in self.list()}:
            return False
        end(pid)
        return True

    def cut_connections(self) -> None:
        """Drop every WinRM connection to this host, with the commands that run in them."""
        os.kill(int(self._machine.store.read("server")["pid"]), signal.SIGUSR1)

    def _note(self, pid: int, title: str, user: str) -> None:
        with self._machine.store.open("processes") as listed:
            for text in [text for text, entry in listed.items() if birth(int(text)) != entry["birth"]]:
                del listed[text]
            listed[str(pid)] = {"title": title, "user": user, "birth": birth(pid), "started": time.time()}


def birth(pid: int) -> Any:
    """When a process began, in the kernel's ticks: together with its id, its identity. None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else int(fields[19])


def end(pid: int, patience: float = 5.0) -> None:
    """Ask a process to end; kill it when it has not after `patience` seconds."""
    born = birth(pid)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + patience
        while born is not None and birth(pid) == born and time.monotonic() < deadline:
            time.sleep(0.02)
        if born is not None and birth(pid) == born:
            os.kill(pid, signal.SIGKILL)
