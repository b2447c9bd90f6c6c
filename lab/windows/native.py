"""Running a program of the host to its end, for cmd and for PowerShell."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from lab.windows.session import Session

Sink = Callable[[bytes], None]


@dataclass(frozen=True)
class Finished:
    """What a program left: exit code and raw output."""

    code: int
    out: bytes
    err: bytes


def run(session: Session, program: str, arguments: list[str], stdin: bytes = b"") -> Finished:
    """Run the program file (full Windows name) with the session's user, environment and directory.

    Raises `NotAProgram`.
    """
    process = session.machine.processes.start(
        program, arguments, user=session.user, environment=session.environment, directory=session.directory,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, own_group=session.job.root,
    )  # fmt: skip
    if session.job.root:
        session.job.add(process.pid)
    try:
        out, err = process.communicate(stdin)
    finally:
        session.job.drop(process.pid)
    return Finished(session.machine.processes.exit_code(process), out, err)
