"""Server transactions (RFC 3261 17.2, RFC 6026)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from sipmessage import Request, Response

from lab.sip import headers, responses, via
from lab.sip.address import Flow
from lab.sip.timers import Repeat
from lab.sip.transports import Transports


class ServerTransaction:
    """A request to be answered. An ACK of a 2xx comes as one too, and is not answered.

    `unacknowledged`, if set, is called when no ACK of our 2xx came in time.
    """

    def __init__(
        self,
        transports: Transports,
        request: Request,
        flow: Flow,
        *,
        timeout_s: float,
        ended: Callable[[], None],
    ) -> None:
        self.request, self.flow = request, flow
        self.to_tag = headers.tag(request.headers["To"]) or headers.new_tag()
        """Ours: of the request's To, else a new one."""
        self.unacknowledged: Callable[[], None] | None = None
        self._transports, self._timeout_s, self._ended = transports, timeout_s, ended
        self._invite = request.method == "INVITE"
        self._last: Response | None = None
        self._repeat: Repeat | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._confirmed = False

    @property
    def accepted(self) -> bool:
        """Whether the final answer was a 2xx."""
        return self._last is not None and 200 <= self._last.code < 300

    @property
    def answered(self) -> bool:
        """Whether the final answer was given."""
        return self._last is not None and self._last.code >= 200

    def respond(
        self,
        status: int,
        reason: str = "",
        *,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
        contact: str | None = None,
        to_tag: str | None = None,
    ) -> Response | None:
        """Answer; None if it is an ACK or the final answer was given before.

        Answers that establish or confirm a dialog repeat Record-Route. `contact` is the header's whole value; `headers`
        come last and hold the Content-Type of a body.
        """
        if self.answered or self.request.method == "ACK":
            return None
        response = responses.answer(self.request, status, reason, to_tag or self.to_tag)
        if 100 < status < 300:
            for route in self.request.headers.getlist("Record-Route"):
                response.headers.add("Record-Route", route)
        if contact:
            response.headers.set("Contact", contact)
        for name, value in headers:
            response.headers.add(name, value)
        response.body = body
        self._last = response
        self._send()
        if status >= 200:
            self._completed(status)
        return response

    def repeated(self) -> None:
        """The request came again: the last answer goes out again, unless its ACK was here."""
        if self._last and not self._confirmed:
            self._send()

    def acknowledged(self) -> None:
        """The ACK of the final answer came. A datagram of the INVITE may still be on its way."""
        if self._confirmed or not self.answered:
            return
        self._confirmed = True
        self._stop()
        if self.flow.transport == "udp":
            self._timer = asyncio.get_running_loop().call_later(self._timeout_s, self._ended)
        else:
            self._ended()

    def _send(self) -> None:
        assert self._last
        self._transports.send(self._last, via.answer_target(via.top(self._last)), over=self.flow)

    def _completed(self, status: int) -> None:
        reliable = self.flow.transport != "udp"
        if self._invite and (status < 300 or not reliable):
            # Timer G, and 13.3.1.4: a 2xx is repeated over TCP too, for a hop behind may be UDP.
            self._repeat = Repeat(self._send)
            self._timer = asyncio.get_running_loop().call_later(self._timeout_s, self._no_ack)
        elif reliable and not self._invite:
            self._ended()
        else:
            self._timer = asyncio.get_running_loop().call_later(self._timeout_s, self._ended)

    def _no_ack(self) -> None:
        self._stop()
        self._ended()
        if self.accepted and self.unacknowledged:
            self.unacknowledged()

    def _stop(self) -> None:
        if self._repeat:
            self._repeat.stop()
            self._repeat = None
        if self._timer:
            self._timer.cancel()
