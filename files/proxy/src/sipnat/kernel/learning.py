# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the compiled kernel asks of the Python code: once for each text, then it remembers the answer.

An answer is a number and an object whose meaning depends on the kind of the text; None leaves every message with such a
text to the Python code. Kinds, codes and facts are numbered as in ``_kernel.c``. A goal is a tuple: transport (index),
Target, its address and port as in a URI.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, Tuple

from ..flow import Flow
from ..model import TRANSPORTS
from ..outcome import Target
from ..rewriting import headers
from ..rewriting.body import Bodies
from ..rewriting.callid import CallIds
from ..rewriting.ending import Ending
from ..rewriting.inside import Inside
from ..rewriting.leaks import MARK
from ..rewriting.memory import Memory
from ..rewriting.nexthop import NextHops
from ..rewriting.request import Requests
from ..rewriting.response import Responses
from ..rewriting.rewrite import Rewriter
from ..rewriting.startline import is_status
from ..rewriting.syntax import TOKEN, Dropped, Refusal, written
from ..rewriting.topmost import received
from ..rewriting.vias import around, parsed, recurs
from ..rewriting.view import View

Answer = Optional[Tuple[int, Any]]
Goal = Tuple[int, Target, bytes]
Needle = Tuple[bytes, int]

FIELD, CONTENT, CALL_ID_HOST, MEDIA, START, HOPS, ATTRIBUTE, STATUS = 0, 2, 4, 6, 8, 10, 12, 14
TOP, ROUTES, VIAS, SENDERS, NEXT, OURS, URIS = 16, 24, 32, 40, 48, 56, 64
OWN, RECORDS = 1, 2

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

# Classes of bytes, one bit each, by byte.
_CLASSES = (
    (1, b"0123456789"),
    (2, TOKEN),
    (4, TOKEN + b" " + bytes(range(128, 256))),  # WORD: in a display name without quotation marks
    (8, bytes(set(range(32, 256)) - set(b'\x7f"\\&?'))),  # QUOTED: in one with them
    (16, TOKEN + b"=$,;/:()"),  # USER: of a URI
    (32, TOKEN + b"=$;/:()[]"),  # TAIL: of a URI from its host on
)
CLASSES = bytes(sum(bit for bit, members in _CLASSES if byte in members) for byte in range(256))

_ADDRESSES = (b"rtcp", b"candidate", b"remote-candidates", b"remote-candidate", b"alt", b"path", b"source-filter")
_COMMON = b":.5ACEDBF06X2143789"  # what addresses are made of, the rarest in messages last

_BRANCH = b"z9hG4bKnpX~Y"  # stands for any


class Asked(NamedTuple):
    view: View  # of the way and the transport of the leg
    more: int  # what the kind says besides
    text: bytes
    flow: Flow


