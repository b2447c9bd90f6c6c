"""`lab.host.Host` for programs on an AIX host: the process is on the host, so most of it is the process's own world."""

from __future__ import annotations

import grp
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, Literal

from lab import clocks, faults
from lab.aix.userland import passwords, storage
from lab.host import Account, Host, NoSpace
from lab.store import Store

_LABEXE = "/.lab/bin/labexe"
_NOT_FOUND = 127
_KILL_AFTER_S = 5.0


class AixHost(Host):
    """The host this process runs on."""

    platform: Literal["aix", "windows"] = "aix"

    def __init__(self, program: str = "") -> None:
        self.name = os.uname().nodename
        self.program = program
        self._store = Store(Path("/.lab/state"))

    # -- files ---------------------------------------------------------------------------------------------------------
    def path(self, native: str) -> Path:
        return Path.cwd() / native

    def claim_space(self, native: str, megabytes: int) -> None:
        full = storage.claim(str(self.path(native)), megabytes)
        if full:
            raise NoSpace(full[0], megabytes, full[1])

    def install_program(self, native: str, entry: str) -> None:
        file = self.path(native)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(program_text(entry))
        file.chmod(0o755)

    def store(self, name: str) -> AbstractContextManager[MutableMapping[str, Any]]:
        return self._store.open(name)

    # -- identity ------------------------------------------------------------------------------------------------------
    @property
    def environment(self) -> Mapping[str, str]:
        return os.environ

    @property
    def user(self) -> Account:
        return _account(pwd.getpwuid(os.geteuid()))

    def account(self, name: str) -> Account | None:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            return None

    def group_members(self, name: str) -> tuple[str, ...] | None:
        try:
            group = grp.getgrnam(name)
        except KeyError:
            return None
        primary = [user.pw_name for user in pwd.getpwall() if user.pw_gid == group.gr_gid]
        return tuple(dict.fromkeys([*group.gr_mem, *primary]))

    def check_password(self, name: str, password: str) -> bool:
        return passwords.check_password(name, password)

    def resolve(self, hostname: str) -> str | None:
        try:
            return socket.gethostbyname(hostname)
        except OSError:
            return None

    # -- clock ---------------------------------------------------------------------------------------------------------
    def now(self) -> float:
        return clocks.now(self._store)

    # -- processes -----------------------------------------------------------------------------------------------------
    def run(self, argv: Sequence[str], *, stdin: str = "", user: str | None = None) -> tuple[int, str, str]:
        try:
            done = subprocess.run(
                list(argv), input=stdin, capture_output=True, text=True, errors="replace", check=False, **_as_user(user)
            )
        except FileNotFoundError:
            return _NOT_FOUND, "", f"ksh: {argv[0]}: not found.\n"
        code = done.returncode
        return (code if code >= 0 else 128 - code), done.stdout, done.stderr

    def spawn(self, entry: str, arguments: Sequence[str], *, title: str, user: str | None = None) -> int:
        process = subprocess.Popen(
            [_LABEXE, "--daemon", title, entry, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **_as_user(user),
        )
        # It outlives this program, so nobody here waits for it.
        process.returncode = 0
        return process.pid

    def processes(self) -> Mapping[int, str]:
        return {pid: title for pid in _process_ids() if (title := _title(pid))}

    def kill(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + _KILL_AFTER_S
        while time.monotonic() < deadline:
            if not _title(pid):
                return
            time.sleep(0.01)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    # -- faults --------------------------------------------------------------------------------------------------------
    def fault(self, step: str) -> str | None:
        kind = faults.take(self._store, step)
        if kind == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if kind == "connection-lost":
            _cut_connection()
        return kind


def program_text(entry: str) -> str:
    """The content of a file that is the simulated program `entry`; the file must be executable."""
    return f"#!{_LABEXE} {entry}\n"


def _account(user: pwd.struct_passwd) -> Account:
    ids = os.getgrouplist(user.pw_name, user.pw_gid)
    groups = tuple(_group_name(number) for number in dict.fromkeys([user.pw_gid, *ids]))
    return Account(user.pw_name, user.pw_dir, groups, administrator=user.pw_uid == 0)


def _group_name(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def _as_user(name: str | None) -> dict[str, Any]:
    """Options of `subprocess` that start a program as another user, as `su - name` would."""
    if name is None:
        return {}
    user = pwd.getpwnam(name)
    environment = {
        "HOME": user.pw_dir,
        "LOGNAME": user.pw_name,
        "USER": user.pw_name,
        "SHELL": user.pw_shell,
        "PATH": os.environ.get("PATH", ""),
    }
    options: dict[str, Any] = {"env": environment, "cwd": user.pw_dir if Path(user.pw_dir).is_dir() else "/"}
    if user.pw_uid != os.geteuid():
        groups = os.getgrouplist(user.pw_name, user.pw_gid)
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": groups}
    return options


def _process_ids() -> list[int]:
    return sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())


def _title(pid: int) -> str:
    """The command line of a process; empty when it has ended."""
    entry = Path(f"/proc/{pid}")
    try:
        line = (entry / "cmdline").read_bytes().rstrip(b"\0").replace(b"\0", b" ").decode(errors="replace")
        # One that has just begun, or is getting a title, has no command line for a moment; it has not ended by that.
        if not line and _stat(pid)[0] not in "ZX":
            line = (entry / "comm").read_text().strip()
    except OSError:
        return ""
    return line


def _stat(pid: int) -> list[str]:
    """Of a process: its state, its parent, and the rest of what Linux tells."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _parent(pid: int) -> int:
    return int(_stat(pid)[1])


def _cut_connection() -> None:
    """End the ssh connection this program was started through, as a failing network would."""
    pid = os.getpid()
    while pid > 1:
        parent = _parent(pid)
        if parent == 1 and _title(pid).startswith("sshd"):
            os.kill(pid, signal.SIGKILL)
        pid = parent
