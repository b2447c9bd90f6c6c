# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""SIP and SIPS URIs (RFC 3261, 19.1) inside the text of a header field: where their parts are, never a copy of them."""

from __future__ import annotations

import re
from typing import List, Optional, Tuple

from .syntax import HOST, LWS, Parameter, Refusal, canonical, number, parameters

_SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*:")
_SEPARATORS = b",;:@()=?/\\[]{}"  # that no display name without quotation marks may have


class Uri:
    """Places in the text it was found in. `stop` is the end of the host, `tail` that of the port, where parameters may
    follow."""

    __slots__ = ("end", "host", "parameters", "place", "port", "secure", "stop", "tail", "user")

    def __init__(  # noqa: PLR0917 - in the order of the text
        self, secure: bool, user: bool, host: bytes, port: Optional[bytes], place: int, stop: int, tail: int, end: int
    ) -> None:
        self.secure = secure
        self.user = user
        self.host = host  # canonical
        self.port = port  # the digits as written
        self.place = place  # where the host begins
        self.stop = stop
        self.tail = tail
        self.end = end  # of the parameters: the end, or the question mark of the headers
        self.parameters: List[Parameter] = []

    @property
    def number(self) -> int:
        """The port that is meant."""
        return int(self.port) if self.port else (5061 if self.transport == b"tls" else 5060)

    @property
    def transport(self) -> bytes:
        """As far as the URI says: tls for sips, udp if nothing is said."""
        if self.secure:
            return b"tls"
        parameter = self.parameter(b"transport")
        return (parameter.value or b"udp").lower() if parameter else b"udp"

    def parameter(self, name: bytes) -> Optional[Parameter]:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        return None


def parse(text: bytes, start: int, end: int) -> Optional[Uri]:
    """The URI at a place; None if its scheme is another. Refuses what is no URI, or a SIP URI without host."""
    scheme = text[start : start + 5].lower()
    if scheme.startswith(b"sip:"):
        place, secure = start + 4, False
    elif scheme == b"sips:":
        place, secure = start + 5, True
    elif _SCHEME.match(text, start, end):
        return None
    else:
        raise Refusal(400, "Malformed URI")
    at = text.find(b"@", place, end)
    user = at >= 0
    if user:
        place = at + 1
    host_end = tail = end_of_host(text, place, end)
    port: Optional[bytes] = None
    if tail < end and text[tail] == 0x3A:
        port, tail = port_behind(text, tail + 1, end)
    blank = tail
    while blank < end and text[blank] in LWS:
        blank += 1
    if blank < end and text[blank] not in b";?":
        raise Refusal(400, "Malformed URI")
    question = text.find(b"?", tail, end)
    last = end if question < 0 else question
    uri = Uri(secure, user, canonical(text[place:host_end]), port, place, host_end, tail, last)
    uri.parameters = list(parameters(text, tail, uri.end))
    return uri


def end_of_host(text: bytes, place: int, end: int) -> int:
    """Where the host that begins at a place ends; refuses what is none."""
    if place < end and text[place] == 0x5B:
        close = text.find(b"]", place, end)
        if close < 0 or text[place + 1 : close].translate(None, b"0123456789abcdefABCDEF:."):
            raise Refusal(400, "Malformed IPv6 Address")
        return close + 1
    stop = place
    while stop < end and text[stop] in HOST:
        stop += 1
    if stop == place:
        raise Refusal(400, "Missing Host")
    return stop


def port_behind(text: bytes, place: int, end: int) -> Tuple[bytes, int]:
    """The digits of the port that begins at a place, and where it ends; refuses what is none."""
    stop = place
    while stop < end and text[stop] in b"0123456789":
        stop += 1
    digits = text[place:stop]
    if number(digits, 65535) is None:
        raise Refusal(400, "Malformed Port")
    return digits, stop


def address_spec(text: bytes, start: int, end: int) -> Tuple[int, int, bool]:
    """Where the URI of a name-addr or addr-spec stands (RFC 3261, 20.10), and whether it is in angle brackets.

    Without brackets the parameters belong to the header field (20.10), but stand at the same place: they are included.
    """
    name = start
    bracket = text.find(b"<", start, end)
    quote = text.find(b'"', start, max(bracket, start))
    if quote >= 0:
        name = _behind_quotes(text, quote, end)
        bracket = text.find(b"<", name, end)
    if bracket < 0:
        return start, end, False
    close = text.find(b">", bracket, end)
    rest = close + 1
    while rest < end and text[rest] in LWS:
        rest += 1
    inner = text[bracket + 1 : close]
    if (
        close < 0
        or len(inner) != len(inner.strip(LWS))
        or len(text[name:bracket].translate(None, _SEPARATORS)) != bracket - name
        or (rest < end and text[rest] != 0x3B)
    ):
        raise Refusal(400, "Malformed Address")
    return bracket + 1, close, True


def _behind_quotes(text: bytes, quote: int, end: int) -> int:
    place = quote + 1
    while place < end and text[place] != 0x22:
        place += 2 if text[place] == 0x5C else 1
    return place + 1