class Learning:
    """Answers for one configuration."""

    def __init__(self, pure: Rewriter) -> None:
        rules = self._rules = pure.rules
        self._bodies = Bodies(rules.config)
        self._call_ids = CallIds(rules)
        self._goals = {id(one): goal(rules.target(one)) for one in rules.config.upstreams}
        self._views = {way: [View(rules, way, transport) for transport in TRANSPORTS] for way in (False, True)}
        self._requests: Dict[bool, Requests] = {}
        self._responses: Dict[bool, Responses] = {}
        for way in (False, True):
            views = {view.transport: view for view in self._views[way]}
            ending = Ending(self._bodies, pure.guard, way)
            self._requests[way] = Requests(rules, views, ending, way)
            self._responses[way] = Responses(rules, views, ending, way)
        inside = Inside(rules.config).needles
        # What leaves must not hold these, and what holds them from outside is undone by the Python code.
        self.needles = needles((MARK, *inside))
        self._kinds: List[Tuple[int, Callable[[Asked], Answer]]] = [
            (URIS, self._uri), (OURS, self._ours), (NEXT, self._next), (SENDERS, self._sender), (VIAS, self._via),
            (ROUTES, self._route), (TOP, self._top), (STATUS, self._status), (ATTRIBUTE, self._attribute),
            (HOPS, self._hops), (START, self._start), (MEDIA, self._media), (CALL_ID_HOST, self._call_id_host),
            (CONTENT, self._content), (FIELD, self._field),
        ]  # fmt: skip

    def __call__(self, kind: int, text: bytes, flow: Flow) -> Answer:
        base, answer = next(one for one in self._kinds if one[0] <= kind)
        more, place = divmod(kind - base, 8)
        way, leg = divmod(place, 3) if base >= TOP else (place, 0)
        try:
            return answer(Asked(self._views[bool(way)][leg], more, text, flow))
        except (Refusal, Dropped, Elsewhere):
            return None

    def choose(self, call_id: bytes) -> Optional[Goal]:
        """The upstream for a request from outside, by its Call-ID as it came."""
        if call_id[call_id.rfind(b"@") + 1 :] in self._rules.swap:
            call_id = self._call_ids.masked(call_id, 0, len(call_id))
        upstream = self._rules.choose(call_id)
        if upstream is None:
            return None
        return self._goals.get(id(upstream)) or goal(self._rules.target(upstream))

    def _field(self, asked: Asked) -> Answer:
        code = CODES.get(asked.view.kind(asked.text + b":"))
        return None if code is None else (code, None)

    def _content(self, asked: Asked) -> Answer:
        converted = asked.view.entry(b"Content-Type: " + asked.text, headers.TYPE)[2]
        if not converted:
            return 0, None
        return (1, None) if converted.partition(b";")[0].strip().lower() == b"application/sdp" else None

    def _hops(self, asked: Asked) -> Answer:
        """Max-Forwards, and what it is then."""
        name = b"Max-Forwards: "
        _kind, less, hops = asked.view.entry(name + asked.text, headers.MAX_FORWARDS)
        return (hops, less[len(name) :]) if hops else None

    def _call_id_host(self, asked: Asked) -> Answer:
        return 0, self._rules.swap.get(asked.text)

    def _media(self, asked: Asked) -> Answer:
        before = b"c=IN IP4 "
        line = self._bodies.convert(b"application/sdp", before + asked.text, asked.view.outward)
        return 0, changed(before + asked.text, line, len(before))

    def _attribute(self, asked: Asked) -> Answer:
        """An attribute of a session description, up to its colon; the kernel does none that may hold an address."""
        return None if asked.text[2:].lower() in _ADDRESSES else (0, None)

    def _status(self, asked: Asked) -> Answer:
        return (0, None) if is_status(asked.text) else None

    def _start(self, asked: Asked) -> Answer:
        """A request line whose URI has lost its user. Its goal, and what is to stand there from the host on."""
        line = asked.text.replace(b"@", b"x@", 1)
        start = asked.view.start(line)
        options = start.own and start.method == b"OPTIONS"  # perhaps answered by this proxy
        if start.refusal or start.secure or options or (start.own and start.loose):
            return None
        facts = OWN * start.own | RECORDS * start.records
        host = line.find(b"@") + 1 or line.index(b":") + 1
        return facts, (goal(start.target), changed(line, start.text, host))

    def _top(self, asked: Asked) -> Answer:
        """Our own Via in a response."""
        before, after = asked.text.split(b"\n")[:2]
        line = before + _BRANCH + after
        self._responses[asked.view.outward].taken(line)
        return (0, None) if recurs(line, parsed(line)) else None

    def _route(self, asked: Asked) -> Answer:
        """What is left of the field without this proxy in front, the whole field, where the rest leads."""
        _kind, full, hop = asked.view.entry(asked.text, headers.ROUTE)
        if hop.rest is None:
            return 0, (None, full + b"\r\n", None)
        if hop.secure or not hop.loose:
            return None
        return 0, (hop.rest + b"\r\n", full + b"\r\n", goal(hop.target))

    def _via(self, asked: Asked) -> Answer:
        before, after = asked.text.split(b"\n")[:2]
        line = before + _BRANCH + after
        return apart(line, asked.view.vias.rewritten(line)[0])

    def _sender(self, asked: Asked) -> Answer:
        before, after = asked.text.split(b"\n")[:2]
        line = before + _BRANCH + after
        memory = Memory(self, asked.view)
        return apart(line, received(line, asked.flow, memory, asked.view.vias)[0])

    def _next(self, asked: Asked) -> Answer:
        """The Via below ours: with its target, and its transport as the number."""
        before, after, token = asked.text.split(b"\n")
        line = before + _BRANCH + after
        hop, rewritten = NextHops(self._rules, asked.view).rewritten(line, token)
        found = apart(line, rewritten)
        if hop.refused or found is None:
            return None
        return TRANSPORTS.index(hop.transport), (*found[1], hop.target)

    def _ours(self, asked: Asked) -> Answer:
        """Our Via up to the branch that was received; what follows the branch with and without our Record-Route."""
        view = asked.view
        begin = self._requests[view.outward].begin(asked.flow, Memory(self, view), view.transport)
        return 0, (begin, b"\r\n" + view.record + b"\r\n", b"\r\n")

    def _uri(self, asked: Asked) -> Answer:
        """A URI from its host on. `more`: 1 sips; the rest is the code of the field that it stands in."""
        code, secure = divmod(asked.more, 2)
        before = b"To: <%b:x@" % (b"sips" if secure else b"sip")
        line = before + asked.text + b">"
        mapped = asked.view.addresses.line(line, 4, own=code == CODES[headers.RECORD_ROUTE])
        if code in (CODES[headers.FROM], CODES[headers.TO]) and not self._rules.config.map_identities:
            return 0, None
        return 0, changed(line, mapped, len(before), 1)


class Elsewhere(Exception):
    """More changes than what was asked about: no error, only nothing for the kernel."""


def changed(old: bytes, new: bytes, start: int, end: int = 0) -> Optional[bytes]:
    """The new text without its first `start` and last `end` bytes, which must be the old ones; None: it is the old."""
    if new[:start] != old[:start] or new[len(new) - end :] != old[len(old) - end :]:
        raise Elsewhere
    return None if old == new else new[start : len(new) - end]


def apart(line: bytes, rewritten: bytes) -> Answer:
    """What stands around the branch of a Via field; None if it has several values, or another branch than it seems."""
    return (0, around(rewritten, _BRANCH)) if recurs(line, parsed(line)) else None


def goal(target: Optional[Target]) -> Optional[Goal]:
    if target is None:
        return None
    return TRANSPORTS.index(target.transport), target, written(target.address.encode("ascii")) + b":%d" % target.port


def needles(texts: Iterable[bytes]) -> Tuple[Needle, ...]:
    """Texts to search for, each with the place of its rarest byte; with both cases of it, if that is a letter."""
    found: List[Needle] = []
    for text in texts:
        place = max(range(len(text)), key=lambda at: _COMMON.find(text[at : at + 1].upper()))
        cases = {text[place : place + 1].lower(), text[place : place + 1].upper()}
        found += [(text[:place] + case + text[place + 1 :], place) for case in sorted(cases)]
    return tuple(found)
