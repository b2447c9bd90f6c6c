"""An AIX host in a folder whose programs are real processes of this machine, for servers that listen.

All hosts of a test share this machine's ports, so every profile has its own.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any, Literal

from lab import clocks, faults
from lab.host import Account, Host
from lab.products.was import PROGRAMS
from lab.products.was.installation import files, product, profiles
from lab.products.was.installation.profile_request import Request, Template
from lab.products.was.layout import Installation
from lab.settings import REPOSITORY
from lab.store import Store

ROOT = "/was"
NAMES = {"dm.example.com": "127.0.0.1", "node1.example.com": "127.0.0.1", "node2.example.com": "127.0.0.1"}
USER, PASSWORD = "wasadmin", "S3cret!"


class RunningHost(Host):
    """See the module. `names` is what its resolver knows; `faults` are ordered in its store."""

    platform: Literal["aix", "windows"] = "aix"

    def __init__(self, folder: Path, name: str, program: str = "") -> None:
        self.name = name
        self.folder = folder
        self.program = program
        (folder / "state").mkdir(parents=True, exist_ok=True)
        self.memory = Store(folder / "state")

    def __call__(self, profile: str, program: str, *arguments: str, stdin: str = "") -> tuple[int, str]:
        """Run a command of a profile: exit code and what it printed, in one line."""
        self.program = f"{ROOT}/profiles/{profile}/bin/{program}.sh"
        entry = (self.path(self.program)).read_text().partition(":")[2]
        said, before = io.StringIO(), sys.stdin
        sys.stdin = io.StringIO(stdin)
        try:
            with redirect_stdout(said):
                code = PROGRAMS[entry](self, list(arguments))
        finally:
            sys.stdin = before
        return code, " ".join(said.getvalue().split())

    def path(self, native: str) -> Path:
        return self.folder / native.lstrip("/")

    def claim_space(self, native: str, megabytes: int) -> None:
        pass

    def install_program(self, native: str, entry: str) -> None:
        file = self.path(native)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(entry)

    @contextmanager
    def store(self, name: str) -> Iterator[MutableMapping[str, Any]]:
        with self.memory.open(f"product-{name}") as content:
            yield content

    @property
    def environment(self) -> Mapping[str, str]:
        return {}

    @property
    def user(self) -> Account:
        return Account("root", "/", ("system",), administrator=True)

    def account(self, name: str) -> Account | None:
        return None

    def group_members(self, name: str) -> tuple[str, ...] | None:
        return None

    def check_password(self, name: str, password: str) -> bool:
        return False

    def resolve(self, hostname: str) -> str | None:
        return {**NAMES, **self.memory.read("names")}.get(hostname) or None

    def run(self, argv: Sequence[str], *, stdin: str = "", user: str | None = None) -> tuple[int, str, str]:
        return 0, "", ""

    def spawn(self, entry: str, arguments: Sequence[str], *, title: str, user: str | None = None) -> int:
        module = "tests.lab.products.was.running_host"
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(self.folder), self.name, entry, *arguments],
            cwd=REPOSITORY, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        process.returncode = 0
        with self.memory.open("processes") as listed:
            listed[str(process.pid)] = title
        return process.pid

    def processes(self) -> Mapping[int, str]:
        return {int(pid): title for pid, title in self.memory.read("processes").items() if _lives(int(pid))}

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        while _lives(pid):
            time.sleep(0.01)

    def now(self) -> float:
        return clocks.now(self.memory)

    def fault(self, step: str) -> str | None:
        kind = faults.take(self.memory, step)
        if kind == "killed":
            raise KilledError
        return kind

    def make_profile(
        self, name: str, template: Template, *, first: int, node: str, cell: str, server: str = ""
    ) -> None:
        """A profile with security on, its ports counted up from `first`."""
        said = profiles.create(
            Installation(self, ROOT),
            Request(
                name=name, template=template, node=node, cell=cell, host=f"{self.name}.example.com", server=server,
                starting_port=first, security=True, user=USER, password=PASSWORD, default=True,
            ),
        )  # fmt: skip
        assert said.verdict == "INSTCONFSUCCESS", said

    def stop_all(self) -> None:
        """End whatever runs."""
        for pid in self.processes():
            self.kill(pid)


class KilledError(BaseException):
    """The program was killed."""


def installed(folder: Path, name: str) -> RunningHost:
    """A host with WAS on it."""
    host = RunningHost(folder, name)
    installation = Installation(host, ROOT)
    files.lay_root(installation)
    product.write(installation, product.nd("6.1.0.11"))
    return host


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    _, where, own_name, what, *rest = sys.argv
    sys.exit(PROGRAMS[what.partition(":")[2]](RunningHost(Path(where), own_name), rest))
