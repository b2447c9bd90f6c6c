# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pieces of SIP's grammar (RFC 3261, 25.1) that the other modules share, on bytes and with folds where they stand."""

from __future__ import annotations

import ipaddress
import re
from typing import Iterator, List, Match, Optional, Tuple

LWS = b" \t\r\n"
TOKEN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~"
HOST = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._"

# What may not be looked into (quoted strings, URIs in angle brackets), or what ends a value. An opening quote or
# bracket that is never closed matches only by itself, so a scan stays linear.
_MARK = re.compile(rb'"(?:[^"\\]|\\.)*"|<[^>]*>|[,"<>]', re.DOTALL)
_PARAMETER = re.compile(rb';[ \t\r\n]*([^;=,\s"]+)(?:[ \t\r\n]*=[ \t\r\n]*("(?:[^"\\]|\\.)*"|[^;,\s"]*))?', re.DOTALL)


class Refusal(Exception):
    """The message does not go on, its sender gets an answer: status and phrase."""

    def __init__(self, status: int, reason: str, headers: bytes = b"") -> None:
        super().__init__(status, reason)
        self.status = status
        self.reason = reason
        self.headers = headers  # lines for the answer, each with its CRLF


class BadToken(Refusal):
    """A parameter of ours that names no host that we know."""

    def __init__(self) -> None:
        super().__init__(404, "Unknown Token")


class Dropped(Exception):
    """The message goes nowhere and nobody hears of it; the reason is for metrics."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Parameter:
    """``;name[=value]``: where it stands in its text."""

    __slots__ = ("at", "end", "name", "named", "start", "value")

    def __init__(self, found: Match[bytes]) -> None:
        self.name: bytes = found.group(1).lower()
        self.value: Optional[bytes] = found.group(2)
        self.start = found.start()  # the semicolon
        self.named = found.span(1)
        self.end = found.end()
        self.at = self.end if self.value is None else found.start(2)  # the value


def parameters(text: bytes, start: int, end: int) -> Iterator[Parameter]:
    """Those between two places, in order; what does not look like one is passed over."""
    for found in _PARAMETER.finditer(text, start, end):
        yield Parameter(found)


def values(text: bytes, start: int) -> List[Tuple[int, int]]:
    """The comma separated values behind `start`, without the blanks around them.

    Refuses quotation marks and angle brackets that do not close.
    """
    spans = []
    begin = start
    for found in _MARK.finditer(text, start):
        mark = found.group()
        if mark == b",":
            spans.append(trimmed(text, begin, found.start()))
            begin = found.end()
        elif len(mark) == 1:
            raise Refusal(400, "Unbalanced Quotes or Brackets")
    spans.append(trimmed(text, begin, len(text)))
    return spans


def trimmed(text: bytes, start: int, end: int) -> Tuple[int, int]:
    """The same piece without blanks at its ends."""
    while start < end and text[start] in LWS:
        start += 1
    while end > start and text[end - 1] in LWS:
        end -= 1
    return start, end


def number(digits: bytes, highest: int) -> Optional[int]:
    """A decimal number of at most `highest`; None for anything else. (``int`` takes signs, blanks and underscores.)"""
    if not digits.isdigit():
        return None
    digits = digits.lstrip(b"0") or b"0"
    if len(digits) > len(str(highest)):
        return None
    value = int(digits)
    return value if value <= highest else None


def clean(line: bytes) -> None:
    """Refuses a line with a CR or LF that belongs to no fold."""
    if b"\n" in line or b"\r" in line:
        rest = line.replace(b"\r\n", b"")
        if b"\n" in rest or b"\r" in rest:
            raise Refusal(400, "Bare CR or LF")


def is_token(text: bytes) -> bool:
    return bool(text) and not text.translate(None, TOKEN)


def canonical(host: bytes) -> bytes:
    """A host as tables have it: lower case, no brackets, no dot at the end, IPv6 in the short form."""
    host = host.lower()
    if b":" in host:
        try:
            return ipaddress.IPv6Address(host.strip(b"[]").decode("ascii")).compressed.encode()
        except (ValueError, UnicodeDecodeError):
            return host
    return host[:-1] if host.endswith(b".") else host


def written(host: bytes) -> bytes:
    """A host as it stands in a URI or Via: IPv6 in brackets."""
    return b"[" + host + b"]" if b":" in host else host


def is_literal(host: bytes) -> bool:
    """Is it an address (canonical, see above)?"""
    try:
        ipaddress.ip_address(host.decode("ascii"))
    except (ValueError, UnicodeDecodeError):
        return False
    return True
