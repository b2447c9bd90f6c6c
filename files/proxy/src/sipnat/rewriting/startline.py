# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Request and status lines (RFC 3261, 7.1 and 7.2)."""

from __future__ import annotations

import re
from typing import Optional, Tuple

from ..outcome import Target
from . import addresses
from .edits import apply
from .rules import Rules
from .syntax import BadToken, Refusal, canonical, is_token
from .uri import Uri, parse
from .users import Divided

# Known to RFCs (3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086).
METHODS = frozenset(
    b"INVITE ACK BYE CANCEL OPTIONS REGISTER PRACK SUBSCRIBE NOTIFY PUBLISH INFO REFER MESSAGE UPDATE".split()
)
# No dialog begins with these, nor changes its route (RFC 3261, 16.6 item 4). Any other method may.
UNRECORDED = frozenset(b"ACK CANCEL BYE PRACK INFO MESSAGE OPTIONS REGISTER PUBLISH".split())

_STATUS = re.compile(rb"SIP/2\.0 [1-6][0-9][0-9](?: [^\r\n]*)?")
_VERSION = re.compile(rb"[Ss][Ii][Pp]/([0-9]+\.[0-9]+)")
_SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"]+")
# What SIP carries besides its own URIs: telephone numbers, services, presence and messages by name (RFC 3966, 5031,
# 3859, 3860), the latter with a domain. They name no machine.
_OTHERS = re.compile(rb"(?:tel:|urn:service:|(?:pres|im):[^@?]+@([^?]+)).*", re.IGNORECASE)


class Start:
    """A request line, read for one direction."""

    __slots__ = (
        "after",
        "before",
        "loose",
        "method",
        "odd",
        "own",
        "records",
        "refusal",
        "secure",
        "target",
        "text",
        "user",
    )

    def __init__(self, method: bytes, text: bytes) -> None:
        self.method = method
        self.records = method not in UNRECORDED
        self.text = text  # as it leaves, unless it waits for the upstream: `before` and `after` are around its place
        self.before = b""
        self.after = b""
        self.odd = False  # own or refused
        self.own = False  # the Request-URI means this proxy
        self.user = False  # ... at which it names a user
        self.loose = False  # it has ``lr``: perhaps a strict router put it there (16.4)
        self.secure = False
        self.target: Optional[Target] = None
        self.refusal: Optional[Refusal] = None  # once the rest of the message is known to be good

    def of(self, parts: Divided) -> Start:
        """The same for another user."""
        start = Start(self.method, parts.user + self.text[parts.place :])
        if self.before:
            start.before = parts.user + self.before[parts.place :]
        start.after, start.target, start.refusal = self.after, self.target, self.refusal
        start.odd, start.own, start.user, start.loose, start.secure = self.odd, self.own, True, self.loose, self.secure
        return start


def is_status(line: bytes) -> bool:
    return _STATUS.fullmatch(line) is not None


def pieces(line: bytes) -> Tuple[bytes, bytes]:
    """Method and Request-URI; refuses other versions and what is no request line."""
    parts = line.split(b" ")
    version = _VERSION.fullmatch(parts[-1])
    if len(parts) != 3 or not version or not is_token(parts[0]):
        raise Refusal(400, "Malformed Request-Line")
    if version.group(1) != b"2.0":
        raise Refusal(505, "Version Not Supported")
    if not _SCHEME.fullmatch(parts[1]):
        raise Refusal(400, "Malformed Request-URI")
    return parts[0], parts[1]


def read(line: bytes, rules: Rules, outward: bool, mapping: addresses.Addresses) -> Start:
    """Refuses only what is malformed."""
    method, text = pieces(line)
    start = Start(method, line)
    place = len(method) + 1
    uri = parse(line, place, place + len(text))
    if uri is None:
        _other(start, text, rules, outward)
        start.odd = start.refusal is not None
        return start
    if uri.end < place + len(text):
        raise Refusal(400, "Request-URI with Headers")
    start.secure = uri.secure
    start.user = uri.user
    start.loose = uri.parameter(b"lr") is not None
    start.own = uri.parameter(b"np") is None and (uri.host in rules.dialled or rules.is_self(uri))
    if outward:
        start.target = None if start.own else rules.outside(uri)
    else:
        _inward(start, line, uri, rules, mapping)
    start.odd = start.own or start.refusal is not None
    return start


def _other(start: Start, text: bytes, rules: Rules, outward: bool) -> None:
    found = _OTHERS.fullmatch(text)
    domain = canonical((found and found.group(1)) or b"")
    if not found:
        start.refusal = Refusal(416, "Unsupported URI Scheme")
    elif outward:
        start.target = rules.domain(domain)
    elif domain and rules.domains and domain not in rules.domains:
        start.refusal = Refusal(404, "Not Found")


def _inward(start: Start, line: bytes, uri: Uri, rules: Rules, mapping: addresses.Addresses) -> None:
    if start.own:
        start.before, start.after = line[: uri.place], line[uri.tail :]
        return
    try:
        token = mapping.token(uri)
    except BadToken as refusal:
        start.refusal = refusal
        return
    if token is None and rules.domains and uri.host not in rules.domains:
        start.refusal = Refusal(404, "Not Found")
        return
    start.text = apply(line, mapping.shown(uri, token)) if token else line
    shown = parse(start.text, len(start.method) + 1, len(start.text) - len(b" SIP/2.0"))
    upstream = rules.upstream(shown) if shown else None
    start.target = rules.target(upstream) if upstream else None
