"""System.Net.Sockets: TcpClient and TcpListener, over this machine's sockets in the host's own network."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop, setter
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.network import EndPoint, need_address, resolve
from lab.windows.powershell.dotnet.sockets import NetworkStream, Socket, socket_failure, wait_for
from lab.windows.powershell.values import VOID

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine

_CONNECT_S = 21.0
"""How long Windows tries to connect."""


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
