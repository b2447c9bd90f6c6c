# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The side of a probe that answers."""

from __future__ import annotations

import os
import selectors
import socket
import time
from typing import Callable, Dict, List, Sequence

from ..model import Endpoint, Limits
from ..rewriting.framing import FramingError, frame
from .message import Socket, answer

_LIMITS = Limits(message=16384, header=8192)
_CONNECTIONS = 64
_PATIENCE = 15.0  # seconds that a connection may take
_DATAGRAM = 65535


class _Listener:
    """A socket of ours, and the port of its sibling."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.other = 0


class _Caller:
    """A connection."""

    def __init__(self, sock: socket.socket, source: Socket, listener: _Listener) -> None:
        self.sock = sock
        self.source = source
        self.listener = listener
        self.buffer = b""
        self.until = time.monotonic() + _PATIENCE


def serve(listen: Sequence[Endpoint], stop: Callable[[], bool]) -> None:
    """Answers at these end points until `stop()`; ValueError for TLS, OSError for a socket that cannot be opened.

    Beside each one a second socket at a port of the system's choice is opened, for the question whether two flows from
    one port keep it.
    """
    if any(one.transport == "tls" for one in listen):
        raise ValueError("nobody reads TLS on the way: serve udp or tcp")
    server = _Server()
    try:
        for one in listen:
            server.open(one)
        while not stop():
            server.turn(0.25)
    finally:
        server.close()


class _Server:
    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._sockets: List[socket.socket] = []
        self._callers: Dict[int, _Caller] = {}

    def open(self, where: Endpoint) -> None:
        """The end point and its sibling."""
        first = _Listener(self._bound(where, where.port))
        second = _Listener(self._bound(where, 0))
        first.other, second.other = second.sock.getsockname()[1], first.sock.getsockname()[1]
        for one in (first, second):
            take = self._accept if where.transport == "tcp" else self._datagram
            self._selector.register(one.sock, selectors.EVENT_READ, (take, one))

    def _bound(self, where: Endpoint, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in where.address else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM if where.transport == "tcp" else socket.SOCK_DGRAM)
        self._sockets.append(sock)
        sock.setblocking(False)
        if where.transport == "tcp" and os.name != "nt":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the proxy has just left the port
        sock.bind((where.address, port))
        if where.transport == "tcp":
            sock.listen(16)
        return sock

    def turn(self, seconds: float) -> None:
        """Waits that long at most, and serves what came."""
        for key, _events in self._selector.select(seconds):
            take, one = key.data
            take(one)
        now = time.monotonic()
        for caller in [one for one in self._callers.values() if one.until < now]:
            self._end(caller)

    def _datagram(self, listener: _Listener) -> None:
        try:
            data, source = listener.sock.recvfrom(_DATAGRAM)
            reply = answer(data, source[:2], listener.sock.getsockname()[:2], listener.other)
            if reply:
                listener.sock.sendto(reply, source)
        except OSError:  # an ICMP error of an earlier answer: nobody is there any more
            return

    def _accept(self, listener: _Listener) -> None:
        try:
            sock, source = listener.sock.accept()
        except OSError:
            return
        if len(self._callers) >= _CONNECTIONS:
            sock.close()
            return
        sock.settimeout(1.0)  # answers are short: this never waits but for a peer that does not read
        caller = _Caller(sock, source[:2], listener)
        self._callers[sock.fileno()] = caller
        self._selector.register(sock, selectors.EVENT_READ, (self._stream, caller))

    def _stream(self, caller: _Caller) -> None:
        try:
            data = caller.sock.recv(_DATAGRAM)
            caller.buffer = (caller.buffer + data).lstrip(b"\r\n")
            end = frame(caller.buffer, 0, _LIMITS) if data else 0
            if end > 0:
                arrived = caller.sock.getsockname()[:2]
                reply = answer(caller.buffer[:end], caller.source, arrived, caller.listener.other)
                caller.sock.sendall(reply)
                caller.buffer = caller.buffer[end:]
        except (OSError, FramingError):
            data = b""
        if not data:
            self._end(caller)

    def _end(self, caller: _Caller) -> None:
        self._selector.unregister(caller.sock)
        del self._callers[caller.sock.fileno()]
        caller.sock.close()

    def close(self) -> None:
        for caller in list(self._callers.values()):
            self._end(caller)
        for sock in self._sockets:
            sock.close()
        self._selector.close()
