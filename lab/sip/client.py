"""Client transactions (RFC 3261 17.1, RFC 6026)."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence

from sipmessage import Request, Response

from lab.sip import responses
from lab.sip.address import Flow, Target
from lab.sip.timers import T2, Repeat
from lab.sip.transports import Transports


class ClientTransaction:
    """A request under way. `done` is the final answer; 408 and 503 that are made here have no Via."""

    def __init__(
        self,
        transports: Transports,
        request: Request,
        target: Target,
        over: Flow | None,
        *,
        timeout_s: float,
        hop_fields: Sequence[str],
        ended: Callable[[], None],
    ) -> None:
        loop = asyncio.get_running_loop()
        self.request = request
        self.done: asyncio.Future[Response] = loop.create_future()
        self._transports, self._target, self._over = transports, target, over
        self._timeout_s, self._hop_fields, self._ended = timeout_s, hop_fields, ended
        self._invite = request.method == "INVITE"
        self._reliable = target.transport != "udp"
        # Timers A and E: an INVITE is repeated at intervals that grow without bound.
        self._repeat = None if self._reliable else Repeat(self._send, math.inf if self._invite else T2)
        self._timer = loop.call_later(timeout_s, self._too_late)
        self._ack: tuple[Request, Target, Flow | None] | None = None
        self._send()

    def receive(self, response: Response) -> None:
        """An answer came."""
        if self.done.done():
            # The ACK was lost.
            if self._ack:
                self.acknowledge(*self._ack)
            return
        if response.code < 200:
            if self._invite:
                self._stop()
                self._timer = asyncio.get_running_loop().call_later(self._timeout_s, self._too_late)
            return
        self._stop()
        if self._invite and response.code >= 300:
            self.acknowledge(self._ack_of_failure(response), self._target, self._over)
        self.done.set_result(response)
        # 2xx are repeated end to end even when this hop is reliable.
        if self._reliable and not (self._invite and response.code < 300):
            self._ended()
        else:
            self._timer = asyncio.get_running_loop().call_later(self._timeout_s, self._ended)

    def acknowledge(self, ack: Request, target: Target, over: Flow | None) -> None:
        """Send the ACK, and again whenever the answer comes again."""
        self._ack = (ack, target, over)
        self._transports.send(ack, target, over=over)

    def abandon(self) -> None:
        """Nobody waits for the answer any more."""
        self._stop()
        self._ended()

    def _send(self) -> None:
        self._transports.send(self.request, self._target, over=self._over, failed=self._failed)

    def _too_late(self) -> None:
        self._finish(408, "Request Timeout")

    def _failed(self, error: OSError) -> None:
        self._finish(503, str(error))

    def _finish(self, status: int, reason: str) -> None:
        if not self.done.done():
            self._stop()
            response = responses.answer(self.request, status, reason)
            response.headers.remove("Via")
            self.done.set_result(response)
            self._ended()

    def _stop(self) -> None:
        self._timer.cancel()
        if self._repeat:
            self._repeat.stop()
            self._repeat = None

    def _ack_of_failure(self, response: Response) -> Request:
        """RFC 3261 17.1.1.3."""
        ack = Request("ACK", self.request.uri)
        ack.headers.set("Via", self.request.headers["Via"])
        ack.headers.set("Max-Forwards", "70")
        for route in self.request.headers.getlist("Route"):
            ack.headers.add("Route", route)
        for name in self._hop_fields:
            value = self.request.headers.get(name)
            if value is not None:
                ack.headers.set(name, value)
        ack.headers.set("From", self.request.headers["From"])
        ack.headers.set("To", response.headers["To"])
        ack.headers.set("Call-ID", self.request.headers["Call-ID"])
        ack.headers.set("CSeq", f"{self.request.headers['CSeq'].split()[0]} ACK")
        return ack
