# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which sockets are ready: epoll where there is one, else the standard library's ``selectors``.

That is poll on AIX and select on Windows. ``selectors`` makes a list of keys for every wake-up and asks the kernel for
as many events as there are sockets; with epoll itself a wake-up costs half, and an idle connection a dict entry.
"""

from __future__ import annotations

import select
import selectors
import sys
from contextlib import suppress
from functools import partial
from typing import Callable, Dict, List, Protocol, Tuple

READ = 1  # the values of EPOLLIN and EPOLLOUT
WRITE = 4
EVENTS = 256  # at most for one wake-up


class Handler(Protocol):
    """Whatever waits for a socket."""

    def ready(self, events: int) -> None:
        """`events` has READ or WRITE, or other bits when the socket failed: reading then tells why."""


class _SelectorsPoller:
    """For systems without epoll."""

    capacity = 500 if sys.platform == "win32" else 1 << 30  # sockets: select() takes 512 there

    def __init__(self) -> None:
        self.handlers: Dict[int, Handler] = {}
        self._selector = selectors.DefaultSelector()

    def add(self, descriptor: int, events: int, handler: Handler) -> None:
        self.handlers[descriptor] = handler
        self.change(descriptor, events)

    def change(self, descriptor: int, events: int) -> None:
        # selectors refuse an empty set of events.
        known = descriptor in self._selector.get_map()
        wanted = (selectors.EVENT_READ if events & READ else 0) | (selectors.EVENT_WRITE if events & WRITE else 0)
        if not wanted:
            if known:
                self._selector.unregister(descriptor)
        elif known:
            self._selector.modify(descriptor, wanted)
        else:
            self._selector.register(descriptor, wanted)

    def remove(self, descriptor: int) -> None:
        if self.handlers.pop(descriptor, None) is not None:
            with suppress(KeyError, RuntimeError):  # it waits for nothing, or the selector is closed already
                self._selector.unregister(descriptor)

    def wait(self, timeout: float) -> List[Tuple[int, int]]:
        return [
            (key.fd, (READ if events & selectors.EVENT_READ else 0) | (WRITE if events & selectors.EVENT_WRITE else 0))
            for key, events in self._selector.select(timeout)
        ]

    def close(self) -> None:
        self._selector.close()


if sys.platform == "linux":

    class _EpollPoller:
        """The same on Linux."""

        capacity = 1 << 30

        def __init__(self) -> None:
            self.handlers: Dict[int, Handler] = {}
            self._epoll = select.epoll()
            # No function of ours in between, once for every wake-up.
            self.wait: Callable[[float], List[Tuple[int, int]]] = partial(self._epoll.poll, maxevents=EVENTS)

        def add(self, descriptor: int, events: int, handler: Handler) -> None:
            self._epoll.register(descriptor, events)
            self.handlers[descriptor] = handler

        def change(self, descriptor: int, events: int) -> None:
            self._epoll.modify(descriptor, events)

        def remove(self, descriptor: int) -> None:
            if self.handlers.pop(descriptor, None) is not None:
                with suppress(OSError, ValueError):  # that, or epoll itself, is closed already
                    self._epoll.unregister(descriptor)

        def close(self) -> None:
            self._epoll.close()

    Poller = _EpollPoller
else:
    Poller = _SelectorsPoller
