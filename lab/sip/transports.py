"""Transports (RFC 3261 18): end points, connections, and which of them a message goes over."""

from __future__ import annotations

import asyncio
import itertools
import socket
import ssl
from collections.abc import Callable, Coroutine
from typing import Any

from lab.sip.address import Flow, Target, Transport, is_literal
from lab.sip.connection import Connection, Failed, tell
from lab.sip.datagrams import Datagrams
from lab.sip.message import SipMessage, encode, parse, parse_datagram

Receive = Callable[[SipMessage, Flow], None]
Malformed = Callable[[bytes, Flow, str], None]
Lost = Callable[[Flow], None]
# One context for all connections that are opened, or chosen by where one goes to.
ClientTls = ssl.SSLContext | Callable[[Target], ssl.SSLContext]

_BACKLOG = 128
_HANDSHAKE_S = 4.0
_SHUTDOWN_S = 1.0


class Transports:
    """The network of one process.

    Strict: a message without `over` goes over a connection that was opened by us to exactly its target, or over a new
    one, never over one that was accepted from that address. All methods are for the loop's thread.

    `receive` gets every message, `malformed` octets that are none (with the reason), `lost` each connection that ended.
    `client_tls` is for connections that we open, one for all or chosen by target; without it "tls" targets cannot be
    reached.
    """

    def __init__(
        self,
        receive: Receive,
        malformed: Malformed | None = None,
        *,
        lost: Lost | None = None,
        client_tls: ClientTls | None = None,
        connect_s: float = 4.0,
    ) -> None:
        self._receive, self._malformed, self._lost = receive, malformed, lost
        self._client_tls, self._connect_s = client_tls, connect_s
        self._numbers = itertools.count(1)
        self._datagrams = Datagrams(self._datagram)
        self._opened: dict[Target, Connection] = {}
        self._targets: dict[Connection, Target] = {}
        self._by_number: dict[int, Connection] = {}
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()

    # -- end points ----------------------------------------------------------------------------------------------------
    async def listen(
        self, transport: Transport, address: str, port: int, *, tls: ssl.SSLContext | None = None
    ) -> tuple[str, int]:
        """Open an end point; its address and port. Raises OSError."""
        _check(transport, tls)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        if transport == "udp":
            sock = socket.socket(family, socket.SOCK_DGRAM)
            try:
                sock.bind((address, port))
            except OSError:
                sock.close()
                raise
        else:
            sock = socket.create_server((address, port), family=family, backlog=_BACKLOG)
        host, number = sock.getsockname()[:2]
        self.adopt(transport, sock, tls=tls)
        return host, number

    def adopt(self, transport: Transport, sock: socket.socket, *, tls: ssl.SSLContext | None = None) -> None:
        """Serve a socket that is bound (UDP) or listens (TCP, TLS) already; it is ours from now on."""
        _check(transport, tls)
        if transport == "udp":
            self._datagrams.adopt(sock)
        else:
            self._start(self._serve(transport, sock, tls))

    async def _serve(self, transport: Transport, sock: socket.socket, tls: ssl.SSLContext | None) -> None:
        sock.setblocking(False)
        server = await asyncio.get_running_loop().create_server(
            lambda: Connection(self, transport, next(self._numbers)),
            sock=sock,
            backlog=_BACKLOG,
            ssl=tls,
            ssl_handshake_timeout=_HANDSHAKE_S if tls else None,
            ssl_shutdown_timeout=_SHUTDOWN_S if tls else None,
        )
        self._servers.append(server)

    # -- sending -------------------------------------------------------------------------------------------------------
    def send(
        self,
        message: SipMessage,
        target: Target,
        *,
        over: Flow | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Send over the connection `over` if it is alive, else to `target`.

        With UDP the datagram always goes to `target`, and `over` says from which of our sockets. `failed` is called,
        later, if the message could certainly not be sent; one that the network or a peer loses is not noticed.
        """
        data = encode(message)
        if over and over.connection:
            connection = self._by_number.get(over.connection)
            if connection and not connection.closed:
                connection.send(data, failed)
                return
        if not is_literal(target.host):
            tell(failed, OSError(f"{target.host} is a name, not an address"))
        elif target.transport == "udp":
            try:
                self._datagrams.send(data, target, over)
            except OSError as error:
                tell(failed, error)
        else:
            connection = self._opened.get(target)
            if connection is None or connection.closed:
                connection = self._open(target)
            connection.send(data, failed)

    def _open(self, target: Target) -> Connection:
        connection = Connection(self, target.transport, next(self._numbers))
        self._opened[target] = connection
        self._targets[connection] = target
        self._start(self._connect(connection, target))
        return connection

    async def _connect(self, connection: Connection, target: Target) -> None:
        secure = target.transport == "tls"
        if secure and not self._client_tls:
            connection.give_up(OSError("no TLS settings for outgoing connections"))
            return
        try:
            async with asyncio.timeout(self._connect_s):
                await asyncio.get_running_loop().create_connection(
                    lambda: connection,
                    target.host,
                    target.port,
                    ssl=self._context_for(target) if secure else None,
                    server_hostname=target.host if secure else None,
                    ssl_shutdown_timeout=_SHUTDOWN_S if secure else None,
                )
        except TimeoutError:
            connection.give_up(TimeoutError(f"no connection to {target} within {self._connect_s:g} s"))
        except OSError as error:
            connection.give_up(OSError(f"no connection to {target}: {error.strerror or error}"))
        except asyncio.CancelledError:
            connection.give_up(OSError("closed"))
            raise

    def _context_for(self, target: Target) -> ssl.SSLContext | None:
        return self._client_tls(target) if callable(self._client_tls) else self._client_tls

    # -- connections ---------------------------------------------------------------------------------------------------
    def flow_alive(self, flow: Flow) -> bool:
        """Whether a message can go over it."""
        if not flow.connection:
            return self._datagrams.alive(flow)
        connection = self._by_number.get(flow.connection)
        return connection is not None and not connection.closed

    def connected(self, target: Target) -> bool:
        """Whether a connection that we opened to it stands."""
        connection = self._opened.get(target)
        return connection is not None and connection.flow is not None and not connection.closed

    def disconnect(self, flow: Flow) -> None:
        """Close a connection once everything is written."""
        connection = self._by_number.get(flow.connection)
        if connection:
            connection.close()

    async def close(self) -> None:
        """Close everything; what waits for a connection fails."""
        for task in list(self._tasks):
            task.cancel()
        for server in self._servers:
            server.close()
        self._datagrams.close()
        for connection in [*self._by_number.values(), *self._targets]:
            connection.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # asyncio ends connections in its next turn.
        await asyncio.sleep(0)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- what end points and connections report ------------------------------------------------------------------------
    def joined(self, connection: Connection) -> None:
        assert connection.flow
        self._by_number[connection.flow.connection] = connection

    def left(self, connection: Connection) -> None:
        target = self._targets.pop(connection, None)
        if target and self._opened.get(target) is connection:
            del self._opened[target]
        if connection.flow and self._by_number.pop(connection.flow.connection, None) and self._lost:
            self._lost(connection.flow)

    def received(self, data: bytes, flow: Flow) -> None:
        self._read(data, flow, parse)

    def broken(self, data: bytes, flow: Flow, reason: str) -> None:
        if self._malformed:
            self._malformed(data, flow, reason)

    def _datagram(self, data: bytes, flow: Flow) -> None:
        # Datagrams of blank lines keep a translation of a NAT open (RFC 5626 4.4.1).
        if data.strip(b"\r\n\0"):
            self._read(data, flow, parse_datagram)

    def _read(self, data: bytes, flow: Flow, read: Callable[[bytes], SipMessage]) -> None:
        try:
            message = read(data)
        except ValueError as error:
            self.broken(data, flow, str(error))
            return
        try:
            self._receive(message, flow)
        except Exception as error:  # one message must not end what reads the others
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"a message from {flow.remote} was not dealt with", "exception": error}
            )


def _check(transport: Transport, tls: ssl.SSLContext | None) -> None:
    if (transport == "tls") != (tls is not None):
        raise ValueError("a TLS end point needs a context, another one has none")
