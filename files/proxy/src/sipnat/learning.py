# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the compiled kernel asks of the Python code: once for each text, then it remembers the answer.

An answer is a number and an object whose meaning depends on the kind of the text; None leaves every message with such a
text to the Python code. Kinds, codes and facts are numbered as in ``_kernel.c``. A goal is a tuple: transport (index),
Target, its address and port as in a URI.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Tuple

from . import headers
from .body import Bodies
from .ending import Ending
from .flow import Flow
from .inside import Inside
from .leaks import MARK
from .memory import Memory
from .model import TRANSPORTS
from .nexthop import NextHops
from .outcome import Target
from .request import Requests
from .response import Responses
from .rewrite import Rewriter
from .syntax import Dropped, Refusal, written
from .topmost import received
from .vias import around, parsed
from .view import View

Answer = Optional[Tuple[int, Any]]
Goal = Tuple[int, Target, bytes]
Needle = Tuple[bytes, bytes]

FIELD, CONTENT, CALL_ID_HOST, MEDIA, START, TOP, ROUTES, VIAS, SENDERS, NEXT, OURS, URIS = (
    0, 2, 4, 6, 8, 16, 24, 32, 40, 48, 64, 128,
)  # fmt: skip
LOOSE, SECURE, OWN, RECORDS, NEEDS_ROUTE = 1, 2, 4, 8, 16

# Codes of header fields. Kinds that are not here are left to the Python code.
CODES = {
    headers.PLAIN: 0,
    headers.VIA: 1,
    headers.ROUTE: 2,
    headers.RECORD_ROUTE: 3,
    headers.CONTACT: 4,
    headers.ADDRESSES: 4,
    headers.IDENTITIES: 4,
    headers.ADDRESS: 5,
    headers.INTERNAL: 6,
    headers.FROM: 7,
    headers.TO: 8,
    headers.CALL_ID: 9,
    headers.CSEQ: 10,
    headers.MAX_FORWARDS: 11,
    headers.LENGTH: 12,
    headers.TYPE: 13,
}

_BRANCH = b"z9hG4bKnpX~Y"  # stands for any


