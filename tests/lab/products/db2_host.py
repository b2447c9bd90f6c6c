"""An AIX host in memory for DB2's simulator: a folder as its disk, AIX's commands as recorded answers."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any, Literal

from lab.host import Account, Host, NoSpace
from lab.products.db2 import PROGRAMS

USERS = {
    "root": Account("root", "/", ("system",), administrator=True),
    "db2inst1": Account("db2inst1", "/home/db2inst1", ("db2iadm1",), administrator=False),
    "db2fenc1": Account("db2fenc1", "/home/db2fenc1", ("db2fadm1",), administrator=False),
}
COMMANDS = {
    "oslevel": (0, "5300-07\n"),
    "bootinfo": (0, "64\n"),
    "lslpp": (0, "xlC.rte:xlC.rte:8.0.0.10: : :C: :C Set ++ Runtime: : : : : : :0:0:/:\n"),
    "lsdev": (0, "aio0      Available                Asynchronous I/O (Legacy)\n"),
    "lsitab": (0, "fmc:2345:respawn:/opt/IBM/db2/V9.1/bin/db2fmcd\n"),
}


class Db2Host(Host):
    """See the module. `space_mb` is what is left on each disk; `faults` are struck once."""

    platform: Literal["aix", "windows"] = "aix"

    def __init__(self, folder: Path) -> None:
        self.name = "db2srv1"
        self._folder = folder
        self._stores: dict[str, dict[str, Any]] = {}
        self._titles: dict[int, str] = {}
        self._user = "root"
        self.commands = dict(COMMANDS)
        self.space_mb = 4096
        self.faults: dict[str, str] = {}
        self._environment: dict[str, str] = {}
        for path in ("tmp", "etc", "home/db2inst1", "home/db2fenc1"):
            (folder / path).mkdir(parents=True)
        (folder / "etc/services").write_text("db2c_db2inst1\t0/tcp\n")

    def __call__(self, program: str, *arguments: str, user: str = "root", instance: str = "") -> tuple[int, str]:
        """Run a program of DB2: exit code and what it printed."""
        self._user, self._environment = user, {"DB2INSTANCE": instance}
        said = io.StringIO()
        with redirect_stdout(said):
            code = PROGRAMS[program](self, list(arguments))
        return code, said.getvalue()

    def path(self, native: str) -> Path:
        return self._folder / native.lstrip("/")

    def claim_space(self, native: str, megabytes: int) -> None:
        if megabytes > self.space_mb:
            raise NoSpace("/" + native.split("/")[1], megabytes, self.space_mb)
        self.space_mb -= megabytes

    def install_program(self, native: str, entry: str) -> None:
        file = self.path(native)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(entry)

    @contextmanager
    def store(self, name: str) -> Iterator[MutableMapping[str, Any]]:
        yield self._stores.setdefault(name, {})

    @property
    def environment(self) -> Mapping[str, str]:
        return self._environment

    @property
    def user(self) -> Account:
        return USERS[self._user]

    def account(self, name: str) -> Account | None:
        return USERS.get(name)

    def group_members(self, name: str) -> tuple[str, ...] | None:
        return tuple(user.name for user in USERS.values() if name in user.groups) or None

    def check_password(self, name: str, password: str) -> bool:
        return name in USERS and password == "right"

    def resolve(self, hostname: str) -> str | None:
        return None

    def run(self, argv: Sequence[str], *, stdin: str = "", user: str | None = None) -> tuple[int, str, str]:
        code, said = self.commands.get(argv[0], (0, ""))
        return code, said, ""

    def spawn(self, entry: str, arguments: Sequence[str], *, title: str, user: str | None = None) -> int:
        self._titles[len(self._titles) + 100] = title
        return max(self._titles)

    def processes(self) -> Mapping[int, str]:
        return self._titles

    def kill(self, pid: int) -> None:
        del self._titles[pid]

    def fault(self, step: str) -> str | None:
        kind = self.faults.pop(step, None)
        if kind == "killed":
            raise KilledError
        return kind


class KilledError(Exception):
    """The program was killed."""
