# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is known of lines for one direction and the transport of the leg that messages leave by.

Most lines of a message were in an earlier one too: what became of them then is remembered. What differs in every
message (branches, tags, Call-IDs) is remembered without that part. All memories are bounded: full ones begin anew.
"""

from __future__ import annotations

from typing import Any, Dict, NamedTuple, Optional, Tuple

from ..outcome import Target
from . import startline, users
from .addresses import Addresses
from .callid import CallIds
from .headers import (
    ADDRESS,
    ADDRESSES,
    CALL_ID,
    CONTACT,
    CSEQ,
    ENCODING,
    FROM,
    IDENTITIES,
    INTERNAL,
    LENGTH,
    MAX_FORWARDS,
    PLAIN,
    PROXY_REQUIRE,
    RECORD_ROUTE,
    REFERENCES,
    ROUTE,
    TO,
    TYPE,
    VIA,
    kind,
)
from .remembering import remember
from .rules import Rules
from .syntax import LWS, TOKEN, Refusal, clean, is_token, number, trimmed, values
from .uri import address_spec, parse
from .vias import Vias

_ADDRESSED = frozenset((FROM, TO, CONTACT, ADDRESS, ADDRESSES, IDENTITIES))
# What Proxy-Require may ask for. Requests without an answer (MS-SIP, BENOTIFY) are nothing to a proxy without state.
_SUPPORTED = (b"", b"ms-benotify")
_BLANK = (b" ", b"\t", b":")  # the last byte of a line that may have no value, or has one with blanks behind it

Entry = Tuple[int, bytes, Any]  # kind, the line as it leaves, what else is to be known of it (see _meaning)


class Hop(NamedTuple):
    """A Route field whose values in front name this proxy and are to be taken away."""

    rest: Optional[bytes]  # the line without them; None: nothing is left of it
    target: Optional[Target]  # where the first that is left leads
    loose: bool
    secure: bool


class Cseq(NamedTuple):
    method: bytes
    number: bytes


class Length(NamedTuple):
    size: int
    line: bytes
    before: bytes  # ... the digits
    after: bytes


class View(Dict[bytes, Entry]):
    """The entry of every line, asked for as of a dictionary; that of a Via is the line itself."""

    def __init__(self, rules: Rules, outward: bool, transport: str) -> None:
        super().__init__()
        self.outward = outward
        self.transport = transport
        self.stream = transport != "udp"
        self._rules = rules
        self._identities = rules.config.map_identities
        self.addresses = Addresses(rules, outward, transport)
        self.vias = Vias(rules, outward, transport)
        self._call_ids = CallIds(rules)
        self._swap = rules.swap
        self.starts: Dict[bytes, startline.Start] = {}
        self._kinds: Dict[bytes, int] = {}  # by name and colon
        self._samples: Dict[bytes, startline.Start] = {}  # see users.py
        self._hosts: Dict[bytes, bytes] = {}
        self._tagged: Dict[bytes, bytes] = {}
        own = rules.public(transport) if outward else rules.listener(transport)
        uri = own + (b"" if transport == "udp" else b";transport=" + transport.encode("ascii")) + b";lr>"
        self.record = b"Record-Route: <sip:" + uri
        self.record_secure = b"Record-Route: <sips:" + uri

    def start(self, line: bytes) -> startline.Start:
        """A request line that is not in `starts`."""
        parts = users.request(line)
        if parts is None:
            start = startline.read(line, self._rules, self.outward, self.addresses)
        else:
            sample = self._samples.get(parts.sample)
            if sample is None:
                sample = startline.read(parts.sample, self._rules, self.outward, self.addresses)
                remember(self._samples, parts.sample, sample)
            start = sample.of(parts)
        remember(self.starts, line, start)
        return start

    def kind(self, line: bytes) -> int:
        """Of a line whose name is not known yet. Refuses what is no header field, continuations too."""
        name, colon, _value = line.partition(b":")
        try:
            if not colon or name[:1] in (b" ", b"\t"):
                raise ValueError(line)
            found = kind(name)
        except ValueError:
            raise Refusal(400, "Malformed Header Field") from None
        if found == INTERNAL and not self.outward:
            found = PLAIN
        if not self._identities and found == IDENTITIES:
            found = PLAIN
        remember(self._kinds, name + colon, found)
        return found

    def __missing__(self, line: bytes) -> Entry:
        found = self._kinds.get(line[: line.find(b":") + 1])
        if found is None:
            found = self.kind(line)
        if found == VIA:
            return VIA, line, None
        if found == CALL_ID:
            head, at, host = line.rpartition(b"@")
            if b"\n" not in head and b"\r" not in head:
                swapped = self._swap.get(host)
                if swapped is not None:
                    head += at + swapped
                    return CALL_ID, head, head
                if line[-1:] not in _BLANK and b"\n" not in host and b"\r" not in host:
                    return CALL_ID, line, line
        elif found == FROM or found == TO:  # noqa: SIM109, PLR1714 - compared as fast as can be
            head, mark, tag = line.rpartition(b";tag=")
            known = self._tagged.get(head)
            if known is None and mark and is_token(tag):
                known = self._learn(line, head, tag)
            if known and not tag.translate(None, TOKEN):
                return found, known + tag, None
        if found in _ADDRESSED and b"tag" not in line:
            parts = users.field(line)
            if parts:
                entry = max(found, PLAIN), parts.user + self._host(parts, found), None
                remember(self, line, entry)
                return entry
        return self.entry(line, found)

    def _host(self, parts: users.Divided, found: int) -> bytes:
        """A divided line from the host on, as it leaves."""
        host = self._hosts.get(parts.sample)
        if host is None:
            clean(parts.sample)
            text = self._meaning(parts.sample, found, parts.sample.find(b":") + 1)[1]
            host = text[parts.place :]
            remember(self._hosts, parts.sample, host)
        return host

    def entry(self, line: bytes, found: int) -> Entry:
        """What a line of that kind means (never a Via)."""
        clean(line)
        entry = self._meaning(line, found, line.find(b":") + 1)
        if found != CALL_ID and not (found in (FROM, TO) and b"tag" in line):
            remember(self, line, entry)
        return entry

    def _learn(self, line: bytes, head: bytes, tag: bytes) -> Optional[bytes]:
        """What becomes of From or To up to the tag; None if that is not how the line divides."""
        parts = users.field(head)
        try:
            if parts:
                mapped = parts.user + self._host(parts, FROM) + b";tag="
            else:
                clean(head)
                colon = line.find(b":")
                self._identity(head, colon + 1)
                mapped = self._identity(line, colon + 1)
                if not mapped.endswith(b";tag=" + tag):
                    return None
                mapped = mapped[: -len(tag)]
        except Refusal:
            return None
        remember(self._tagged, head, mapped)
        return mapped

    def _identity(self, line: bytes, start: int) -> bytes:
        mapped = self.addresses.line(line, start, several=False)
        return mapped if self._identities else line

    def _meaning(  # noqa: PLR0911, PLR0912 - one kind after the other
        self, line: bytes, found: int, start: int
    ) -> Entry:
        begin, end = trimmed(line, start, len(line))
        value = line[begin:end]
        if not value and found in (CONTACT, ROUTE, RECORD_ROUTE):
            return PLAIN, line, None  # against the grammar, and harmless
        if found in (FROM, TO):
            return found, self._identity(line, start), None
        if found == CALL_ID:
            if not value:
                raise Refusal(400, "Missing Call-ID")
            text = self._call_ids.line(line, start)
            return CALL_ID, text, text
        if found == CSEQ:
            parts = value.split()
            if len(parts) != 2 or number(parts[0], 2**31 - 1) is None or not is_token(parts[1]):
                raise Refusal(400, "Malformed CSeq")
            return CSEQ, line, Cseq(parts[1], parts[0])
        if found == MAX_FORWARDS:
            hops = number(value, 255)
            if hops is None:
                raise Refusal(400, "Malformed Max-Forwards")
            return MAX_FORWARDS, line[:begin] + b"%d" % (hops - 1) + line[end:], hops
        if found == LENGTH:
            size = number(value, 2**31 - 1)
            if size is None:
                raise Refusal(400, "Malformed Content-Length")
            return LENGTH, line, Length(size, line, line[:begin], line[end:])
        if found == TYPE:
            media = value.partition(b";")[0].strip(LWS).lower()
            return TYPE, line, value if media == b"application/sdp" or media[:10] == b"multipart/" else b""
        if found == ENCODING:
            return (PLAIN if value.lower() in (b"", b"identity") else ENCODING), line, None
        if found == ROUTE:
            return self._route(line, start)
        if found == RECORD_ROUTE:
            return RECORD_ROUTE, self.addresses.line(line, start, own=True), None
        if found == PROXY_REQUIRE:
            tags = [one.strip(LWS) for one in value.split(b",")]
            unknown = b", ".join(one for one in tags if one.lower() not in _SUPPORTED)
            return (PROXY_REQUIRE if unknown else PLAIN), line, unknown
        if found == INTERNAL:
            return INTERNAL, b"", None
        return PLAIN, self._mapped(line, found, start), None

    def _mapped(self, line: bytes, found: int, start: int) -> bytes:
        if found == CONTACT:
            return self.addresses.line(line, start)
        if found == PLAIN:
            return line
        try:
            if found == REFERENCES:
                return self._call_ids.references(line, start)
            if found == ADDRESS:
                line = self._call_ids.embedded(line)
            return self.addresses.line(line, start, several=found != ADDRESS)
        except Refusal as refusal:
            if refusal.status != 400:
                raise
            return line

    def _route(self, line: bytes, start: int) -> Entry:
        spans = values(line, start)
        left = 0
        for begin, end in spans:
            first, last, _bracketed = address_spec(line, begin, end)
            uri = parse(line, first, last)
            if uri is None or uri.parameter(b"np") is not None or not self._rules.is_self(uri):
                break
            left += 1
        full = self.addresses.line(line, start, own=True)
        if left == len(spans):
            return ROUTE, full, Hop(None, None, True, False)
        rest = line if left == 0 else line[: spans[0][0]] + line[spans[left][0] :]
        mapped = self.addresses.line(rest, start, own=True)
        text = rest if self.outward else mapped
        begin, end = values(text, start)[0]
        first, last, _bracketed = address_spec(text, begin, end)
        uri = parse(text, first, last)
        if uri is None:
            return ROUTE, full, Hop(mapped, None, True, False)
        if self.outward:
            target = self._rules.outside(uri)
        else:
            upstream = self._rules.upstream(uri)
            target = self._rules.target(upstream) if upstream else None
        return ROUTE, full, Hop(mapped, target, uri.parameter(b"lr") is not None, uri.secure)
