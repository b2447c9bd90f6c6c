"""UDP sockets: asyncio's own end points take one datagram for each turn of the loop, these as many as are there."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from lab.sip.address import Flow, Target

_PORTION = 64
_LARGEST = 65535
# A burst is kept by the kernel while the loop is busy, as Java's products ask for it too.
_KEPT = 4 << 20


class Datagrams:
    """The open UDP end points."""

    def __init__(self, received: Callable[[bytes, Flow], None]) -> None:
        self._received = received
        self._sockets: dict[tuple[str, int], socket.socket] = {}

    def adopt(self, sock: socket.socket) -> None:
        """Read from a bound socket from now on."""
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _KEPT)
        host, port = sock.getsockname()[:2]
        self._sockets[host, port] = sock
        asyncio.get_running_loop().add_reader(sock.fileno(), self._drain, sock, (host, port))

    def _drain(self, sock: socket.socket, local: tuple[str, int]) -> None:
        for _ in range(_PORTION):
            try:
                data, remote = sock.recvfrom(_LARGEST)
            except BlockingIOError:
                return
            except OSError:
                # What the network says about an earlier datagram; the rest is read at the next turn.
                return
            self._received(data, Flow("udp", local, (remote[0], remote[1]), 0))

    def alive(self, flow: Flow) -> bool:
        """Whether the socket is open."""
        return flow.local in self._sockets

    def send(self, data: bytes, target: Target, over: Flow | None) -> None:
        """Send from the flow's socket, else from the first one. Raises OSError."""
        sock = self._sockets.get(over.local) if over else None
        if sock is None:
            sock = next(iter(self._sockets.values()), None)
        if sock is None:
            raise OSError("no UDP end point is open")
        try:
            sock.sendto(data, (target.host, target.port))
        except BlockingIOError:
            # The network is full: that is where datagrams get lost.
            return

    def close(self) -> None:
        """Close the sockets."""
        loop = asyncio.get_running_loop()
        for sock in self._sockets.values():
            loop.remove_reader(sock.fileno())
            sock.close()
        self._sockets.clear()
