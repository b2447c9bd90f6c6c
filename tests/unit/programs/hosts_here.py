"""Hosts of both kinds that programs of modules run on: this machine's shell, and the lab's PowerShell."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lab.windows.installation import install
from lab.windows.powershell.program import run_text
from lab.windows.sample import DESCRIPTION
from lab.windows.session import CODE_PAGE, Job, Session


class Unix:
    """This machine's shell and Perl, behind the guards that leave what AIX has."""

    def low_level(self, command: str, stdin: bytes) -> tuple[int, str, str]:
        done = subprocess.run(
            ["/bin/sh", "-c", command], input=stdin, capture_output=True, timeout=60, check=False, env={}
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()


class Windows:
    """The lab's PowerShell 2.0."""

    def __init__(self, folder: Path) -> None:
        self._machine = install(folder / "host", DESCRIPTION, {"Administrator": "S3cret!pass"})

    def low_level(self, command: str, stdin: bytes) -> tuple[int, str, str]:
        out, err = bytearray(), bytearray()
        environment = self._machine.environment("Administrator")
        session = Session(
            self._machine, "Administrator", environment, self._machine.profile("Administrator"),
            lambda: stdin, out.extend, err.extend, Job(root=True),
        )  # fmt: skip
        code = run_text(session, command)
        return code, out.decode(CODE_PAGE), err.decode(CODE_PAGE)
