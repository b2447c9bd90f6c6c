"""The SIP end points of a server: sockets that are open already go to what serves them, in one thread."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress

from lab.products.was.servers import server_index
from lab.products.was.servers.listeners import Sockets
from lab.products.was.servers.runtime import Runtime
from lab.products.was.sip import assembly, settings
from lab.products.was.sip.notices import Notices
from lab.sip.address import Transport
from lab.sip.reactor import Reactor

_WITHIN_S = 5.0


def end_points(server: Runtime) -> dict[Transport, str]:
    """The end points of a server's SIP chains; none for a server without SIP."""
    document = server_index.server_document(server.config, server.cell, server.node, server.name)
    return {each: name for each, name in settings.chains(document).items() if server.entry.port(name)}


class Channels:
    """The SIP of one server; its methods are for the server's own threads."""

    def __init__(self, server: Runtime, chains: dict[Transport, str], replication: socket.socket | None) -> None:
        self._server, self._chains = server, chains
        self._notices = Notices(server.log, "SipChannels")
        self._reactor = Reactor()
        self._reactor.start()
        self._service = self._reactor.call(self._assemble(replication), _WITHIN_S)

    def open(self, name: str, sockets: Sockets) -> None:
        """Serve an end point from now on."""
        transports = {transport for transport, end_point in self._chains.items() if end_point == name}
        if sockets.datagram:
            self._serve("udp" if "udp" in transports else None, sockets.datagram)
        self._serve(next(iter(transports - {"udp"}), None), sockets.stream)

    def stop(self) -> None:
        """Serve no longer."""
        with suppress(TimeoutError):
            self._reactor.call(self._close(), _WITHIN_S)
        self._reactor.stop()

    def _serve(self, transport: Transport | None, sock: socket.socket) -> None:
        context: ssl.SSLContext | None = None
        if transport == "tls":
            try:
                context = assembly.serving_tls(self._server)
            except (OSError, ValueError) as error:
                self._notices.say("E", f"The end point for SIP over TLS is not served: {error}")
                transport = None
        if transport is None:
            sock.close()
        else:
            self._reactor.post(self._adopt, transport, sock, context)

    def _adopt(self, transport: Transport, sock: socket.socket, context: ssl.SSLContext | None) -> None:
        self._service.transports.adopt(transport, sock, tls=context)

    async def _assemble(self, replication: socket.socket | None) -> assembly.Service:
        ports = {transport: self._server.entry.port(name) for transport, name in self._chains.items()}
        return assembly.build(self._server, self._reactor, ports, replication)

    async def _close(self) -> None:
        self._service.stop()
        await self._service.transports.close()
