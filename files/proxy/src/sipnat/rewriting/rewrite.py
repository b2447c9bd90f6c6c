# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The heart of the proxy: what becomes of a message."""

from __future__ import annotations

from typing import Dict, Optional, Union

from ..flow import Flow
from ..model import TRANSPORTS
from ..outcome import CLOSE, DROP, REPLY, Outcome
from .body import Bodies
from .ending import Ending, Unframed
from .headers import unfolded
from .leaks import Guard
from .memory import Memory
from .reply import Source, reply
from .request import Requests
from .response import Responses
from .rules import Rules
from .syntax import BadToken, Dropped, Refusal
from .view import View

_BLANK = (b"\r", b"\n", b"\0", b"")


class Rewriter:
    """Stateless: the same message on the same flow always becomes the same bytes for the same target."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.bad_tokens = 0
        self.refusals: Dict[int, int] = {}  # answers of our own, by status
        self.guard = Guard(rules.config)
        limits = rules.limits
        self._unsuspicious = min(limits.message, limits.header, limits.line)  # bytes that break no limit
        self._lines = limits.fields + 1
        # Where messages will probably go, until the first one of a flow shows it.
        config = rules.config
        self._usual = {True: config.partners[0].endpoint.transport, False: config.upstreams[0].endpoint.transport}
        bodies = Bodies(rules.config)
        self._views = {way: {name: View(rules, way, name) for name in TRANSPORTS} for way in (True, False)}
        endings = {way: Ending(bodies, self.guard, way) for way in (True, False)}
        self._requests = {way: Requests(rules, self._views[way], endings[way], way) for way in (True, False)}
        self._responses = {way: Responses(rules, self._views[way], endings[way], way) for way in (True, False)}

    @property
    def leaks(self) -> Dict[str, int]:
        """Inside addresses that were found at the last moment, by header field."""
        return self.guard.counters

    def process(self, data: bytes, flow: Flow) -> Outcome:
        """Never raises, whatever the bytes."""
        try:
            head, mark, body = data.partition(b"\r\n\r\n")
            if not mark:
                raise Refusal(400, "Header Block Not Complete")
            if len(data) > self._unsuspicious:
                self._check(data, head)
            outward = flow.outward
            if not outward:
                head = self.guard.restore(head)
            lines = head.split(b"\r\n")
            if len(lines) > self._lines:
                raise Refusal(513, "Message Too Large")
            memory = flow.prefixes
            if memory.__class__ is not Memory or memory.owner is not self:
                memory = flow.prefixes = Memory(self, self._views[outward][self._usual[outward]])
            way = self._responses[outward] if data[:8] == b"SIP/2.0 " else self._requests[outward]
            try:
                return way.forward(lines, body, flow, memory)
            except (Refusal, Dropped):
                if b"\r\n " not in head and b"\r\n\t" not in head:
                    raise
            return way.forward(unfolded(lines), body, flow, memory)
        except (Refusal, Dropped) as refusal:
            if data[:1] in _BLANK:  # RFC 3261, 7.5; RFC 5626, 4.4.1
                data = data.lstrip(b"\r\n\0")
                return self.process(data, flow) if data else (DROP, None, "keepalive", None)
            return self._refused(data, flow, refusal)

    def refuse(self, data: bytes, flow: Flow, status: int, reason: str) -> Optional[bytes]:
        """An error answer to a request whose header block is complete; None: it gets none."""
        return self._answer(data, flow, Refusal(status, reason))

    def _check(self, data: bytes, head: bytes) -> None:
        limits = self.rules.limits
        if len(data) > limits.message or len(head) > limits.header or max(map(len, head.split(b"\r\n"))) > limits.line:
            raise Refusal(513, "Message Too Large")

    def _refused(self, data: bytes, flow: Flow, refusal: Union[Refusal, Dropped]) -> Outcome:
        if isinstance(refusal, Dropped):
            return DROP, None, refusal.reason, None
        if isinstance(refusal, BadToken):
            self.bad_tokens += 1
            if data[:4].upper() == b"SIP/":
                return DROP, None, "token", None
        answer = self._answer(data, flow, refusal)
        if isinstance(refusal, Unframed):
            return CLOSE, answer, "unframed", None
        if answer is None:
            return DROP, None, "malformed" if refusal.status == 400 else "refused", None
        return REPLY, answer, None, None

    def _answer(self, data: bytes, flow: Flow, refusal: Refusal) -> Optional[bytes]:
        answer = reply(data, self._source(flow), refusal.status, refusal.reason, refusal.headers)
        if answer:
            self.refusals[refusal.status] = self.refusals.get(refusal.status, 0) + 1
        return answer

    def _source(self, flow: Flow) -> Source:
        """What an answer may tell its sender: not the inside address that the router wrote into its packets."""
        address = flow.address.encode("ascii", "replace")
        hidden = not flow.outward and self.rules.inside.holds(address)
        return (b"", b"") if hidden else (address, b"%d" % flow.port)
