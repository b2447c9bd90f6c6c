"""The ports a server opens: those of its end points that a process of its type really listens on."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import NamedTuple

from lab.products.was.servers.server_index import Entry

ADMINISTRATION = ("SOAP_CONNECTOR_ADDRESS", "BOOTSTRAP_ADDRESS")
"""Where clients of the administration connect: by SOAP and by RMI."""

_ESSENTIAL = (*ADMINISTRATION, "ORB_LISTENER_ADDRESS")
_DATAGRAM = ("SIP_DEFAULTHOST", "PROXY_SIP_ADDRESS")
# Multicast groups, and the ports of the messaging engine and of the replication service of 5.x, which no server of a
# gateway starts.
_CLOSED = ("MULTICAST", "SIB_", "DRS_CLIENT")


class Taken(Exception):
    """Another process listens on a port that the server cannot do without; `.end_point`, `.port`."""

    def __init__(self, end_point: str, port: int) -> None:
        super().__init__(f"{end_point} {port}")
        self.end_point, self.port = end_point, port


class Sockets(NamedTuple):
    """An open end point: its listening socket, and the bound one for datagrams."""

    stream: socket.socket
    datagram: socket.socket | None


class Listeners:
    """The open ports of a server. Those of the end points in `kept` are served by others."""

    def __init__(self, entry: Entry, kept: Collection[str] = ()) -> None:
        self._entry, self._kept = entry, kept
        self._selector = selectors.DefaultSelector()
        self._closed = threading.Event()
        self._bell, wakeup = socket.socketpair()
        self._selector.register(wakeup, selectors.EVENT_READ, "")
        self.failed: dict[str, int] = {}
        """End points of transport chains that could not be opened: the server runs without them and tries again."""
        self.opened: dict[str, Sockets] = {}
        """Those in `kept` that are open, until somebody takes them."""

    def open(self) -> None:
        """Listen. Raises `Taken`."""
        for name, (_, port) in self._entry.end_points.items():
            if port and not any(mark in name for mark in _CLOSED):
                self._open(name, port)

    def retry(self) -> list[str]:
        """Try the failed end points again; those that listen now."""
        waiting, self.failed = self.failed, {}
        for name, port in waiting.items():
            self._open(name, port)
        return [name for name in waiting if name not in self.failed]

    def _open(self, name: str, port: int) -> None:
        datagram = socket.socket(type=socket.SOCK_DGRAM) if name in _DATAGRAM else None
        try:
            if datagram:
                datagram.bind(("", port))
            stream = socket.create_server(("", port), backlog=64)
        except OSError:
            if datagram:
                datagram.close()
            if name in _ESSENTIAL:
                raise Taken(name, port) from None
            self.failed[name] = port
            return
        if name in self._kept:
            self.opened[name] = Sockets(stream, datagram)
            return
        self._selector.register(stream, selectors.EVENT_READ, name)
        if datagram:
            self._selector.register(datagram, selectors.EVENT_READ, "")

    def serve(self, administer: Callable[[socket.socket], None]) -> None:
        """Hand clients of the administration over; let others go. For a thread of its own; ends with `close`."""
        while not self._closed.is_set():
            for ready, _ in self._selector.select():
                # A client that gave up in the meantime, or a listener that was closed.
                with suppress(OSError):
                    self._take(ready.fileobj, ready.data, administer)

    @staticmethod
    def _take(listener: object, end_point: str, administer: Callable[[socket.socket], None]) -> None:
        assert isinstance(listener, socket.socket)
        if not end_point:
            listener.recv(65536)
            return
        connection, _ = listener.accept()
        if end_point in ADMINISTRATION:
            administer(connection)
        else:
            connection.close()

    def start(self, administer: Callable[[socket.socket], None]) -> None:
        """`serve` in a thread."""
        threading.Thread(target=self.serve, args=(administer,), daemon=True).start()

    def close(self) -> None:
        """Listen no longer."""
        self._closed.set()
        self._bell.close()
        for ready in list(self._selector.get_map().values()):
            assert isinstance(ready.fileobj, socket.socket)
            self._selector.unregister(ready.fileobj)
            ready.fileobj.close()
