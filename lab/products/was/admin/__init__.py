"""What a scripting client talks to: AdminConfig, AdminControl, AdminTask, AdminApp and Help on one profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Argument = str | int | float | None | Sequence["Argument"]
"""What a script may hand over: text, numbers, `None`, and lists of these."""


@dataclass(frozen=True)
class Reply:
    """What a method gave back, and what it printed meanwhile (warnings such as WASX7026W, each line with its end).
    Lists are for wsadmin's Java, which makes objects of JMX of them: scripts never see one."""

    value: Argument
    printed: str = ""


@dataclass(frozen=True)
class Process:
    """The process a client is connected to. `kind` is DeploymentManager, NodeAgent, ManagedProcess or
    UnManagedProcess."""

    name: str
    node: str
    kind: str

    @property
    def has_master(self) -> bool:
        """Whether its configuration is the master: agents and managed servers have copies, which nobody changes."""
        return self.kind in ("DeploymentManager", "UnManagedProcess")


class Admin(Protocol):
    """One scripting client with its workspace, in this process or at the other end of a connection."""

    process: Process | None
    """None without a connection (`-conntype NONE`)."""

    def names(self, target: str) -> Sequence[str]:
        """The methods of `AdminConfig`, ...; of `AdminTask` the commands. Empty when the object is not there."""

    def call(self, target: str, method: str, arguments: Sequence[Argument]) -> Reply:
        """Call one. Raises `errors.ScriptingError`."""

    def close(self) -> None:
        """Forget everything that was not saved."""
