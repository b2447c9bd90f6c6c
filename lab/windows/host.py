"""`lab.host.Host` for programs on a Windows host."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, Literal

from lab import faults
from lab.host import Account, Host
from lab.windows.installation import install_program
from lab.windows.machine import SYSTEM, Machine
from lab.windows.processes import NotAProgram
from lab.windows.session import CODE_PAGE


class WindowsHost(Host):
    """The host of a process of `user` with that environment and current directory."""

    platform: Literal["aix", "windows"] = "windows"

    def __init__(
        self,
        machine: Machine,
        user: str,
        environment: Mapping[str, str],
        directory: str,
        program: str = "",
        *,
        service_pipe: int | None = None,
    ) -> None:
        self.machine = machine
        self.name = machine.name
        self.program = program
        self._user = user
        self._environment = environment
        self.current_directory = directory
        self._service_pipe = service_pipe

    # -- files ---------------------------------------------------------------------------------------------------------
    def path(self, native: str) -> Path:
        return self.machine.tree.path(native, self.current_directory)

    def claim_space(self, native: str, megabytes: int) -> None:
        self.path(native)
        self.machine.claim_space(megabytes)

    def install_program(self, native: str, entry: str) -> None:
        install_program(self.machine, native, entry)

    def store(self, name: str) -> AbstractContextManager[MutableMapping[str, Any]]:
        return self.machine.store.open(f"product-{name}")

    # -- identity ------------------------------------------------------------------------------------------------------
    @property
    def environment(self) -> Mapping[str, str]:
        return self._environment

    @property
    def user(self) -> Account:
        if self._user == SYSTEM:
            return Account(SYSTEM, self.machine.profile(SYSTEM), ("Administrators",), administrator=True)
        found = self.account(self._user)
        if found is None:
            raise LookupError(f"{self._user} is no user of {self.name}")
        return found

    def account(self, name: str) -> Account | None:
        user = self.machine.accounts.user(name)
        if user is None:
            return None
        return Account(user.name, self.machine.profile(user.name), user.groups, user.administrator)

    def group_members(self, name: str) -> tuple[str, ...] | None:
        return self.machine.accounts.members(name)

    def check_password(self, name: str, password: str) -> bool:
        return self.machine.accounts.check_password(name, password)

    def resolve(self, hostname: str) -> str | None:
        return self.machine.resolve(hostname)

    # -- clock ---------------------------------------------------------------------------------------------------------
    def now(self) -> float:
        return self.machine.now()

    # -- processes -----------------------------------------------------------------------------------------------------
    def run(self, argv: Sequence[str], *, stdin: str = "", user: str | None = None) -> tuple[int, str, str]:
        environment = self.machine.environment(user) if user else self._environment
        program = self.machine.processes.find(argv[0], environment, self.current_directory)
        if program is None:
            raise FileNotFoundError(argv[0])
        try:
            process = self.machine.processes.start(
                program, argv[1:], user=user or self._user, environment=environment, directory=self.current_directory,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, own_group=False,
            )  # fmt: skip
        except NotAProgram as error:
            raise OSError(error.code, str(error)) from None
        out, err = process.communicate(stdin.encode(CODE_PAGE, "replace"))
        return self.machine.processes.exit_code(process), out.decode(CODE_PAGE), err.decode(CODE_PAGE)

    def spawn(self, entry: str, arguments: Sequence[str], *, title: str, user: str | None = None) -> int:
        environment = self.machine.environment(user) if user else self._environment
        process = self.machine.processes.start_entry(
            entry, arguments, title=title, user=user or self._user, environment=environment,
            directory="C:\\WINDOWS\\system32",
        )  # fmt: skip
        return process.pid

    def processes(self) -> Mapping[int, str]:
        return {process.pid: process.command_line for process in self.machine.processes.list()}

    def kill(self, pid: int) -> None:
        self.machine.processes.kill(pid)

    def report_running(self) -> None:
        if self._service_pipe is None:
            return
        # Whoever waited for it may have gone.
        with suppress(BrokenPipeError):
            os.write(self._service_pipe, b".")
        os.close(self._service_pipe)
        self._service_pipe = None

    # -- faults --------------------------------------------------------------------------------------------------------
    def fault(self, step: str) -> str | None:
        kind = faults.take(self.machine.store, step)
        if kind == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if kind == "connection-lost":
            self.machine.processes.cut_connections()
            # The program ends with its connection, as with the job of a WinRM shell.
            time.sleep(60)
        return kind
