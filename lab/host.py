"""What a product simulator may know of the host it runs on, the same on AIX and on Windows.

A simulated program is a Python function `(host, arguments) -> exit code`, listed by name in its product's `PROGRAMS`
(`lab/products/<product>/__init__.py`). On a host it is a small file that names it (`install_program`); started there by
ssh, WinRM, cron or another program, it becomes an own process with the host's file system, users and network.
"""

from __future__ import annotations

import importlib
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True)
class Account:
    """A user as the operating system knows it."""

    name: str
    home: str
    groups: tuple[str, ...]
    administrator: bool


class NoSpace(Exception):
    """A file system is full; `.mount` names it (a mount point, or a drive such as `C:`)."""

    def __init__(self, mount: str, wanted_mb: int, free_mb: int) -> None:
        super().__init__(f"{mount}: {wanted_mb} MB wanted, {free_mb} MB free")
        self.mount = mount


class Host(ABC):
    """The host that the running program is on."""

    name: str
    platform: Literal["aix", "windows"]
    program: str
    """The path the running program was started by; empty for a daemon."""

    # -- files ---------------------------------------------------------------------------------------------------------
    @abstractmethod
    def path(self, native: str) -> Path:
        """Where a path of the host lies for this process: the path itself on AIX, inside the tree of `C:` on Windows
        (case-insensitive there). Relative paths start at the program's current directory."""

    @abstractmethod
    def claim_space(self, native: str, megabytes: int) -> None:
        """Take room on the file system that holds `native` without writing that much; raises `NoSpace`."""

    @abstractmethod
    def install_program(self, native: str, entry: str) -> None:
        """Put a program at `native`; `entry` is `product:program`, for example `db2:db2icrt`."""

    @abstractmethod
    def store(self, name: str) -> AbstractContextManager[MutableMapping[str, Any]]:
        """The simulator's own memory on this host: a JSON mapping, locked while the context is open, saved at its
        end. For what the real product keeps in binary files."""

    # -- identity ------------------------------------------------------------------------------------------------------
    @property
    @abstractmethod
    def environment(self) -> Mapping[str, str]:
        """The program's environment."""

    @property
    @abstractmethod
    def user(self) -> Account:
        """Who runs the program."""

    @abstractmethod
    def account(self, name: str) -> Account | None:
        """A user of this host."""

    @abstractmethod
    def group_members(self, name: str) -> tuple[str, ...] | None:
        """The members of a group, None when there is no such group."""

    @abstractmethod
    def check_password(self, name: str, password: str) -> bool:
        """Whether that is the user's password on this host."""

    @abstractmethod
    def resolve(self, hostname: str) -> str | None:
        """The address of a host name, by this host's own resolver."""

    # -- clock ---------------------------------------------------------------------------------------------------------
    def now(self) -> float:
        """Seconds since 1970 by the host's own clock, which `python3 -m lab clock` sets off."""
        return time.time()

    # -- processes -----------------------------------------------------------------------------------------------------
    @abstractmethod
    def run(self, argv: Sequence[str], *, stdin: str = "", user: str | None = None) -> tuple[int, str, str]:
        """Run a program of the host to its end: exit code, standard output, standard error."""

    @abstractmethod
    def spawn(self, entry: str, arguments: Sequence[str], *, title: str, user: str | None = None) -> int:
        """Start a daemon: program `entry` detached from its caller, shown as `title` in the process list; its id."""

    @abstractmethod
    def processes(self) -> Mapping[int, str]:
        """The running processes: id and title or command line."""

    @abstractmethod
    def kill(self, pid: int) -> None:
        """End a process of this host."""

    def report_running(self) -> None:  # noqa: B027 - only Windows waits for it
        """Tell whoever started this program as a service that it runs now."""

    # -- faults --------------------------------------------------------------------------------------------------------
    @abstractmethod
    def fault(self, step: str) -> str | None:
        """The fault ordered for `step` by `python3 -m lab fail`, taken off the order book: it strikes once.

        `killed` and `connection-lost` strike inside this call; others (`disk-full`, `licence-refused`,
        `start-fails`, ...) are returned for the simulator to act out as the product would.
        """


Program = Callable[[Host, Sequence[str]], int]
"""A simulated program; it reads `sys.stdin` and writes `sys.stdout` and `sys.stderr`."""

Programs = Mapping[str, Program]


def found(where: str) -> Any:
    """What `package.module.name` says, from that module."""
    module, _, name = where.rpartition(".")
    return getattr(importlib.import_module(module), name)


class Late:
    """The program `package.module.function`, which gets `keywords` too.

    Its module is loaded when it runs: a process needs one program, and those of a product take long to import.
    """

    def __init__(self, where: str, **keywords: Any) -> None:
        self.where = where
        self._keywords = keywords

    def __call__(self, host: Host, arguments: Sequence[str]) -> int:
        code: int = found(self.where)(host, arguments, **self._keywords)
        return code


Media = Mapping[str, str]
"""Files of an installation image: relative path with `/` to content, or to `program:<product>:<name>`."""
