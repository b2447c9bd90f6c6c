"""System.Net.Sockets: UdpClient, over this machine's sockets in the host's own network."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.network import Address, EndPoint, need_address
from lab.windows.powershell.dotnet.reference import Reference
from lab.windows.powershell.dotnet.sockets import Socket, socket_failure, wait_for
from lab.windows.powershell.values import VOID

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine

_LARGEST_DATAGRAM = 65535


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
