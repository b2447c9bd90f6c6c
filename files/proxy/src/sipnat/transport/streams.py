# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Takes connections, and makes them."""

from __future__ import annotations

import errno
import os
import socket
import struct
from typing import TYPE_CHECKING, Optional

from ..flow import Flow
from ..model import Listener
from ..neighbours.peers import Peer
from ..outcome import Target
from . import listeners
from .connection import Connection
from .poller import READ, WRITE
from .reading import HANDSHAKE
from .tls_connection import TlsConnection

if TYPE_CHECKING:
    from .delivery import Delivery
    from .loop import Loop

BATCH = 64  # connections that are taken in one wake-up
_RESET = struct.pack("ii", 1, 0)  # linger: on, no time
_IN_PROGRESS = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN)
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class Acceptor:
    """A TCP or TLS listener."""

    def __init__(self, loop: Loop, sock: socket.socket, listener: Listener) -> None:
        self.loop = loop
        self.sock = sock
        self.listener = listener

    def ready(self, events: int) -> None:  # noqa: ARG002 - what a handler is given
        """Connections have come."""
        for _unused in range(1 if self.loop.siblings else BATCH):  # siblings get their share
            try:
                sock, address = self.sock.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    # It would be ready again at once: let others finish first.
                    self.loop.pause(self)
                    return
                continue  # that one has gone already
            self._take(sock, address[0], address[1])

    def _take(self, sock: socket.socket, address: str, port: int) -> None:
        loop = self.loop
        peer = loop.classify(address)
        if peer is None or self.listener.leg == ("outside" if peer.outward else "inside"):
            loop.refused("refused", address)
            _reset(sock)
            return
        if loop.full or not loop.guard.connect(peer):
            loop.refused("connections", address)
            _reset(sock)
            return
        flow = Flow(peer.outward, self.listener.transport, loop.new_token(), peer.address, port)
        try:
            sock.setblocking(False)
            if not listeners.INHERITED:
                listeners.tune(sock)
            connection = self._connection(sock, flow, peer)
        except OSError:  # gone already
            sock.close()
            loop.guard.disconnect(peer)
            return
        loop.adopt(connection, READ)
        if flow.transport == "tls":
            loop.handshakes.start(connection)

    def _connection(self, sock: socket.socket, flow: Flow, peer: Peer) -> Connection:
        if flow.transport == "tcp":
            return Connection(self.loop, sock, flow, peer, None)
        context = self.loop.contexts.server(self.listener.tls)
        connection = TlsConnection(self.loop, context.wrap(sock, None), flow, peer, None)
        connection.context = context
        connection.state = HANDSHAKE
        return connection


def dial(loop: Delivery, target: Target) -> Optional[Connection]:
    """Begin to connect to `target`; None: that place may not be dialled, or nothing of ours could dial it.

    A refusal, even one that comes at once, is told to the loop at the end of the wake-up.
    """
    peer = loop.classify(target.address)
    if peer is None or peer.outward != target.inside:
        return None
    try:
        sock = socket.socket(listeners.family(target.address), socket.SOCK_STREAM)
    except OSError as error:  # no descriptor is left
        loop.log.drop("dial", loop.now, destination=target.address, error=error)
        return None
    sock.setblocking(False)
    flow = Flow(peer.outward, target.transport, loop.new_token(), peer.address, target.port)
    kind = TlsConnection if target.transport == "tls" else Connection
    connection = kind(loop, sock, flow, peer, target)
    try:
        listeners.tune(sock)
        source = listeners.source(loop.config, target.address, target.inside, target.transport)
        if source is not None:
            sock.bind((source.address, 0))
        code = sock.connect_ex((target.address, target.port))
        failure = None if code in _IN_PROGRESS else OSError(code, os.strerror(code))
    except OSError as error:
        failure = error
    loop.adopt(connection, WRITE)
    loop.metrics.event("dialled")
    if failure is not None:
        loop.failures.append((connection, failure))
    else:
        loop.dials.start(connection)
    return connection


def _reset(sock: socket.socket) -> None:
    """Close without a trace: thousands of refused connections shall not wait for their end in the kernel."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    except OSError:
        pass
    finally:
        sock.close()
