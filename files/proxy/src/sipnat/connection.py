# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One TCP connection: messages in, messages out, and nothing kept while it is idle.

What is to be sent waits until the end of the wake-up and leaves in one call. A peer that does not take it fast enough
has a backlog of its own. Nobody else waits for it, not even who sends to it, because a sender mostly has other
receivers too. Above ``limits.write_buffer`` the connection is closed: it would only get later and later, and its peer
can come again.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, List, Optional, Tuple

from .flow import Flow
from .framing import FramingError, frame
from .outcome import REQUEST, RESPONSE, Target
from .peers import Peer
from .poller import READ, WRITE

if TYPE_CHECKING:
    from .delivery import Delivery

CONNECTING = 0
HANDSHAKE = 1
OPEN = 2
CLOSING = 3  # nothing is read any more; what waits is still sent
CLOSED = 4

RECEIVE = 65536
END_OF_HEADERS = b"\r\n\r\n"
_LATER = (BlockingIOError, InterruptedError)

Original = Tuple[bytes, Flow, int]
"""A request as it came, from where, and how many targets it was tried at."""


class Connection:
    """A connection that was accepted (`target` is None) or made."""

    __slots__ = (
        "backlog",
        "flow",
        "half",
        "loop",
        "need",
        "originals",
        "partial",
        "peer",
        "queue",
        "sock",
        "state",
        "target",
        "used",
    )

    def __init__(self, loop: Delivery, sock: socket.socket, flow: Flow, peer: Peer, target: Optional[Target]) -> None:
        self.loop = loop
        self.sock = sock
        self.flow = flow
        self.peer = peer
        self.target = target
        self.state = OPEN if target is None else CONNECTING
        self.used = loop.now  # when something came or went last
        self.partial: Optional[bytearray] = None  # the beginning of a message
        self.need = 0  # so many bytes has that message at least; 0: unknown
        self.half = False  # half a keep-alive (one CRLF) has come
        self.queue: Optional[List[bytes]] = None  # to be sent
        self.backlog = 0  # bytes in it, once it cannot leave with this wake-up
        # Requests that wait for the connection to be made; None: it is.
        self.originals: Optional[List[Original]] = None if target is None else []

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
            data = self.sock.recv(RECEIVE)
        except _LATER:
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
            self.close()

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
            self.loop.unreachable(self, OSError(code, "connect"))
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
        if self.queue is None:
            self.listen()
        else:
            self.backlog = 1  # lets `flush` change what is waited for
            self.flush()

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

    # -- messages ------------------------------------------------------------------------------------------------

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
