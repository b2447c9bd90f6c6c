"""System.Net.Sockets: TCP and UDP, over this machine's sockets in the host's own network."""

from __future__ import annotations

import errno
import select
import socket
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from lab.windows.powershell.dotnet.arrays import ArrayList
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop, setter
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.network import Address, EndPoint, need_address, resolve
from lab.windows.powershell.dotnet.reference import Reference
from lab.windows.powershell.values import VOID

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine

_SOCKET = "System.Net.Sockets.SocketException"
_CONNECT_S = 21.0
"""How long Windows tries to connect."""
_LARGEST_DATAGRAM = 65535
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


class WaitHandle(NetObject):
    """The handle of one attempt to connect."""

    type_name = "System.Threading.ManualResetEvent"

    def __init__(self, wait: Callable[[float], bool]) -> None:
        self._wait = wait

    @method("WaitOne")
    def wait_one(self, milliseconds: int, exit_context: bool) -> bool:
        del exit_context
        return self._wait(milliseconds / 1000)


class Attempt(NetObject):
    """IAsyncResult of TcpClient.BeginConnect."""

    type_name = "System.Net.Sockets.Socket+MultipleAddressConnectAsyncResult"

    def __init__(self, engine: Engine, raw: socket.socket, place: tuple[str, int]) -> None:
        self._engine = engine
        self._raw = raw
        self.place = f"{place[0]}:{place[1]}"
        raw.setblocking(False)
        self._code = raw.connect_ex(place)

    def wait(self, seconds: float) -> bool:
        """Whether it was decided within the time."""
        if self._code not in (errno.EINPROGRESS, errno.EAGAIN):
            return True
        if not wait_for(self._engine, seconds, [], [self._raw]):
            return False
        self._code = self._raw.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        return True

    def finish(self) -> None:
        """Wait until it is decided; NetFailure when it did not work."""
        decided = self.wait(_CONNECT_S)
        if not decided:
            raise socket_failure(TimeoutError(), self.place)
        if self._code:
            raise socket_failure(OSError(self._code, ""), self.place)
        self._raw.setblocking(True)

    @prop("AsyncWaitHandle")
    def get_handle(self) -> WaitHandle:
        return WaitHandle(self.wait)


