"""One TCP or TLS connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from lab.sip.address import Flow, Transport
from lab.sip.framing import BrokenStream, Frames

Failed = Callable[[OSError], None]

# A peer that does not read for so long is as good as gone.
_UNREAD = 4 << 20


class Owner(Protocol):
    """Who is told about it."""

    def joined(self, connection: Connection) -> None:
        """It is there; messages follow."""

    def received(self, data: bytes, flow: Flow) -> None:
        """A whole message came."""

    def broken(self, data: bytes, flow: Flow, reason: str) -> None:
        """Octets that are no message came; the connection is closed."""

    def left(self, connection: Connection) -> None:
        """It is gone, or was never made."""


class Connection(asyncio.Protocol):
    """Messages are written in order; those that come before it is made wait for it."""

    def __init__(self, owner: Owner, transport: Transport, number: int) -> None:
        self._owner = owner
        self._kind: Transport = transport
        self._number = number
        self._frames = Frames()
        self._waiting: list[tuple[bytes, Failed | None]] = []
        self._transport: asyncio.Transport | None = None
        self.flow: Flow | None = None
        """None before it is made."""
        self.closed = False

    def send(self, data: bytes, failed: Failed | None) -> None:
        """Write a message; `failed` is called if it certainly cannot be."""
        if self.closed:
            tell(failed, ConnectionResetError("the connection is closed"))
        elif not self._transport:
            self._waiting.append((data, failed))
        elif self._transport.get_write_buffer_size() > _UNREAD:
            self._transport.abort()
            tell(failed, TimeoutError("the peer does not read"))
        else:
            self._transport.write(data)

    def give_up(self, error: OSError) -> None:
        """It could not be made."""
        self.closed = True
        waiting, self._waiting = self._waiting, []
        self._owner.left(self)
        for _, failed in waiting:
            tell(failed, error)

    def close(self) -> None:
        """End it once everything is written."""
        self.closed = True
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        local, remote = transport.get_extra_info("sockname"), transport.get_extra_info("peername")
        if not local or not remote:
            transport.abort()
            return
        self.flow = Flow(self._kind, (local[0], local[1]), (remote[0], remote[1]), self._number)
        self._owner.joined(self)
        waiting, self._waiting = self._waiting, []
        for data, _ in waiting:
            transport.write(data)

    def data_received(self, data: bytes) -> None:
        assert self.flow
        try:
            for message in self._frames.feed(data):
                self._owner.received(message, self.flow)
        except BrokenStream as broken:
            self._owner.broken(broken.data, self.flow, str(broken))
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why it went does not matter
        self.closed = True
        waiting, self._waiting = self._waiting, []
        self._owner.left(self)
        for _, failed in waiting:
            tell(failed, ConnectionResetError("the connection is closed"))


def tell(failed: Failed | None, error: OSError) -> None:
    if failed:
        # Never from within `send`: whoever sends has not noted yet what it sends.
        asyncio.get_running_loop().call_soon(failed, error)
