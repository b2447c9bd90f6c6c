"""Transactions (RFC 3261 17): requests that get exactly one answer, over a network that loses and repeats."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sipmessage import Request, Response

from lab.sip import headers, via
from lab.sip.address import Flow, Target, Transport
from lab.sip.client import ClientTransaction
from lab.sip.message import SipMessage
from lab.sip.server import ServerTransaction
from lab.sip.transports import ClientTls, Lost, Malformed, Transports

_Key = tuple[str, ...]


class Transactions:
    """A user agent's network.

    `sent_by(transport)` is host and port of our Via. `serve` gets new requests, and ACKs of 2xx; CANCEL is dealt with
    here. A request that the TU does not answer stays open until it does. `transports` are for end points; `timeout_s`
    stands for 64*T1, 32 s in the RFC. `hop_fields` are a product's own header fields that say how a request leaves: the
    ACK of a refused INVITE, which is made here, repeats them.
    """

    def __init__(
        self,
        sent_by: Callable[[Transport], tuple[str, int | None]],
        serve: Callable[[ServerTransaction], None],
        *,
        timeout_s: float = 8.0,
        connect_s: float = 4.0,
        client_tls: ClientTls | None = None,
        hop_fields: Sequence[str] = (),
        malformed: Malformed | None = None,
        lost: Lost | None = None,
    ) -> None:
        self.transports = Transports(
            self._receive, malformed, lost=lost, client_tls=client_tls, connect_s=connect_s
        )  # fmt: skip
        self._sent_by, self._serve = sent_by, serve
        self._timeout_s, self._hop_fields = timeout_s, hop_fields
        self._malformed = malformed
        self._clients: dict[_Key, ClientTransaction] = {}
        self._invites: dict[_Key, ClientTransaction] = {}
        self._servers: dict[_Key, ServerTransaction] = {}
        # INVITE transactions that wait for the ACK of their 2xx, which has a branch of its own.
        self._accepted: dict[_Key, ServerTransaction] = {}

    # -- client --------------------------------------------------------------------------------------------------------
    async def request(self, request: Request, target: Target, *, over: Flow | None = None) -> Response:
        """Send a request, with our Via: its final answer. Over the connection `over` if it is given and alive.

        An answer without Via was made here: 408 when none came in time, 503 when it cannot be sent (the reason phrase
        says why).
        """
        branch = via.new_branch()
        via.push(request, target.transport, self._sent_by(target.transport), branch)
        key = (branch, request.method)
        invite = _ack_key(request) if request.method == "INVITE" else None

        def ended() -> None:
            self._clients.pop(key, None)
            if invite:
                self._invites.pop(invite, None)

        client = ClientTransaction(
            self.transports, request, target, over,
            timeout_s=self._timeout_s, hop_fields=self._hop_fields, ended=ended,
        )  # fmt: skip
        self._clients[key] = client
        if invite:
            self._invites[invite] = client
        try:
            return await client.done
        finally:
            if not client.done.done() or client.done.cancelled():
                client.abandon()

    def send_ack(self, ack: Request, target: Target, *, over: Flow | None = None) -> None:
        """Acknowledge a 2xx, with our Via; again whenever the 2xx is repeated."""
        via.push(ack, target.transport, self._sent_by(target.transport), via.new_branch())
        client = self._invites.get(_ack_key(ack))
        if client:
            client.acknowledge(ack, target, over)
        else:
            self.transports.send(ack, target, over=over)

    # -- what comes in -------------------------------------------------------------------------------------------------
    def _receive(self, message: SipMessage, flow: Flow) -> None:
        try:
            if isinstance(message, Request):
                via.stamp(message, flow)
            top = via.top(message)
        except ValueError as error:
            if self._malformed:
                self._malformed(bytes(message), flow, str(error))
            return
        if isinstance(message, Request):
            self._on_request(message, flow, _server_key(message, top))
        else:
            client = self._clients.get((top.parameter("branch") or "", message.headers["CSeq"].split()[1]))
            if client:
                client.receive(message)

    def _on_request(self, request: Request, flow: Flow, key: _Key) -> None:
        known = self._servers.get(key)
        if request.method == "ACK":
            self._on_ack(request, flow, known)
        elif known:
            known.repeated()
        elif request.method == "CANCEL":
            self._on_cancel(request, flow, key)
        else:
            self._hand_over(self._open(request, flow, key))

    def _hand_over(self, transaction: ServerTransaction) -> None:
        try:
            self._serve(transaction)
        except Exception:
            # A request that is never answered would be remembered for ever.
            transaction.respond(500)
            raise

    def _open(self, request: Request, flow: Flow, key: _Key) -> ServerTransaction:
        dialog = _ack_key(request)

        def ended() -> None:
            self._servers.pop(key, None)
            if self._accepted.get(dialog) is transaction:
                del self._accepted[dialog]

        transaction = ServerTransaction(self.transports, request, flow, timeout_s=self._timeout_s, ended=ended)
        self._servers[key] = transaction
        if request.method == "INVITE":
            self._accepted[dialog] = transaction
        return transaction

    def _on_ack(self, ack: Request, flow: Flow, known: ServerTransaction | None) -> None:
        answer = known or self._accepted.get(_ack_key(ack))
        if answer:
            answer.acknowledged()
        if known and not known.accepted:
            return
        self._hand_over(ServerTransaction(self.transports, ack, flow, timeout_s=self._timeout_s, ended=lambda: None))

    def _on_cancel(self, cancel: Request, flow: Flow, key: _Key) -> None:
        invite = self._servers.get((*key[:-1], "INVITE"))
        self._open(cancel, flow, key).respond(200 if invite else 481)
        if invite:
            invite.respond(487)


def _server_key(request: Request, top: via.Via) -> _Key:
    """RFC 3261 17.2.3."""
    branch = top.parameter("branch") or ""
    method = "INVITE" if request.method == "ACK" else request.method
    if branch.startswith(via.COOKIE):
        return branch, top.host, str(top.port), method
    number = request.headers["CSeq"].split()[0]
    return str(request.uri), request.headers["Call-ID"], request.headers["From"], number, request.headers["Via"], method


def _ack_key(request: Request) -> _Key:
    """What an INVITE and the ACK of its 2xx have in common."""
    fields = request.headers
    return fields["Call-ID"], headers.tag(fields["From"]) or "", fields["CSeq"].split()[0]
