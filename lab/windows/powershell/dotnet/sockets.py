"""System.Net.Sockets: sockets of their own, their errors, and the stream of a connection."""

from __future__ import annotations

import errno
import select
import socket
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lab.windows.powershell.dotnet.arrays import ArrayList
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.network import Address, EndPoint
from lab.windows.powershell.values import VOID

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine

_SOCKET = "System.Net.Sockets.SocketException"
_TEXTS = {
    errno.EADDRINUSE: (
        10048,
        "Only one usage of each socket address (protocol/network address/port) is normally permitted",
    ),
    errno.EADDRNOTAVAIL: (10049, "The requested address is not valid in its context"),
    errno.ECONNRESET: (10054, "An existing connection was forcibly closed by the remote host"),
    errno.EPIPE: (10054, "An existing connection was forcibly closed by the remote host"),
    errno.EHOSTUNREACH: (10065, "A socket operation was attempted to an unreachable host"),
    errno.ENETUNREACH: (10051, "A socket operation was attempted to an unreachable network"),
}


def socket_failure(failure: OSError, place: str = "") -> NetFailure:
    """The SocketException for what this machine said."""
    where = f" {place}" if place else ""
    if isinstance(failure, TimeoutError):
        text = "A connection attempt failed because the connected party did not properly respond"
        return NetFailure(_SOCKET, text + where, 10060)
    if isinstance(failure, ConnectionRefusedError):
        text = "No connection could be made because the target machine actively refused it"
        return NetFailure(_SOCKET, text + where, 10061)
    code, text = _TEXTS.get(failure.errno or 0, (10022, "An invalid argument was supplied"))
    return NetFailure(_SOCKET, text + where, code)


def wait_for(
    engine: Engine, seconds: float | None, readable: Sequence[socket.socket], writable: Sequence[socket.socket] = ()
) -> set[socket.socket]:
    """Those that are ready within the time (None: however long it takes), the program's end in mind."""
    deadline = None if seconds is None else time.monotonic() + seconds
    while True:
        engine.checkpoint()
        left = 0.2 if deadline is None else min(0.2, max(0.0, deadline - time.monotonic()))
        ready = select.select(readable, writable, [], left)
        if ready[0] or ready[1]:
            return {*ready[0], *ready[1]}
        if deadline is not None and time.monotonic() >= deadline:
            return set()


class Socket(NetObject):
    """A Socket; `raw` is this machine's."""

    type_name = "System.Net.Sockets.Socket"

    def __init__(self, raw: socket.socket) -> None:
        self.raw = raw

    @prop("LocalEndPoint")
    def get_local(self) -> EndPoint | None:
        address, port = self.raw.getsockname()[:2]
        # One that was neither bound nor connected has no end point.
        return EndPoint(Address(address), port) if port else None

    @prop("RemoteEndPoint")
    def get_remote(self) -> EndPoint:
        try:
            address, port = self.raw.getpeername()[:2]
        except OSError as failure:
            raise socket_failure(failure) from None
        return EndPoint(Address(address), port)


@net_type("System.Net.Sockets.Socket")
class SocketType:
    """Static members."""

    @method("Select")
    @staticmethod
    def select(engine: Engine, read: Any, write: Any, failed: Any, microseconds: int) -> Any:
        if not isinstance(read, ArrayList) or write is not None or failed is not None:
            raise NetFailure("System.ArgumentNullException", "The lab knows Select only with a list to read from.")
        if not read.items:
            raise NetFailure("System.ArgumentNullException", "Value cannot be null.\r\nParameter name: socketList")
        waiting = {each.raw: each for each in read.items}
        ready = wait_for(engine, None if microseconds < 0 else microseconds / 1e6, list(waiting))
        read.items[:] = [each for raw, each in waiting.items() if raw in ready]
        return VOID


class NetworkStream(NetObject):
    """What a TcpClient reads and writes."""

    type_name = "System.Net.Sockets.NetworkStream"
    base_types = ("System.IO.Stream",)

    def __init__(self, engine: Engine, owner: Socket) -> None:
        self.engine = engine
        self.owner = owner

    @method("Read")
    def read(self, buffer: Any, offset: int, count: int) -> int:
        try:
            data = self.owner.raw.recv(count)
        except OSError as failure:
            raise _broken("read data from", failure) from None
        buffer[offset : offset + len(data)] = data
        return len(data)

    @method("Write")
    def write(self, data: Any, offset: int, count: int) -> Any:
        try:
            self.owner.raw.sendall(bytes(data[offset : offset + count]))
        except OSError as failure:
            raise _broken("write data to", failure) from None
        return VOID

    @method("Flush")
    def flush(self) -> Any:
        return VOID

    @method("Close", "Dispose")
    def close(self) -> Any:
        self.owner.raw.close()
        return VOID


def _broken(what: str, failure: OSError) -> NetFailure:
    text = socket_failure(failure).exception.message
    return NetFailure("System.IO.IOException", f"Unable to {what} the transport connection: {text}.")
