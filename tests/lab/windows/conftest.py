"""A Windows host in a temporary folder, and ways to run texts on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lab.windows import cmd
from lab.windows.installation import install, install_program
from lab.windows.machine import Machine
from lab.windows.powershell.program import run_text
from lab.windows.sample import DESCRIPTION
from lab.windows.session import CODE_PAGE, Job, Session

PASSWORD = "S3cret!pass"

Ran = tuple[int, str, str]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return install(tmp_path / "host", DESCRIPTION, {"Administrator": PASSWORD})


@pytest.fixture
def idle_service(machine: Machine) -> str:
    """The command line of a service that runs and does nothing."""
    install_program(machine, "C:\\idle.exe", "db2:db2syscs")
    return "C:\\idle.exe -idle"


def _session(machine: Machine, stdin: str) -> tuple[Session, bytearray, bytearray]:
    out, err = bytearray(), bytearray()
    session = Session(
        machine, "Administrator", machine.environment("Administrator"), machine.profile("Administrator"),
        lambda: stdin.encode(CODE_PAGE), out.extend, err.extend, Job(root=True),
    )  # fmt: skip
    return session, out, err


@pytest.fixture
def ps(machine: Machine) -> Callable[..., Ran]:
    """Run a PowerShell text: exit code, standard output with plain line feeds, standard error."""

    def run(text: str, stdin: str = "") -> Ran:
        session, out, err = _session(machine, stdin)
        code = run_text(session, text)
        return code, out.decode(CODE_PAGE).replace("\r\n", "\n"), err.decode(CODE_PAGE).replace("\r\n", "\n")

    return run


@pytest.fixture
def dos(machine: Machine) -> Callable[[str], Ran]:
    """Run a line of cmd."""

    def run(line: str) -> Ran:
        session, out, err = _session(machine, "")
        code = cmd.run_line(session, line)
        return code, out.decode(CODE_PAGE).replace("\r\n", "\n"), err.decode(CODE_PAGE).replace("\r\n", "\n")

    return run
