# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One TCP connection: its life, and the sending half. The receiving one is in reading.py.

What is to be sent waits until the end of the wake-up and leaves in one call. A peer that does not take it fast enough
has a backlog of its own. Nobody else waits for it, not even who sends to it, because a sender mostly has other
receivers too. Above ``limits.write_buffer`` the connection is closed: it would only get later and later, and its peer
can come again.
"""

from __future__ import annotations

import errno
import os
import socket
from typing import TYPE_CHECKING, List, Optional, Tuple, Type

from ..flow import Flow
from ..neighbours.peers import Peer
from ..outcome import Target
from .poller import READ, WRITE
from .reading import CLOSED, CLOSING, CONNECTING, HANDSHAKE, OPEN, Reading

if TYPE_CHECKING:
    from .delivery import Delivery

RECEIVE = 65536
_LATER = (BlockingIOError, InterruptedError)

Original = Tuple[bytes, Flow, int]
"""A request as it came, from where, and how many targets it was tried at."""


class Connection(Reading):
    """A connection that was accepted (`target` is None) or made."""

    __slots__ = ("backlog", "originals", "queue", "target")

    most = RECEIVE  # bytes that are taken at once
    later: Tuple[Type[OSError], ...] = _LATER  # nothing has come yet

    def __init__(self, loop: Delivery, sock: socket.socket, flow: Flow, peer: Peer, target: Optional[Target]) -> None:
        super().__init__(loop, sock, flow, peer)
        self.target = target
        self.state = OPEN if target is None else CONNECTING
        self.queue: Optional[List[bytes]] = None  # to be sent
        self.backlog = 0  # bytes in it, once it cannot leave with this wake-up
        # What waits for the connection to be made: requests, or None for a response; no list: it is made.
        self.originals: Optional[List[Optional[Original]]] = None if target is None else []

    # -- what the loop calls -------------------------------------------------------------------------------------

    def ready(self, events: int) -> None:
        """Its socket is ready."""
        state = self.state
        if state == OPEN:
            if events & ~WRITE:
                self.read()
            if events & WRITE and self.backlog and self.state == OPEN:
                self.flush()
        elif state == CLOSING:
            if events & WRITE and self.queue is not None:
                self.flush()
            if events & ~WRITE and self.state == CLOSING:
                self.discard()
        elif state == CONNECTING:
            self.connected()
        elif state == HANDSHAKE:
            self.shake()

    def read(self) -> None:
        """Take once what has come; what comes faster waits for the next wake-up, so that all get their turn."""
        try:
            data = self.sock.recv(self.most)
        except self.later:
            return
        except OSError as error:
            self.lost(error)
            return
        if not data:
            self.ended()
            return
        self.used = self.loop.now
        self.feed(data)

    def write(self, data: bytes) -> None:
        """Send at the end of this wake-up, or as soon as the peer takes it."""
        queue = self.queue
        if queue is None:
            self.queue = [data]
            if self.state == OPEN:
                self.loop.dirty.append(self)
                return
        else:
            queue.append(data)
            if self.state == OPEN and not self.backlog:
                return
        self.backlog += len(data)
        if self.backlog > self.loop.limits.write_buffer:
            self.loop.metrics.event("closed_slow")
            self.loop.log.drop("slow", self.loop.now, destination=self.flow.address, port=self.flow.port)
            if self.originals is None:
                self.close()
            else:  # those who wait are to be told
                self.loop.failures.append((self, OSError(errno.ENOBUFS, "too much waits for the connection")))

    def flush(self) -> None:
        """Send what waits."""
        queue = self.queue
        if queue is None or self.state not in (OPEN, CLOSING):
            return
        data = queue[0] if len(queue) == 1 else b"".join(queue)
        try:
            sent = self.send(data)
        except OSError as error:
            self.lost(error)
            return
        if sent == len(data):
            self.queue = None
            self.used = self.loop.now
            if self.backlog:
                self.backlog = 0
                self.listen()
            if self.state == CLOSING:
                self.say_goodbye()
            return
        self.queue = [data[sent:] if sent else data]
        first = not self.backlog
        self.backlog = len(data) - sent
        if first:
            self.listen()

    def listen(self) -> None:
        """Wait for what matters now."""
        events = 0 if self in self.loop.held else READ
        if self.backlog:
            events |= WRITE
        self.loop.poller.change(self.sock.fileno(), events)

    # -- what TLS does otherwise ---------------------------------------------------------------------------------

    def send(self, data: bytes) -> int:
        """How many bytes were taken."""
        try:
            return self.sock.send(data)
        except _LATER:
            return 0

    def connected(self) -> None:
        """The connection is made, or refused."""
        sock = self.sock
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            self.loop.unreachable(self, OSError(code, os.strerror(code)))
            return
        try:
            sock.getpeername()
        except OSError:
            return  # an event for a socket that had the number before
        self.loop.dials.stop(self)
        self.shake()

    def shake(self) -> None:
        """Nothing else has to happen before messages can be sent."""
        self.open()

    def proven(self) -> bool:
        """Whether it is known who opened it."""
        return True

    def say_goodbye(self) -> None:
        """Everything is sent: let the peer read it, then close."""
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.close()

    # -- life ----------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Messages can be sent from now on."""
        self.state = OPEN
        self.originals = None
        self.used = self.loop.now
        if self.target is None:
            self.loop.offer(self)
        self.backlog = 0  # what waited until now leaves like everything else
        self.flush()
        if self.state == OPEN:
            self.listen()

    def ended(self) -> None:
        """The peer sends nothing more: what is ready for it leaves, then it is over."""
        if self.queue is not None:
            self.flush()
        self.close()

    def lost(self, error: OSError) -> None:
        """The connection broke."""
        if self.queue is not None:
            self.loop.metrics.event("lost")
            self.loop.log.drop("lost", self.loop.now, destination=self.flow.address, error=error)
        self.close()

    def finish(self) -> None:
        """Read nothing more, send what waits, close.

        Closing at once would take the last answer away from a peer that is still sending.
        """
        if self.state != OPEN:
            self.close()
            return
        loop = self.loop
        loop.forget(self)
        loop.partials.stop(self)
        loop.held.stop(self)
        self.partial = None
        self.state = CLOSING
        loop.lingering.start(self)
        self.listen()
        if self.queue is None:
            self.say_goodbye()
        else:
            self.flush()

    def discard(self) -> None:
        """What a peer goes on sending is thrown away."""
        try:
            data = self.sock.recv(RECEIVE)
        except _LATER:
            return
        except OSError:
            data = b""
        if not data:
            self.close()

    def close(self) -> None:
        """At once."""
        if self.state == CLOSED:
            return
        self.loop.forget(self)
        self.state = CLOSED
        self.queue = self.partial = None
        self.backlog = 0
        self.loop.release(self)
