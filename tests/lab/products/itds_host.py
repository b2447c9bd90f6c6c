"""A host that is a folder, with a DB2 that does what it is told: enough for ITDS's tools, without a lab."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from lab.host import Account, Host

PASSWORD = "0wner"


@dataclass
class FolderHost(Host):
    """`calls` are the programs it was asked to run; `ordered` the faults that wait."""

    root: Path
    platform: Literal["aix", "windows"] = "aix"
    name: str = "test"
    administrator: bool = True
    accounts: set[str] = field(default_factory=lambda: {"ldapdb2"})
    owners: tuple[str, ...] = ("root", "ldapdb2")
    db2_instances: list[str] = field(default_factory=list)
    databases: list[str] = field(default_factory=list)
    calls: list[list[str]] = field(default_factory=list)
    ordered: dict[str, str] = field(default_factory=dict)
    installed: dict[str, str] = field(default_factory=dict)

    def path(self, native: str) -> Path:
        return self.root / native.replace(":", "").replace("\\", "/").lstrip("/")

    def claim_space(self, native: str, megabytes: int) -> None:
        pass

    def install_program(self, native: str, entry: str) -> None:
        self.installed[native] = entry

    @contextmanager
    def store(self, name: str) -> Iterator[MutableMapping[str, Any]]:
        raise AssertionError("no program of these tests comes here")

    @property
    def environment(self) -> Mapping[str, str]:
        return {}

    @property
    def user(self) -> Account:
        return Account("root", "/", (), self.administrator)

    def account(self, name: str) -> Account | None:
        return Account(name, f"/home/{name}", (), False) if name in self.accounts else None

    def group_members(self, name: str) -> tuple[str, ...] | None:
        return self.owners

    def check_password(self, name: str, password: str) -> bool:
        return name in self.accounts and password == PASSWORD

    def resolve(self, hostname: str) -> str | None:
        return None

    def run(self, argv: Sequence[str], *, stdin: str = "", user: str | None = None) -> tuple[int, str, str]:
        self.calls.append(list(argv))
        text = " ".join(argv)
        if argv[0].endswith("db2ilist"):
            return 0, "".join(f"{name}\n" for name in self.db2_instances), ""
        if argv[0].endswith("db2icrt"):
            self.db2_instances.append(argv[-1])
        elif "create database" in text:
            self.databases.append(text.split("create database ")[1].split()[0].upper())
        elif "list db directory" in text:
            return 0, "".join(f" Database alias                       = {name}\n" for name in self.databases), ""
        elif "lsitab" in argv[0]:
            return 1, "", ""
        elif argv[0] == "reg" and argv[1] == "query":
            return 0, "    DB2 Path Name    REG_SZ    C:\\SQLLIB\n    Version    REG_SZ    9.1\n", ""
        return 0, "", ""

    def spawn(self, entry: str, arguments: Sequence[str], *, title: str, user: str | None = None) -> int:
        raise AssertionError("no program of these tests comes here")

    def processes(self) -> Mapping[int, str]:
        return {}

    def kill(self, pid: int) -> None:
        raise AssertionError("no program of these tests comes here")

    def fault(self, step: str) -> str | None:
        return self.ordered.pop(step, None)