class TcpClient(NetObject):
    """A TCP connection."""

    type_name = "System.Net.Sockets.TcpClient"

    def __init__(self, engine: Engine, connected: socket.socket | None = None) -> None:
        self._engine = engine
        self._socket = Socket(connected or socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        self._connected = connected is not None
        self._timeouts = {"receive": 0, "send": 0}

    @method("Connect")
    def connect(self, name: str, port: int) -> Any:
        self._finish(Attempt(self._engine, self._socket.raw, (resolve(self._engine, name), port)))
        return VOID

    @method("BeginConnect")
    def begin_connect(self, address: Any, port: int, callback: Any, state: Any) -> Attempt:
        del state
        if callback is not None:
            raise NetFailure("System.NotSupportedException", "A PowerShell 2.0 program cannot be called back.")
        return Attempt(self._engine, self._socket.raw, (need_address(address).text, port))

    @method("EndConnect")
    def end_connect(self, attempt: Any) -> Any:
        self._finish(attempt)
        return VOID

    def _finish(self, attempt: Attempt) -> None:
        attempt.finish()
        self._connected = True
        self._apply_timeouts()

    @prop("Connected")
    def is_connected(self) -> bool:
        return self._connected

    @prop("Client")
    def get_client(self) -> Socket:
        return self._socket

    @prop("ReceiveTimeout")
    def get_receive_timeout(self) -> int:
        return self._timeouts["receive"]

    @setter("ReceiveTimeout")
    def set_receive_timeout(self, milliseconds: int) -> None:
        self._timeouts["receive"] = milliseconds
        self._apply_timeouts()

    @prop("SendTimeout")
    def get_send_timeout(self) -> int:
        return self._timeouts["send"]

    @setter("SendTimeout")
    def set_send_timeout(self, milliseconds: int) -> None:
        self._timeouts["send"] = milliseconds
        self._apply_timeouts()

    def _apply_timeouts(self) -> None:
        # This machine's Python has one for both; 0 is for ever.
        self._socket.raw.settimeout(max(self._timeouts.values()) / 1000 or None)

    @method("GetStream")
    def get_stream(self) -> NetworkStream:
        if not self._connected:
            raise NetFailure(
                "System.InvalidOperationException", "The operation is not allowed on non-connected sockets."
            )
        return NetworkStream(self._engine, self._socket)

    @method("Close")
    def close(self) -> Any:
        self._socket.raw.close()
        self._connected = False
        return VOID


@net_type("System.Net.Sockets.TcpClient")
class TcpClientType:
    """Static members."""

    @staticmethod
    def create(engine: Engine, name: str = "", port: int = 0) -> TcpClient:
        client = TcpClient(engine)
        if name:
            client.connect(name, port)
        return client


class TcpListener(NetObject):
    """Takes TCP connections."""

    type_name = "System.Net.Sockets.TcpListener"

    def __init__(self, engine: Engine, place: EndPoint) -> None:
        self._engine = engine
        self._place = place
        self._socket = Socket(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        self._active = False

    @method("Start")
    def start(self) -> Any:
        try:
            self._socket.raw.bind(self._place.place)
            self._socket.raw.listen()
        except OSError as failure:
            raise socket_failure(failure) from None
        self._active = True
        return VOID

    @prop("Server")
    def get_server(self) -> Socket:
        return self._socket

    @prop("LocalEndpoint")
    def get_local(self) -> EndPoint:
        return (self._socket.get_local() if self._active else None) or self._place

    @method("AcceptTcpClient")
    def accept(self) -> TcpClient:
        if not self._active:
            raise NetFailure(
                "System.InvalidOperationException",
                "Not listening. You must call the Start() method before calling this method.",
            )
        wait_for(self._engine, None, [self._socket.raw])
        return TcpClient(self._engine, self._socket.raw.accept()[0])

    @method("Stop")
    def stop(self) -> Any:
        self._socket.raw.close()
        self._active = False
        return VOID


@net_type("System.Net.Sockets.TcpListener")
class TcpListenerType:
    """Static members."""

    @staticmethod
    def create(engine: Engine, address: Any, port: int) -> TcpListener:
        return TcpListener(engine, EndPoint(need_address(address), port))


class UdpClient(NetObject):
    """Sends and receives datagrams."""

    type_name = "System.Net.Sockets.UdpClient"

    def __init__(self, engine: Engine, place: EndPoint | None) -> None:
        self._engine = engine
        self._socket = Socket(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        if place is not None:
            try:
                self._socket.raw.bind(place.place)
            except OSError as failure:
                raise socket_failure(failure) from None

    @prop("Client")
    def get_client(self) -> Socket:
        return self._socket

    @method("Connect")
    def connect(self, address: Any, port: int) -> Any:
        try:
            self._socket.raw.connect((need_address(address).text, port))
        except OSError as failure:
            raise socket_failure(failure) from None
        return VOID

    @method("Send")
    def send(self, data: bytes, count: int, to: Any) -> int:
        try:
            return self._socket.raw.sendto(data[:count], to.place)
        except OSError as failure:
            raise socket_failure(failure) from None

    @method("Receive")
    def receive(self, sender: Any) -> bytearray:
        if not isinstance(sender, Reference):
            raise NetFailure(
                "System.Management.Automation.RuntimeException",
                "Argument: '1' should be a System.Management.Automation.PSReference. Use [ref].",
            )
        wait_for(self._engine, None, [self._socket.raw])
        try:
            data, (address, port) = self._socket.raw.recvfrom(_LARGEST_DATAGRAM)
        except OSError as failure:
            raise socket_failure(failure) from None
        sender.set_value(EndPoint(Address(address), port))
        return bytearray(data)

    @method("Close")
    def close(self) -> Any:
        self._socket.raw.close()
        return VOID


@net_type("System.Net.Sockets.UdpClient")
class UdpClientType:
    """Static members."""

    @staticmethod
    def create(engine: Engine, place: Any = None) -> UdpClient:
        if place is not None and not isinstance(place, EndPoint):
            raise NetFailure("System.NotSupportedException", "The lab knows UdpClient only with an IPEndPoint.")
        return UdpClient(engine, place)
