# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A connection with TLS: the same, but for a handshake and for what the sockets raise."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from typing import Optional, cast

from .connection import Connection
from .poller import READ, WRITE
from .reading import CONNECTING, HANDSHAKE
from .tls import TlsContext

RECORD = 16384  # bytes: the most that one holds


class TlsConnection(Connection):
    """A TLS connection, from the handshake on; one that is dialled is plain TCP until it is connected."""

    __slots__ = ("context",)

    most = RECORD  # OpenSSL reads no further than it has to: the next record is still in the kernel, and wakes us
    later = (ssl.SSLWantReadError, ssl.SSLWantWriteError)
    context: Optional[TlsContext]

    def send(self, data: bytes) -> int:
        """Record by record: of a longer piece OpenSSL does not tell what has left until all of it has."""
        sent, size = 0, len(data)
        try:
            while sent < size:
                sent += self.sock.send(data[sent : sent + RECORD] if size > RECORD else data)
        except self.later:
            pass  # it wants to see the same bytes again, and more may follow them
        return sent

    def shake(self) -> None:
        """One step of the handshake."""
        loop = self.loop
        if self.state == CONNECTING and self.target is not None:
            found = loop.contexts.client(self.target.inside, self.target.peer)
            if found is None:
                loop.unreachable(self, OSError("no TLS profile for this peer"))
                return
            self.context, name = found
            self.state = HANDSHAKE
            loop.handshakes.start(self)
            descriptor = self.sock.fileno()
            try:
                self.sock = self.context.wrap(self.sock, name)
            except OSError as error:  # gone already
                loop.poller.remove(descriptor)
                loop.unreachable(self, error)
                return
        sock = cast(ssl.SSLSocket, self.sock)
        try:
            sock.do_handshake()
        except ssl.SSLWantReadError:
            loop.poller.change(sock.fileno(), READ)
            return
        except ssl.SSLWantWriteError:
            loop.poller.change(sock.fileno(), WRITE)
            return
        except OSError as error:
            loop.unreachable(self, error)
            return
        if self.context is not None and self.context.stranger(sock):
            loop.unreachable(self, ssl.SSLCertVerificationError("certificate for another name"))
            return
        self.context = None
        loop.handshakes.stop(self)
        self.open()

    def proven(self) -> bool:
        """Who wants TLS does not take an address for a proof (RFC 5923)."""
        return bool(cast(ssl.SSLSocket, self.sock).getpeercert())

    def lost(self, error: OSError) -> None:
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
            # A certificate of ours that is not wanted: with TLS 1.3 that is told after the handshake.
            self.loop.metrics.tls_failure(error.reason or "other")
            self.loop.log.drop("tls", self.loop.now, peer=self.flow.address, error=error)
        super().lost(error)

    def ended(self) -> None:
        self.flush()
        self.close_notify()
        self.close()

    def say_goodbye(self) -> None:
        self.close_notify()
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.close()

    def close_notify(self) -> None:
        """Tell that this is the end, so that nobody can cut a stream unnoticed (RFC 8446 6.1)."""
        with suppress(OSError, ValueError):  # the other side has not said it yet, or TLS is over
            cast(ssl.SSLSocket, self.sock).unwrap()
