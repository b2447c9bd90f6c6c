# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Signals as events of the loop: what they ask for is done between two wake-ups, not in the midst of something."""

from __future__ import annotations

import signal
import socket
from contextlib import suppress
from types import FrameType
from typing import Callable, Dict, Optional

from ..transport.reactor import Reactor


class Signals:
    """Only the main thread may have one."""

    def __init__(self, reactor: Reactor) -> None:
        self._reactor = reactor
        self._calls: Dict[int, Callable[[], object]] = {}
        self._ear, self._bell = socket.socketpair()
        for end in (self._ear, self._bell):
            end.setblocking(False)
        self._before = signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        reactor.watch(self._ear, self._heard)

    def on(self, name: str, call: Callable[[], object]) -> None:
        """Call for a signal, if this system has it (Windows has neither SIGHUP nor SIGCHLD)."""
        number = getattr(signal, name, None)
        if number is not None:
            self._calls[int(number)] = call
            signal.signal(number, _noted)

    def close(self) -> None:
        """Signals have their usual effect again."""
        for number in self._calls:
            signal.signal(number, signal.SIG_DFL)
        self._calls.clear()
        signal.set_wakeup_fd(self._before)
        self._reactor.unwatch(self._ear)
        self._ear.close()
        self._bell.close()

    def _heard(self, events: int) -> None:  # noqa: ARG002 - what a watcher is given
        numbers = b""
        with suppress(OSError):
            numbers = self._ear.recv(4096)
        for number in dict.fromkeys(numbers):  # many of one kind ask for one thing
            call = self._calls.get(number)
            if call is not None:
                call()


def _noted(number: int, frame: Optional[FrameType]) -> None:
    """The interpreter has written the number to the socket already."""
