"""The SIP proxy: it forwards without keeping anything of a request (RFC 3261 16.11)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from sipmessage import URI, Request, Response

from lab.products.was.sip import affinity, rules
from lab.products.was.sip.access_log import AccessLog
from lab.products.was.sip.members import METHOD, Members, Plan
from lab.products.was.sip.names import Names
from lab.products.was.sip.notices import Notices
from lab.sip import headers, responses, via
from lab.sip.address import Flow, Target, Transport, next_hop
from lab.sip.message import SipMessage
from lab.sip.transports import ClientTls, Transports

# Tags of answers that the proxy gives itself: the ACK that comes for one ends here.
_OWN_TAG = "sipproxy"
# Which connection a request came over; 0 for UDP.
_FLOW = re.compile(r";flow=([0-9a-f]+)")


class Proxy:
    """Requests from outside go to a member of the default cluster, those of members to their destination."""

    def __init__(
        self,
        plan: Plan,
        names: Names,
        notices: Notices,
        *,
        access: AccessLog | None = None,
        client_tls: ClientTls | None = None,
    ) -> None:
        self._plan, self._names, self._notices, self._access = plan, names, notices, access
        self._identity = plan.identity
        self._flows: dict[int, Flow] = {}
        self.transports = Transports(self._receive, self._malformed, lost=self._lost, client_tls=client_tls)
        self._members = Members(plan, self.transports, notices)

    def start(self) -> None:
        """Watch the cluster from now on."""
        self._watch = asyncio.get_running_loop().create_task(self._members.watch())

    def stop(self) -> None:
        """The server stops."""
        self._watch.cancel()
        if self._access:
            self._access.write()

    @property
    def living(self) -> Mapping[str, int]:
        """The members that live: their name, and when they were started."""
        return self._members.living

    # -- what comes in -------------------------------------------------------------------------------------------------
    def _receive(self, message: SipMessage, flow: Flow) -> None:
        """Forward a message, or answer it."""
        if flow.connection:
            self._flows[flow.connection] = flow
        try:
            if isinstance(message, Request):
                self._on_request(message, flow)
            else:
                self._on_response(message, flow)
        except ValueError as error:
            self._invalid(message, flow, str(error))

    def _lost(self, flow: Flow) -> None:
        """A connection has ended."""
        self._flows.pop(flow.connection, None)
        self._members.lost(flow)

    def _malformed(self, data: bytes, flow: Flow, reason: str) -> None:
        """What came is no message: nobody can be answered."""
        self._notices.warn(
            ("malformed", flow.remote[0]),
            f"CWSPX0006W: Invalid SIP message received. {reason}, from {flow.remote[0]}: {data[:60]!r}",
        )

    def _invalid(self, message: SipMessage, flow: Flow, reason: str) -> None:
        self._notices.warn(
            ("invalid", flow.remote[0]),
            f"CWSPX0006W: Invalid SIP message received. Header in question [{reason}] for call id "
            f"[{message.headers['Call-ID']}].",
        )
        # Where its Via is what is wrong nobody can be answered.
        with suppress(ValueError):
            if isinstance(message, Request):
                self._answer(message, flow, 400)

    # -- answers -------------------------------------------------------------------------------------------------------
    def _on_response(self, response: Response, flow: Flow) -> None:
        if response.headers["CSeq"].split()[-1] == METHOD:
            self._members.answered(response, flow)
            return
        own = via.pop(response)
        kept = _FLOW.search(own.parameters)
        is_ours = self._identity.has(own.host, own.port or 0)
        if not kept or not is_ours or response.headers.get("Via") is None:
            self._notices.warn("via", "CWSPX0008W: Invalid VIA header in SIP response message.")
            return
        target = via.answer_target(via.top(response))
        self.transports.send(response, target, over=self._flows.get(int(kept[1], 16)))
        if self._access:
            self._access.note(response, flow, target)

    def _answer(self, request: Request, flow: Flow, status: int, reason: str = "", retry_after_s: int = 0) -> None:
        if request.method == "ACK":
            return
        response = responses.answer(request, status, reason, _OWN_TAG)
        if retry_after_s:
            response.headers.set("Retry-After", str(retry_after_s))
        self.transports.send(response, via.answer_target(via.top(response)), over=flow)

    # -- requests ------------------------------------------------------------------------------------------------------
    def _on_request(self, request: Request, flow: Flow) -> None:
        via.stamp(request, flow)
        from_member = self._members.has(flow)
        popped = rules.pop_routes(request, self._identity)
        to_tag = headers.tag(request.headers["To"])
        if request.method == "ACK" and to_tag == _OWN_TAG:
            return
        if not rules.hops_left(request):
            self._answer(request, flow, 200 if request.method == "OPTIONS" else 483)
        elif request.method == "OPTIONS" and not from_member and self._is_for_proxy(request):
            self._answer(request, flow, 200)
        elif from_member:
            self._out(request, flow, to_tag, popped=popped)
        elif request.headers.get("Route") is None:
            self._in(request, flow, to_tag)
        else:
            self._refuse_route(request, flow)

    def _is_for_proxy(self, request: Request) -> bool:
        return (
            request.uri.user is None
            and request.headers.get("Route") is None
            and self._identity.is_named(str(request.uri))
        )

    def _refuse_route(self, request: Request, flow: Flow) -> None:
        shown = ", ".join(each.uri() for each in self._plan.interfaces.values())
        self._notices.warn(
            ("route", flow.remote[0]),
            f"{request.method} from {flow.remote[0]} is refused: its route {request.headers['Route']} leads to none of "
            f"the interfaces of this SIP proxy ({shown}), and it relays for its cluster only",
        )
        self._answer(request, flow, 403)

    def _in(self, request: Request, flow: Flow, to_tag: str | None) -> None:
        """From outside, or from one member for another."""
        rules.strip_internals(request)
        name = self._member(request, flow, to_tag)
        if name:
            self._record(request, flow, self._members.target(name, flow.transport).transport)
            self._to_member(request, flow, to_tag, name)

    def _member(self, request: Request, flow: Flow, to_tag: str | None) -> str | None:
        """The member for a request; without one it is answered."""
        name = affinity.choose(self._members.living, request.headers["Call-ID"], to_tag)
        if name is None:
            self._notices.warn(
                "cluster",
                f"CWSPX0004W: Unable to find least loaded server for request in cluster {self._plan.cluster}.",
            )
            self._answer(request, flow, 503, retry_after_s=self._plan.retry_after_s)
        return name

    def _to_member(self, request: Request, flow: Flow, to_tag: str | None, name: str) -> None:
        target = self._members.target(name, flow.transport)
        self._push(request, flow, self._plan.place[target.transport], target.transport)
        failed = partial(self._try_another, request, flow, to_tag, name)
        self.transports.send(request, target, failed=failed)
        if self._access:
            self._access.note(request, flow, target)

    def _try_another(self, request: Request, flow: Flow, to_tag: str | None, name: str, error: OSError) -> None:
        self._members.failed(name, str(error))
        via.pop(request)
        other = self._member(request, flow, to_tag)
        if other:
            self._to_member(request, flow, to_tag, other)

    def _out(self, request: Request, flow: Flow, to_tag: str | None, *, popped: bool) -> None:
        """From a member."""
        route = request.headers.get("Route")
        destination = request.headers.get(rules.DESTINATION)
        if route:
            uri = URI.parse(headers.uri(route))
        elif destination and not popped:
            uri = URI.parse(headers.uri(destination))
        else:
            uri = request.uri
        transport, host, port = next_hop(uri)
        if self._identity.has(host, port):
            self._in(request, flow, to_tag)
            return
        self._check_interface(request, transport)
        rules.strip_internals(request)
        address = self._names.address(host)
        if address is None or transport not in self._plan.interfaces:
            reason = f"it does not know the host {host}" if address is None else f"it has no interface for {transport}"
            self._unreachable(request, flow, f"{host}:{port} ({transport})", reason)
            return
        leaves = self._plan.interfaces[transport]
        target = Target(transport, address, port)
        self._record(request, flow, transport)
        self._push(request, flow, (leaves.host, leaves.port), transport)
        self.transports.send(request, target, failed=partial(self._not_sent, request, flow, target))
        if self._access:
            self._access.note(request, flow, target)

    def _check_interface(self, request: Request, transport: Transport) -> None:
        """Raises ValueError for an interface that was never advertised: there is one for each transport."""
        index = request.headers.get(rules.PREFERRED_OUTBOUND)
        if index not in (None, "0"):
            raise ValueError(f"{rules.PREFERRED_OUTBOUND}: {index} is no interface for {transport}")

    def _not_sent(self, request: Request, flow: Flow, target: Target, error: OSError) -> None:
        via.pop(request)
        self._unreachable(request, flow, str(target), str(error))

    def _unreachable(self, request: Request, flow: Flow, where: str, reason: str) -> None:
        self._notices.warn(
            ("unreachable", where), f"The SIP proxy cannot send {request.method} {request.uri} to {where}: {reason}"
        )
        self._answer(request, flow, 503, f"{where}: {reason}")

    def _record(self, request: Request, flow: Flow, transport: Transport) -> None:
        leaves = self._plan.interfaces[transport]
        rules.record(request, self._plan.interfaces.get(flow.transport, leaves), leaves)

    # -- both ----------------------------------------------------------------------------------------------------------
    def _push(self, request: Request, flow: Flow, sent_by: tuple[str, int], transport: Transport) -> None:
        via.push(request, transport, sent_by, f"{via.stateless_branch(request)};flow={flow.connection:x}")
