"""The SIP container of an application server: what an application sees of the network."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Callable, Mapping
from typing import Protocol

from sipmessage import Request, Response

from lab.products.was.servers.runtime import Runtime
from lab.products.was.sip import affinity, rules
from lab.products.was.sip.affinity import LogicalName
from lab.products.was.sip.interfaces import Interface
from lab.products.was.sip.members import METHOD
from lab.products.was.sip.notices import Notices
from lab.products.was.sip.upstream import Upstream
from lab.sip.address import Flow, Target, Transport
from lab.sip.reactor import Reactor
from lab.sip.server import ServerTransaction
from lab.sip.transactions import Transactions
from lab.sip.transports import ClientTls

# What a container says to a request that no application wants.
_NO_APPLICATION = 403


class Application(Protocol):
    """What serves the requests. Both methods are called in the loop's thread."""

    def serve(self, transaction: ServerTransaction) -> None:
        """A request, or the ACK of a 2xx."""

    def stop(self) -> None:
        """The server stops."""


class Container:
    """The container of `server`; all but the plain attributes is for the loop's thread.

    A member of a cluster sends everything through a SIP proxy that has said STARTUP to it; another server sends itself.
    """

    def __init__(
        self,
        server: Runtime,
        reactor: Reactor,
        *,
        host: str,
        address: str,
        ports: Mapping[Transport, int],
        clustered: bool,
        replication: socket.socket | None,
        client_tls: ClientTls | None,
        open_application: Callable[[Container], Application] | None,
    ) -> None:
        self.server, self.reactor = server, reactor
        self.host, self.address, self.clustered = host, address, clustered
        self.replication = replication
        """The listening socket of `DCS_UNICAST_ADDRESS`."""
        self.name = LogicalName(int(server.host.now() * 1000), f"{server.node}.{server.name}")
        self._ports = ports
        self._numbers = itertools.count(1)
        self._notices = Notices(server.log, "SipContainer")
        self._transactions = Transactions(
            self._sent_by, self._serve, client_tls=client_tls, malformed=self._malformed,
            hop_fields=(rules.PREFERRED_OUTBOUND, rules.DESTINATION),
        )  # fmt: skip
        self.transports = self._transactions.transports
        self._upstream = Upstream(self.transports.flow_alive)
        self._application = open_application(self) if open_application else None

    # -- for the application -------------------------------------------------------------------------------------------
    def port(self, transport: Transport) -> int:
        """The port that it listens on, 0 for none."""
        return self._ports.get(transport, 0)

    def interface(self, transport: Transport) -> Interface | None:
        """Where others reach it: of a member of a cluster the SIP proxy's interface, None without a SIP proxy."""
        if self.clustered:
            return self._upstream.interface(transport)
        port = self.port(transport)
        return Interface(transport, self.host, port) if port else None

    def tag(self) -> str:
        """A new tag of From or To; by it a SIP proxy finds the member of a dialog."""
        return affinity.tag(self.name, next(self._numbers))

    async def request(self, request: Request, target: Target) -> Response:
        """Send a request to its next hop, a member by a SIP proxy; its final answer, which may be made here: 503
        without a SIP proxy, 408 without an answer. A request with Route goes where that says."""
        over = self._way(request, target)
        if self.clustered and over is None:
            return Response(503, "no SIP proxy")
        return await self._transactions.request(request, self._hop(target, over), over=over)

    def send_ack(self, ack: Request, target: Target) -> None:
        """Acknowledge a 2xx, by the same way as `request`."""
        over = self._way(ack, target)
        if over or not self.clustered:
            self._transactions.send_ack(ack, self._hop(target, over), over=over)

    def _way(self, request: Request, target: Target) -> Flow | None:
        if not self.clustered:
            return None
        over = self._upstream.way(target.transport)
        if over is None:
            self._notices.warn(
                ("way out", target.transport),
                f"{request.method} {request.uri} cannot be sent by {target.transport}: no SIP proxy that "
                "serves this cluster has connected to this server. Does the SIP proxy server run, is this cluster its "
                "default cluster, and does it listen for that transport?",
            )
            return None
        request.headers.set(rules.PREFERRED_OUTBOUND, "0")
        if not request.headers.get("Route"):
            host = f"[{target.host}]" if ":" in target.host else target.host
            where = f"<sip:{host}:{target.port};transport={target.transport}>"
            request.headers.set(rules.DESTINATION, where)
        return over

    @staticmethod
    def _hop(target: Target, over: Flow | None) -> Target:
        return Target(over.transport, *over.remote) if over else target

    # -- for the network -----------------------------------------------------------------------------------------------
    def stop(self) -> None:
        """The server stops."""
        if self._application:
            self._application.stop()

    def _sent_by(self, transport: Transport) -> tuple[str, int | None]:
        return self.address if self.clustered else self.host, self.port(transport) or None

    def _serve(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        if request.method == METHOD:
            self._greeted(transaction)
        elif self._application:
            self._application.serve(transaction)
        else:
            self._notices.warn(
                ("no application", request.method),
                f"{request.method} {request.uri} from {transaction.flow.remote[0]} is refused: no application of this "
                "server serves SIP",
            )
            transaction.respond(_NO_APPLICATION)

    def _greeted(self, transaction: ServerTransaction) -> None:
        address = transaction.flow.remote[0]
        if not self.clustered:
            transaction.respond(_NO_APPLICATION)
            return
        try:
            is_new = self._upstream.greet(transaction.request, transaction.flow)
        except ValueError as error:
            transaction.respond(400, str(error))
            return
        started, member = self.name
        transaction.respond(200, headers=[(rules.LOGICAL_NAME, f"{started}_{member}")])
        if is_new:
            shown = ", ".join(transaction.request.headers.getlist(rules.INTERFACES))
            self._notices.say("I", f"A SIP proxy at {address} has connected; others reach this cluster by {shown}")

    def _malformed(self, data: bytes, flow: Flow, reason: str) -> None:
        self._notices.warn(
            ("malformed", flow.remote[0]), f"No SIP message came from {flow.remote[0]}: {reason}: {data[:60]!r}"
        )
