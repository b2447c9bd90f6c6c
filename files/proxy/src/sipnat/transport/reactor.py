# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The event loop without SIP: sockets, timers, signals. The parent of several processes runs it as it is."""

from __future__ import annotations

import socket
import traceback
from pathlib import Path
from time import monotonic
from typing import Callable, Optional

from ..operation.log import Log
from .poller import READ, WRITE, Handler, Poller
from .timers import Timer, Timers

LONGEST = 60.0  # seconds of sleep


class _Watch:
    """A function as a handler."""

    __slots__ = ("ready",)

    def __init__(self, ready: Callable[[int], None]) -> None:
        self.ready = ready


class Reactor:
    """Calls handlers when their sockets are ready. Nothing in it may block."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.now = monotonic()  # of this wake-up
        self.poller = Poller()
        self.timers = Timers()
        self.running = False

    def later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        return self.timers.later(seconds, callback)

    def watch(self, sock: socket.socket, callback: Callable[[int], None], write: bool = False) -> None:
        """Call `callback` with the events of a socket (READ, WRITE); call it again to change `write`."""
        descriptor = sock.fileno()
        events = READ | WRITE if write else READ
        if descriptor in self.poller.handlers:
            self.poller.handlers[descriptor] = _Watch(callback)
            self.poller.change(descriptor, events)
        else:
            self.poller.add(descriptor, events, _Watch(callback))

    def unwatch(self, sock: socket.socket) -> None:
        """To be called before the socket is closed."""
        self.poller.remove(sock.fileno())

    def run(self) -> None:
        """Until `quit`."""
        wait = self.poller.wait
        handlers = self.poller.handlers
        timers = self.timers
        settle = self.settle
        self.running = True
        self.now = monotonic()
        while self.running:
            seconds = timers.next - self.now
            events = wait(LONGEST if seconds > LONGEST else seconds if seconds > 0 else 0)
            self.now = now = monotonic()
            for descriptor, mask in events:
                handler = handlers.get(descriptor)
                # None: what came before has closed it.
                if handler is not None:
                    try:
                        handler.ready(mask)
                    except Exception as error:
                        self.fault(handler, error)
            try:
                if timers.next <= now:
                    timers.run(now)
                settle()
            except Exception as error:
                self.fault(None, error)

    def quit(self) -> None:
        """Return from `run` after this wake-up."""
        self.running = False

    def settle(self) -> None:
        """What is left to do at the end of a wake-up."""

    def fault(self, handler: Optional[Handler], error: Exception) -> None:  # noqa: ARG002 - for those who know them
        """A mistake of ours in one handler, or (None) in a timer: the others go on."""
        at = traceback.extract_tb(error.__traceback__)[-1]
        self.log.drop("internal", self.now, error=repr(error), at=f"{Path(at.filename).name}:{at.lineno}")

    def close(self) -> None:
        self.poller.close()
