# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The receiving half of a connection: from the bytes of a stream to messages, and nothing kept while it is idle."""

from __future__ import annotations

import socket
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Optional, Tuple

from ..flow import Flow
from ..neighbours.peers import Peer
from ..outcome import REQUEST, RESPONSE
from ..rewriting.framing import FramingError, frame

if TYPE_CHECKING:
    from .delivery import Delivery

CONNECTING = 0
HANDSHAKE = 1
OPEN = 2
CLOSING = 3  # nothing is read any more; what waits is still sent
CLOSED = 4

END_OF_HEADERS = b"\r\n\r\n"


class Reading(ABC):
    """What is done with the bytes that come. A connection has thousands of siblings: no dict, no buffer of its own."""

    __slots__ = ("flow", "half", "loop", "need", "partial", "peer", "sock", "state", "used")

    def __init__(self, loop: Delivery, sock: socket.socket, flow: Flow, peer: Peer) -> None:
        self.loop = loop
        self.sock = sock
        self.flow = flow
        self.peer = peer
        self.state = CONNECTING
        self.used = loop.now  # when something came or went last
        self.partial: Optional[bytearray] = None  # the beginning of a message
        self.need = 0  # so many bytes has that message at least; 0: unknown
        self.half = False  # half a keep-alive (one CRLF) has come

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Send at the end of this wake-up, or as soon as the peer takes it."""

    @abstractmethod
    def listen(self) -> None:
        """Wait for what matters now."""

    @abstractmethod
    def finish(self) -> None:
        """Read nothing more, send what waits, close."""

    def feed(self, data: bytes) -> None:
        """Take what has come, and deal with every message that is complete."""
        loop = self.loop
        partial = self.partial
        begun = partial is not None
        if partial is not None:
            data = self.join(partial, data)
            if not data:
                return
        flow, peer = self.flow, self.peer
        take, process, pool, connections = loop.take, loop.process, loop.pool, loop.connections
        outward = flow.outward
        counts = loop.metrics.messages[outward]
        size = len(data)
        start = 0
        while start < size:
            if data[start] in b"\r\n":
                start = self.keep_alive(data, start)
                continue
            taken = take(data, flow, start) if take is not None else None
            end = self.end_of_message(data, start, begun) if taken is None else taken[4]
            if not end:
                return
            if peer.limited and not loop.allow(peer, loop.now):
                self.hold(data[start:])
                return
            begun = False
            outcome: Tuple[int, Any, Any, Any] = process(data[start:end], flow) if taken is None else taken[:4]
            kind, out, target, token = outcome
            counts[kind] += 1
            other = pool.get(target) if kind == REQUEST else connections.get(token) if kind == RESPONSE else None
            # It goes to the other side, or `dispatch` says what becomes of it.
            if other is not None and other.originals is None and other.flow.outward is not outward:
                other.write(out)
            else:
                loop.dispatch(outcome, data[start:end], flow)
                if self.state != OPEN:
                    return
            start = end
        if partial is not None:
            loop.partials.stop(self)

    def end_of_message(self, data: bytes, start: int, begun: bool) -> int:
        """Where the message ends that begins at `start`; 0: it cannot be dealt with now, and has been seen to."""
        try:
            end = frame(data, start, self.loop.limits)
        except FramingError as error:
            self.unreadable(data[start:], error)
            return 0
        if end > 0:
            return end
        self.wait(data[start:], -end - start, anew=not begun)
        return 0

    def join(self, partial: bytearray, data: bytes) -> bytes:
        """The beginning of a message with what has come now; empty: it cannot be complete, do not look at it yet."""
        before = len(partial)
        partial += data
        if self.need:
            if len(partial) < self.need:
                return b""
        elif partial.find(END_OF_HEADERS, max(before - 3, 0)) < 0 and len(partial) <= self.loop.limits.header:
            return b""
        self.partial = None
        return bytes(partial)

    def keep_alive(self, data: bytes, start: int) -> int:
        """Skip line ends before a message; two in a row are a question, one answers it (RFC 5626 4.4.1).

        Returns where the message begins. Halves may come apart, so line feeds are counted.
        """
        rest = data[start:].lstrip(b"\r\n")
        end = len(data) - len(rest)
        number = data.count(b"\n", start, end) + self.half
        self.half = bool(number % 2) and not rest
        if number > 1 and (not self.peer.limited or self.loop.allow(self.peer, self.loop.now)):
            self.write(b"\r\n" * (number // 2))
        return end

    def wait(self, rest: bytes, need: int, anew: bool) -> None:
        """A message has begun that is not complete."""
        if self.state != OPEN:
            return
        self.partial = bytearray(rest)
        self.need = need if need > 0 else 0
        if anew or self not in self.loop.partials:
            self.loop.partials.start(self)

    def hold(self, rest: bytes) -> None:
        """It sends more than it may: do not read for a moment. On a stream nothing has to be thrown away."""
        if self.state != OPEN:
            return
        self.partial = bytearray(rest)
        self.need = 1
        self.loop.partials.stop(self)
        self.loop.held.start(self)
        self.listen()

    def resume(self) -> None:
        """Read on."""
        self.listen()
        self.feed(b"")

    def unreadable(self, rest: bytes, error: FramingError) -> None:
        """Where the next message begins is unknown: answer if that is possible, and close (RFC 3261 18.3)."""
        if self.state != OPEN:
            return
        self.loop.metrics.event("closed_framing")
        self.loop.metrics.drop(f"framing_{error.status}")
        self.loop.log.drop("framing", self.loop.now, source=self.flow.address, status=error.status, why=error.reason)
        reply = self.loop.rewriter.refuse(rest, self.flow, error.status, error.reason)
        if reply is not None:
            self.write(reply)
        self.finish()
