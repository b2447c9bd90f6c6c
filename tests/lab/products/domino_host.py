"""A host that is a folder, with what Domino's programs ask an operating system for: without a lab."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.host import Account, NoSpace
from tests.lab.products.itds_host import FolderHost


@dataclass
class DominoHost(FolderHost):
    """`who` runs the programs, `directory` is where; `room_mb` is what every file system has left."""

    who: str = "root"
    directory: str = "/"
    completion_ports: str = "Available"
    room_mb: int = 5000
    memory: dict[str, dict[str, Any]] = field(default_factory=dict)
    started: list[str] = field(default_factory=list)

    def path(self, native: str) -> Path:
        absolute = native.startswith("/") or native[1:2] == ":"
        return super().path(native if absolute else f"{self.directory}/{native}")

    def claim_space(self, native: str, megabytes: int) -> None:
        if megabytes > self.room_mb:
            raise NoSpace(native, megabytes, self.room_mb)
        self.room_mb -= megabytes

    @contextmanager
    def store(self, name: str) -> Iterator[MutableMapping[str, Any]]:
        yield self.memory.setdefault(name, {})

    @property
    def user(self) -> Account:
        return Account(self.who, "/", (), administrator=self.who == "root")

    def account(self, name: str) -> Account | None:
        return Account(name, f"/home/{name}", (), name == "root") if name in {"notes", "root"} else None

    def group_members(self, name: str) -> tuple[str, ...] | None:
        return {"notes": ("notes",), "staff": ()}.get(name)

    def run(self, argv: Sequence[str], *, stdin: str = "", user: str | None = None) -> tuple[int, str, str]:
        self.calls.append(list(argv))
        if argv[0] == "oslevel":
            return 0, "5300-07\n", ""
        if argv[0] == "lsdev":
            return 0, f"iocp0 {self.completion_ports}  I/O Completion Ports\n", ""
        return (1 if argv[:2] == ["sc", "query"] else 0), "", ""

    def install_program(self, native: str, entry: str) -> None:
        super().install_program(native, entry)
        file = self.path(native)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(entry)

    def spawn(self, entry: str, arguments: Sequence[str], *, title: str, user: str | None = None) -> int:
        self.started.append(f"{entry} as {title}")
        return 4711

    def kill(self, pid: int) -> None:
        self.started.append(f"killed {pid}")
