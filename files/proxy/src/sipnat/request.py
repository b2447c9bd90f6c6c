# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests on their way through (RFC 3261, 16.3 to 16.6 and 16.11)."""

from __future__ import annotations

from typing import Dict, List, Optional

from . import branches, strict
from .ending import Ending, repeated
from .flow import Flow
from .headers import (
    CALL_ID,
    CSEQ,
    ENCODING,
    INTERNAL,
    LENGTH,
    MAX_FORWARDS,
    NEEDED,
    ONCE,
    PROXY_REQUIRE,
    RECORD_ROUTE,
    ROUTE,
    TYPE,
    VIA,
)
from .memory import Memory
from .outcome import REQUEST, Outcome, Target
from .rules import Rules
from .startline import METHODS
from .syntax import LWS, Refusal, canonical, written
from .topmost import received
from .view import Cseq, Hop, Length, View

COOKIE = b"z9hG4bK"
PASSING, UNDONE, DIRECT = range(3)  # nothing done for strict routers; one before us; one behind us


class Requests:
    """Those of one direction."""

    def __init__(self, rules: Rules, views: Dict[str, View], ending: Ending, outward: bool) -> None:
        self._rules = rules
        self._views = views
        self._ending = ending
        self._outward = outward

    def forward(  # noqa: PLR0912, PLR0915, PLR0917 - one loop without a call per line: that is what makes it fast
        self, data: bytes, body_at: int, lines: List[bytes], flow: Flow, memory: Memory, mode: int = PASSING
    ) -> Outcome:
        """`lines` are those of the header block, the body begins at `body_at`.

        The leg it leaves by decides how fields read, and Route fields decide the leg: the flow's last one is tried.
        """
        view = memory.view
        fields = iter(lines)
        first = next(fields)
        start = view.starts.get(first) or view.start(first)
        known = view.lines.get
        kinds = view.kinds
        out = [start.text]
        append = out.append
        seen = 0
        via_at = record_at = length_at = -1
        branch = b""
        outward = self._outward
        hop: Optional[Hop] = None
        cseq: Optional[Cseq] = None
        length: Optional[Length] = None
        kind_of_body = required = call_id = b""
        hops = 70
        for line in fields:
            entry = known(line)
            if entry is None:
                name = line[: line.find(b":")]
                kind = kinds.get(name)
                if kind is None:
                    kind = view.kind(line)
                if kind == VIA:
                    seen |= VIA
                    if via_at >= 0:
                        append(view.vias.rewritten(line)[0])
                        continue
                    via_at = len(out)
                    text, branch = view.vias.rewritten(line) if outward else received(line, flow, memory, view.vias)
                    append(text)
                    continue
                entry = view.entry(line, kind)
            kind, text, more = entry
            if kind:
                if seen & kind & ONCE:
                    raise repeated(kind, flow)
                seen |= kind
                if kind == CSEQ:
                    cseq = more
                elif kind == CALL_ID:
                    call_id = text
                elif kind == LENGTH:
                    length = more
                    length_at = len(out)
                elif kind == TYPE:
                    kind_of_body = more
                elif kind == MAX_FORWARDS:
                    hops = more
                elif kind == ROUTE:
                    if hop is None and mode != DIRECT:
                        if more.rest is None:
                            continue
                        hop = more
                        text = more.rest
                elif kind == RECORD_ROUTE:
                    if record_at < 0:
                        record_at = len(out)
                elif kind == PROXY_REQUIRE:
                    required += b", " + more if required else more
                elif kind == INTERNAL:
                    continue
            append(text)
        if seen & NEEDED != NEEDED or cseq is None:
            raise Refusal(400, "Missing Header Field")
        if cseq.method != start.method:
            raise Refusal(400, "CSeq Method Mismatch") if start.method in METHODS else Refusal(501, "Not Implemented")
        if start.own and seen & ROUTE and start.loose and mode == PASSING:
            return self.forward(data, body_at, strict.undone(lines), flow, memory, UNDONE)
        if start.refusal:
            raise start.refusal
        if start.own and hop is None and start.method == b"OPTIONS" and (outward or not start.user):
            raise Refusal(200, "OK")
        if hops == 0:
            raise Refusal(483, "Too Many Hops")
        if required:
            raise Refusal(420, "Bad Extension", b"Unsupported: " + required + b"\r\n")
        if hop and not hop.loose:
            return self.forward(data, body_at, strict.done(lines, self._rules), flow, memory, DIRECT)
        target = hop.target if hop else start.target
        if target is None:
            target = self._chosen(call_id)
        if target.transport != view.transport:
            memory.view = self._views[target.transport]
            return self.forward(data, body_at, lines, flow, memory, mode)
        secure = start.secure or (hop is not None and hop.secure)
        if secure and outward and target.transport != "tls":
            raise Refusal(403, "SIPS Needs TLS")
        if start.before:
            out[0] = start.before + written(target.address.encode("ascii")) + b":%d" % target.port + start.after
        begin = memory.begins.get(target.transport)
        if begin is None:
            begin = self.begin(flow, memory, target.transport)
        added = begin + branch[7:] if branch[:7] == COOKIE and len(branch) > 7 else begin + branches.hashed(lines)
        if start.records:
            record = view.record_secure if secure else view.record
            if 0 <= record_at < via_at:
                out.insert(record_at, record)
                via_at += 1
                length_at += record_at <= length_at
            else:
                added += b"\r\n" + record
        if not seen & MAX_FORWARDS:
            added += b"\r\nMax-Forwards: 70"
        out.insert(via_at, added)
        if seen & ENCODING:
            kind_of_body = b""
        text = self._ending.joined(
            out,
            data,
            body_at,
            length,
            length_at + (length_at >= via_at),
            kind_of_body,
            flow.transport != "udp",
            target.transport != "udp",
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
        memory.begins[transport] = begin
        return begin
