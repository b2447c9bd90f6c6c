# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests on their way through (RFC 3261, 16.3 to 16.6 and 16.11)."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ..flow import Flow
from ..outcome import REQUEST, Outcome, Target
from . import branches, strict
from .ending import Ending, repeated
from .headers import (
    CALL_ID,
    CSEQ,
    ENCODING,
    FROM,
    LENGTH,
    MAX_FORWARDS,
    PROXY_REQUIRE,
    RECORD_ROUTE,
    ROUTE,
    TO,
    TYPE,
    VIA,
)
from .memory import Memory
from .rules import Rules
from .startline import METHODS
from .syntax import LWS, Refusal, canonical, written
from .topmost import received
from .view import Hop, View

COOKIE = b"z9hG4bK"
PASSING, UNDONE, DIRECT = range(3)  # nothing done for strict routers; one before us; one behind us


class Requests:
    """Those of one direction."""

    def __init__(self, rules: Rules, views: Dict[str, View], ending: Ending, outward: bool) -> None:
        self._rules = rules
        self._views = views
        self._ending = ending
        self._outward = outward

    def forward(  # noqa: PLR0912, PLR0915 - one loop without a call per line: that is what makes it fast
        self, lines: List[bytes], body: bytes, flow: Flow, memory: Memory, mode: int = PASSING
    ) -> Outcome:
        """`lines` are those of the header block, `body` is what came behind it.

        The leg it leaves by decides how fields read, and Route fields decide the leg: the flow's last one is tried.
        """
        view = memory.view
        outward = self._outward
        fields = iter(lines)
        first = next(fields)
        start = view.starts.get(first) or view.start(first)
        out = [start.text]
        found: Dict[int, Any] = {}
        via_at = record_at = -1
        branch = required = b""
        hop: Optional[Hop] = None
        encoded = routed = False
        for kind, text, more in map(view.__getitem__, fields):
            if kind:
                if kind <= TYPE:
                    if kind in found:
                        raise repeated(kind, flow)
                    found[kind] = more
                elif kind == VIA:
                    if via_at >= 0:
                        text, _lower = view.vias.rewritten(text)  # noqa: PLW2901 - as it leaves
                    else:
                        via_at = len(out)
                        text, branch = (  # noqa: PLW2901
                            view.vias.rewritten(text) if outward else received(text, flow, memory, view.vias)
                        )
                elif kind == ROUTE:
                    routed = True
                    if hop is None and mode != DIRECT:
                        if more.rest is None:
                            continue
                        hop = more
                        text = more.rest  # noqa: PLW2901
                elif kind == RECORD_ROUTE:
                    if record_at < 0:
                        record_at = len(out)
                elif kind == PROXY_REQUIRE:
                    required += b", " + more if required else more
                elif kind == ENCODING:
                    encoded = True
                else:  # INTERNAL
                    continue
            out.append(text)
        if via_at < 0 or FROM not in found or TO not in found or CALL_ID not in found or CSEQ not in found:
            raise Refusal(400, "Missing Header Field")
        if found[CSEQ].method != start.method:
            raise Refusal(400, "CSeq Method Mismatch") if start.method in METHODS else Refusal(501, "Not Implemented")
        if start.odd:
            if start.own and start.loose and routed and mode == PASSING:
                return self.forward(strict.undone(lines), body, flow, memory, UNDONE)
            if start.refusal:
                raise start.refusal
            if hop is None and start.method == b"OPTIONS" and (outward or not start.user):
                raise Refusal(200, "OK")
        hops = found.get(MAX_FORWARDS)
        if hops == 0:
            raise Refusal(483, "Too Many Hops")
        if required:
            raise Refusal(420, "Bad Extension", b"Unsupported: " + required + b"\r\n")
        target = start.target
        secure = start.secure
        if hop:
            if not hop.loose:
                return self.forward(strict.done(lines, self._rules), body, flow, memory, DIRECT)
            target = hop.target
            secure = secure or hop.secure
        if target is None:
            target = self._chosen(found[CALL_ID])
        if target.transport != view.transport:
            memory.turn(self._views[target.transport])
            return self.forward(lines, body, flow, memory, mode)
        if secure and outward and target.transport != "tls":
            raise Refusal(403, "SIPS Needs TLS")
        if start.before:
            out[0] = start.before + written(target.address.encode("ascii")) + b":%d" % target.port + start.after
        added = memory.begin or self.begin(flow, memory, view.transport)
        added += branch[7:] if branch[:7] == COOKIE and len(branch) > 7 else branches.hashed(lines)
        if start.records:
            record = view.record_secure if secure else view.record
            if 0 <= record_at < via_at:
                out.insert(record_at, record)
                via_at += 1
            else:
                added += b"\r\n" + record
        if hops is None:
            added += b"\r\nMax-Forwards: 70"
        out.insert(via_at, added)
        text = self._ending.joined(
            out,
            body,
            found.get(LENGTH),
            b"" if encoded else found.get(TYPE, b""),
            flow.transport != "udp",
            view.stream,
        )
        return REQUEST, text, target, None

    def _chosen(self, call_id: bytes) -> Target:
        """Where a request goes that names no place."""
        if self._outward:
            raise Refusal(403, "Forbidden")
        upstream = self._rules.choose(call_id.partition(b":")[2].strip(LWS))
        if upstream is None:
            raise Refusal(503, "Service Unavailable", b"Retry-After: 5\r\n")
        return self._rules.target(upstream)

    def begin(self, flow: Flow, memory: Memory, transport: str) -> bytes:
        """Our Via up to the branch that was received. Its token finds the flow again (see response.py)."""
        rules = self._rules
        token = flow.token
        if flow.transport == "udp":
            token += b"-%x" % flow.port
            form = rules.forms.get(canonical(flow.address.encode("ascii", "replace")))
            if form:
                token += b"-" + form.token
        sent_by = rules.outbound(transport, transport) if self._outward else rules.listener(transport)
        begin = b"Via: SIP/2.0/%b %b;rport;branch=%bnp%b~" % (transport.upper().encode("ascii"), sent_by, COOKIE, token)
        memory.begin = begin
        return begin
