"""A running command: who runs it, where, with which environment, streams and children."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from lab.windows.environment import Environment
from lab.windows.machine import Machine

CODE_PAGE = "cp437"
"""What console programs of an English Windows write; other characters become question marks."""


class Job:
    """The processes a command has started; they end with it unless they have left (daemons).

    Only the command of a WinRM shell has a job of its own (`root`); what a program starts stays in the job it is in.
    """

    def __init__(self, *, root: bool = False) -> None:
        self.root = root
        self.ended = threading.Event()
        self._groups: set[int] = set()
        self._lock = threading.Lock()

    def add(self, group: int) -> None:
        """Take in a process group."""
        with self._lock:
            self._groups.add(group)

    def drop(self, group: int) -> None:
        """Forget a process group that has ended."""
        with self._lock:
            self._groups.discard(group)

    def end(self) -> None:
        """Kill what still runs."""
        self.ended.set()
        with self._lock:
            for group in self._groups:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(group, signal.SIGKILL)


@dataclass
class Session:
    """The surroundings of one command.

    `read` gives all of standard input (and waits for its end); `write` and `complain` take bytes for standard output
    and standard error.
    """

    machine: Machine
    user: str
    environment: Environment
    directory: str
    read: Callable[[], bytes]
    write: Callable[[bytes], None]
    complain: Callable[[bytes], None]
    job: Job = field(default_factory=Job)

    def read_text(self) -> str:
        """Standard input in the console's code page."""
        return self.read().decode(CODE_PAGE)

    def read_lines(self) -> list[str]:
        """Standard input, line by line."""
        return self.read_text().splitlines()

    def write_out(self, text: str) -> None:
        """Text to standard output."""
        self.write(text.encode(CODE_PAGE, "replace"))

    def write_error(self, text: str) -> None:
        """Text to standard error."""
        self.complain(text.encode(CODE_PAGE, "replace"))
