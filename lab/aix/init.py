"""Process 1 of an AIX host: reaps, starts what `/etc/inittab` lists, and serves ssh on a socket of the machine."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from lab import namespaces, processes
from lab.aix.inittab import Entry, Inittab

_SSHD = ["sshd", "-i", "-f", "/etc/ssh/sshd_config", "-E", "/var/adm/sshd.log"]
_GRACE_S = 2.0


class Init:
    """The process; `environment` is that of all it starts."""

    def __init__(self, listener: socket.socket, environment: dict[str, str]) -> None:
        self._listener = listener
        self._environment = environment
        self._inittab = Inittab()
        self._running: dict[int, Entry] = {}
        self._stopping = False

    def run(self, is_up: Callable[[], None]) -> NoReturn:
        """Call `is_up`, then serve until SIGTERM; SIGHUP, which `telinit q` sends, reads `/etc/inittab` again."""
        wakeups, noise = socket.socketpair()
        wakeups.setblocking(False)
        noise.setblocking(False)
        signal.set_wakeup_fd(noise.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGCHLD, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        signal.signal(signal.SIGTERM, self._stop)
        self._listener.setblocking(False)
        is_up()
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(wakeups, selectors.EVENT_READ)
            self._start_entries()
            while not self._stopping:
                for ready, _ in selector.select(self._inittab.next_start_in()):
                    if ready.fileobj is self._listener:
                        self._serve()
                    else:
                        wakeups.recv(4096)
                self._reap()
                self._start_entries()
        self._shut_down()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _serve(self) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionAbortedError):
            connection, _ = self._listener.accept()
            connection.setblocking(True)
            processes.start("/.lab/usr/sbin/sshd", _SSHD, self._environment, connection.fileno(), os.devnull)
            connection.close()

    def _start_entries(self) -> None:
        over = self._inittab.over(set(self._running.values()))
        for pid, entry in self._running.items():
            if entry in over:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGTERM)
        for entry in self._inittab.due(set(self._running.values())):
            argv = ["sh", "-c", entry.command]
            pid = processes.start("/usr/bin/sh", argv, self._environment, None, "/dev/console")
            self._running[pid] = entry

    def _reap(self) -> None:
        for pid in _ended_children():
            entry = self._running.pop(pid, None)
            if entry:
                self._inittab.ended(entry)

    def _shut_down(self) -> NoReturn:
        """Let daemons end in order, then leave: the kernel kills what is left."""
        self._listener.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_S
        while time.monotonic() < deadline and _others():
            for _ in _ended_children():
                pass
            time.sleep(0.01)
        os._exit(0)


def _ended_children() -> Iterator[int]:
    with contextlib.suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            yield pid


def _others() -> bool:
    return any(entry.name.isdecimal() and entry.name != "1" for entry in Path("/proc").iterdir())


def environment() -> dict[str, str]:
    """`/etc/environment` of the host, and what init itself adds."""
    lines = Path("/etc/environment").read_text("utf-8").splitlines()
    pairs = (line.partition("=")[::2] for line in lines if "=" in line and not line.startswith("#"))
    return {**dict(pairs), "HOME": "/"}


def main(listener: socket.socket, is_up: Callable[[], None]) -> NoReturn:
    """Be process 1 of the host whose root this process has entered; calls `is_up` when it can be told to stop."""
    namespaces.set_title("init")
    Init(listener, environment()).run(is_up)
