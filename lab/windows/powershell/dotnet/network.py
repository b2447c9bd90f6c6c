"""System.Net: names, addresses, TCP connections."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.streams import Stream
from lab.windows.powershell.values import VOID

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine

_SOCKET = "System.Net.Sockets.SocketException"
_TIMEOUT_S = 21.0
"""How long Windows tries to connect."""


class Address(NetObject):
    """IPAddress."""

    type_name = "System.Net.IPAddress"

    def __init__(self, text: str) -> None:
        self.text = text

    def to_string(self) -> str:
        return self.text

    @prop("IPAddressToString")
    def get_text(self) -> str:
        return self.text

    @prop("AddressFamily")
    def get_family(self) -> str:
        return "InterNetwork"


def resolve(engine: Engine, name: str) -> str:
    """The address of a name or of an address."""
    try:
        socket.inet_aton(name)
    except OSError:
        found = engine.session.machine.resolve(name)
        if found is None:
            raise NetFailure(_SOCKET, "No such host is known", 11001) from None
        return found
    return name


class HostEntry(NetObject):
    """IPHostEntry."""

    type_name = "System.Net.IPHostEntry"

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address

    @prop("HostName")
    def get_host_name(self) -> str:
        return self.name

    @prop("AddressList")
    def get_address_list(self) -> list[Address]:
        return [Address(self.address)]


@net_type("System.Net.Dns")
class Dns:
    """Static members."""

    @method("GetHostAddresses")
    @staticmethod
    def get_host_addresses(engine: Engine, name: str) -> list[Address]:
        return [Address(resolve(engine, name))]

    @method("GetHostEntry")
    @staticmethod
    def get_host_entry(engine: Engine, name: str) -> HostEntry:
        return HostEntry(name, resolve(engine, name))

    @method("GetHostName")
    @staticmethod
    def get_host_name(engine: Engine) -> str:
        return engine.session.machine.name


@net_type("System.Net.IPAddress")
class AddressType:
    """Static members."""

    @method("Parse", "$cast")
    @staticmethod
    def parse(_: Any, text: Any) -> Address:
        try:
            socket.inet_aton(to_string(text))
        except OSError:
            raise NetFailure("System.FormatException", "An invalid IP address was specified.") from None
        return Address(to_string(text))


class TcpClient(NetObject):
    """A TCP connection."""

    type_name = "System.Net.Sockets.TcpClient"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._socket: socket.socket | None = None

    @method("Connect")
    def connect(self, name: str, port: int) -> Any:
        address = resolve(self._engine, name)
        try:
            self._socket = socket.create_connection((address, port), timeout=_TIMEOUT_S)
        except TimeoutError:
            message = (
                f"A connection attempt failed because the connected party did not properly respond {address}:{port}"
            )
            raise NetFailure(_SOCKET, message, 10060) from None
        except OSError:
            message = f"No connection could be made because the target machine actively refused it {address}:{port}"
            raise NetFailure(_SOCKET, message, 10061) from None
        return VOID

    @prop("Connected")
    def is_connected(self) -> bool:
        return self._socket is not None

    @method("GetStream")
    def get_stream(self) -> Stream:
        if self._socket is None:
            raise NetFailure(
                "System.InvalidOperationException", "The operation is not allowed on non-connected sockets."
            )
        return Stream(self._socket.makefile("rwb", buffering=0), "System.Net.Sockets.NetworkStream")  # type: ignore[arg-type]

    @method("Close")
    def close(self) -> Any:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
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
