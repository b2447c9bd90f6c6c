"""System.Net: names, addresses, end points."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine

_SOCKET = "System.Net.Sockets.SocketException"


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

    @prop("Any")
    @staticmethod
    def any(_: Any) -> Address:
        return Address("0.0.0.0")  # noqa: S104 - what the member is worth


class EndPoint(NetObject):
    """IPEndPoint."""

    type_name = "System.Net.IPEndPoint"

    def __init__(self, address: Address, port: int) -> None:
        self.address = address
        self.port = port

    def to_string(self) -> str:
        return f"{self.address.text}:{self.port}"

    @property
    def place(self) -> tuple[str, int]:
        """As Python's sockets want it."""
        return self.address.text, self.port

    @prop("Address")
    def get_address(self) -> Address:
        return self.address

    @prop("Port")
    def get_port(self) -> int:
        return self.port


@net_type("System.Net.IPEndPoint")
class EndPointType:
    """Static members."""

    @staticmethod
    def create(_: Any, address: Any, port: int) -> EndPoint:
        return EndPoint(need_address(address), port)


def need_address(value: Any) -> Address:
    """An argument that has to be an IPAddress; a text is none."""
    if not isinstance(value, Address):
        raise NetFailure("System.ArgumentException", f"Cannot convert '{to_string(value)}' to System.Net.IPAddress.")
    return value