class Learning:
    """Answers for one configuration."""

    def __init__(self, pure: Rewriter) -> None:
        rules = self._rules = pure.rules
        self._bodies = Bodies(rules.config)
        self._views = {way: [View(rules, way, transport) for transport in TRANSPORTS] for way in (False, True)}
        self._requests: Dict[bool, Requests] = {}
        self._responses: Dict[bool, Responses] = {}
        for way in (False, True):
            views = {view.transport: view for view in self._views[way]}
            ending = Ending(self._bodies, pure.guard, way)
            self._requests[way] = Requests(rules, views, ending, way)
            self._responses[way] = Responses(rules, views, ending, way)
        inside = Inside(rules.config).needles
        # By way: what leaves must not hold these, and what holds them from outside is undone by the Python code.
        self.needles = (tuple(map(needle, (MARK, *inside))), tuple(map(needle, inside)))
        kinds: List[Tuple[int, Callable[[bool, int, int, bytes, Flow], Answer]]] = [
            (URIS, self._uri), (OURS, self._ours), (NEXT, self._next), (SENDERS, self._sender), (VIAS, self._via),
            (ROUTES, self._route), (TOP, self._top), (START, self._start), (MEDIA, self._media),
            (CALL_ID_HOST, self._call_id_host), (CONTENT, self._content), (FIELD, self._field),
        ]  # fmt: skip
        self._kinds = kinds

    def __call__(self, kind: int, text: bytes, flow: Flow) -> Answer:
        base, answer = next(one for one in self._kinds if one[0] <= kind)
        more, place = divmod(kind - base, 8)
        way, leg = divmod(place, 3) if base >= TOP else (place, 0)
        try:
            return answer(bool(way), leg, more, text, flow)
        except (Refusal, Dropped):
            return None

    def choose(self, call_id: bytes) -> Optional[Goal]:
        upstream = self._rules.choose(call_id)
        return None if upstream is None else goal(self._rules.target(upstream))

    def _field(self, way: bool, leg: int, more: int, text: bytes, flow: Flow) -> Answer:
        code = CODES.get(self._views[way][leg].kind(text + b":"))
        return None if code is None else (code, None)

    def _content(self, way: bool, leg: int, more: int, text: bytes, flow: Flow) -> Answer:
        converted = self._views[way][leg].entry(b"Content-Type: " + text, headers.TYPE)[2]
        if not converted:
            return 0, None
        return (1, None) if converted.partition(b";")[0].strip().lower() == b"application/sdp" else None

    def _call_id_host(self, way: bool, leg: int, more: int, text: bytes, flow: Flow) -> Answer:
        return 0, self._rules.swap.get(text)

    def _media(self, way: bool, leg: int, more: int, text: bytes, flow: Flow) -> Answer:
        before = b"c=IN IP4 "
        line = self._bodies.convert(b"application/sdp", before + text, way)
        if not line.startswith(before):
            return None  # an address of the other family
        return 0, None if line == before + text else line[len(before) :]

    def _start(self, way: bool, leg: int, more: int, text: bytes, flow: Flow) -> Answer:
        """A request line whose URI has lost its user. Target, and what stands there from the host on."""
        line = text.replace(b"@", b"x@", 1)
        start = self._views[way][leg].start(line)
        if start.refusal:
            return None
        facts = LOOSE * start.loose | SECURE * start.secure | OWN * start.own | RECORDS * start.records
        if start.own and start.method == b"OPTIONS" and (way or not start.user):
            facts |= NEEDS_ROUTE
        host = line.find(b"@") + 1 or line.index(b":") + 1
        changed = start.text != line
        return facts, (goal(start.target), start.text[host:] if changed else None)

    def _top(self, way: bool, leg: int, more: int, text: bytes, flow: Flow) -> Answer:
        """Our own Via in a response."""
        before, after, unused = text.split(b"\n")
        rest = self._responses[way].taken(before + _BRANCH + after)[1]
        return (0, None) if rest is None else None

    def _route(self, way: bool, leg: int, more: int, text: bytes, flow: Flow) -> Answer:
        """What is left of the field without this proxy in front, the whole field, where the rest leads."""
        unused, full, hop = self._views[way][leg].entry(text, headers.ROUTE)
        rest = None if hop.rest is None else hop.rest + b"\r\n"
        return LOOSE * hop.loose | SECURE * hop.secure, (rest, full + b"\r\n", goal(hop.target))

    def _via(self, way: bool, leg: int, more: int, text: bytes, flow: Flow) -> Answer:
        before, after, unused = text.split(b"\n")
        line = before + _BRANCH + after
        return self._around(line, self._views[way][leg].vias.rewritten(line)[0])

    def _sender(self, way: bool, leg: int, more: int, text: bytes, flow: Flow) -> Answer:
        before, after = text.split(b"\n")[:2]
        view = self._views[way][leg]
        line = before + _BRANCH + after
        return self._around(line, received(line, flow, Memory(self, view), view.vias)[0])

    def _next(self, way: bool, leg: int, more: int, text: bytes, flow: Flow) -> Answer:
        """The Via below ours: with its target, and its transport as the number."""
        before, after, token = text.split(b"\n")
        line = before + _BRANCH + after
        hop, rewritten = NextHops(self._rules, self._views[way][leg]).rewritten(line, token)
        found = self._around(line, rewritten)
        if hop.refused or found is None:
            return None
        return TRANSPORTS.index(hop.transport), (*found[1], hop.target)

    def _around(self, line: bytes, rewritten: bytes) -> Answer:
        return None if len(parsed(line)) > 1 else (0, around(rewritten, _BRANCH))

    def _ours(self, way: bool, leg: int, more: int, text: bytes, flow: Flow) -> Answer:
        """Our Via up to the branch that was received, and our Record-Route."""
        view = self._views[way][leg]
        begin = self._requests[way].begin(flow, Memory(self, view), TRANSPORTS[leg])
        return 0, (begin, (view.record_secure if more else view.record) + b"\r\n")

    def _uri(self, way: bool, leg: int, more: int, text: bytes, flow: Flow) -> Answer:
        """A URI from its host on. `more`: 1 sips; 2 it may mean this proxy, 4 it is an identity."""
        before = b"To: <%b:x@" % (b"sips" if more & 1 else b"sip")
        line = self._views[way][leg].addresses.line(before + text + b">", 4, own=bool(more & 2))
        if more & 4 and not self._rules.config.map_identities:
            return 0, None
        changed = line[len(before) : -1]
        return 0, None if changed == text else changed


def goal(target: Optional[Target]) -> Optional[Goal]:
    if target is None:
        return None
    return TRANSPORTS.index(target.transport), target, written(target.address.encode("ascii")) + b":%d" % target.port


def needle(text: bytes) -> Needle:
    """A text to search for, and how far a search may go on by the byte that its end would have met (Horspool)."""
    steps = bytearray([min(len(text), 255)]) * 256
    for place, byte in enumerate(text[:-1]):
        for one in (byte, *bytes([byte]).upper()):
            steps[one] = len(text) - 1 - place
    return text.lower(), bytes(steps)
