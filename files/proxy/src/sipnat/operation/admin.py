# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The administration port: metrics, health and orders by HTTP on a loopback address, inside the loop.

Clients are few, get one answer each and little time; when there are too many the oldest goes.
"""

from __future__ import annotations

import socket
from typing import Callable, List, Optional, Protocol

from ..model import Admin as Settings
from .log import Log
from .metrics import Metrics
from .orders import Control, Orders
from .token_file import read_or_create

CLIENTS = 16
SECONDS = 5.0  # for a client to ask and to take the answer
REQUEST = 8192  # bytes
_READABLE = 1
_WRITABLE = 4


class Loop(Protocol):
    """What is needed of the loop."""

    @property
    def now(self) -> float: ...

    def watch(self, sock: socket.socket, callback: Callable[[int], None], write: bool = False) -> object: ...

    def unwatch(self, sock: socket.socket) -> object: ...


class _Client:
    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self.sock = sock
        self.deadline = deadline
        self.request = bytearray()
        self.answer: Optional[bytes] = None  # what has still to be sent


class Admin:
    """The listening socket and its clients. Raises OSError if it cannot listen or has no token."""

    def __init__(self, settings: Settings, control: Control, metrics: Metrics, loop: Loop, log: Log) -> None:
        token = read_or_create(settings.token) if settings.token is not None else None
        self._orders = Orders(control, metrics, log, token)
        self._loop = loop
        self._clients: List[_Client] = []
        self._paused = False  # takes no clients for a moment
        family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows: there, reuse would let others take the port
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((settings.address, settings.port))
            self._socket.listen(128)
            self._socket.setblocking(False)
        except OSError as error:
            self._socket.close()
            where = f"{settings.address} port {settings.port}"
            raise OSError(error.errno, f"admin: cannot listen at {where}: {error.strerror}") from error
        self.port = self._socket.getsockname()[1]
        loop.watch(self._socket, self._accept)

    def expire(self, now: float) -> None:
        """Close clients whose time is over, and take new ones again; once a second."""
        if self._paused:
            self._paused = False
            self._loop.watch(self._socket, self._accept)
        for client in [one for one in self._clients if one.deadline < now]:
            self._drop(client)

    def close(self) -> None:
        """Close all."""
        for client in list(self._clients):
            self._drop(client)
        if not self._paused:
            self._loop.unwatch(self._socket)
        self._socket.close()

    def _accept(self, _events: int) -> None:
        try:
            sock, _address = self._socket.accept()
        except (BlockingIOError, InterruptedError, ConnectionError):  # gone already
            return
        except OSError:  # no descriptor is left: it would be ready again at once
            self._loop.unwatch(self._socket)
            self._paused = True
            return
        sock.setblocking(False)
        if len(self._clients) >= CLIENTS:
            self._drop(self._clients[0])
        client = _Client(sock, self._loop.now + SECONDS)
        self._clients.append(client)
        self._loop.watch(sock, lambda events: self._ready(client, events))

    def _ready(self, client: _Client, events: int) -> None:
        try:
            if client.answer is None and events & ~_WRITABLE:
                self._receive(client)
            if client.answer is not None:
                sent = client.sock.send(client.answer)
                client.answer = client.answer[sent:]
                if not client.answer:
                    self._drop(client)
        except BlockingIOError:
            return
        except OSError:
            self._drop(client)

    def _receive(self, client: _Client) -> None:
        data = client.sock.recv(REQUEST)
        client.request += data
        if not data or len(client.request) > REQUEST:
            self._drop(client)
        elif b"\r\n\r\n" in client.request:
            client.answer = self._orders.answer(bytes(client.request))
            self._loop.watch(client.sock, lambda events: self._ready(client, events), write=True)

    def _drop(self, client: _Client) -> None:
        if client in self._clients:
            self._clients.remove(client)
            self._loop.unwatch(client.sock)
            client.sock.close()
