# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The last look at a header block that goes outside: no inside address leaves, wherever it stands.

What the rules rewrite is gone by then. What is left stands in fields that nobody routes by, and is replaced by the
public address; or in values that come back from the other side and have to be recognised then: branch, tag, Call-ID,
the user of a URI. There a token takes its place that can be undone.
"""

from __future__ import annotations

import re
from typing import Dict, Match

from .inside import Inside
from .model import Config

MARK = b"np!"
_TOKEN = re.compile(rb"np!([0-9]{1,4})\.([0-9a-f]{1,32})!")

# An address may come right behind an escaped character, whose digits are none of it: %40 is the @ of a Call-ID.
_ESCAPED = rb"(?<!%(?=[0-9A-Fa-f]{2}))(?<!%[0-9A-Fa-f](?=[0-9A-Fa-f]))"
_BEGIN = _ESCAPED + rb"(?:(?<![0-9])|(?<=%[0-9A-Fa-f][0-9]))(?<![0-9]\.)"
_IPV4 = _BEGIN + rb"(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9])(?!\.[0-9])"
_IPV6 = rb"(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f.]*"
_ONLY_IPV4 = re.compile(_IPV4)
_BRACKETED = re.compile(rb"\[?(?:" + _IPV6 + rb"|" + _IPV4 + rb")\]?")
# Runs without anything that separates values; each byte is looked at once.
_WORD = re.compile(rb'[^ \t\r\n;,<>"=@?&]+')
_FIELD_END = re.compile(rb"\r\n(?![ \t])")

_NAMES = {b"v": b"via", b"f": b"from", b"t": b"to", b"i": b"call-id", b"m": b"contact", b"o": b"event"}
_NAMES.update({b"r": b"refer-to", b"b": b"referred-by"})
# Fields made of call ids.
_CALL_IDS = frozenset((b"call-id", b"replaces", b"join", b"target-dialog", b"in-reply-to"))
# Fields whose parameters and users come back in other messages.
_RETURNING = frozenset(
    b" via from to contact record-route route path service-route refer-to referred-by p-asserted-identity"
    b" event sip-etag sip-if-match".split(b" ")
)
_ADDRESSES = (b"received", b"maddr")  # parameters that hold an address to send to
_COUNTED = 100  # names of fields; those of the other fields are counted together


class Guard:
    """Keeps the inside addresses of one configuration inside. Whatever is in a header block, nothing is raised.

    `counters`: how many addresses were found, by lower case name of the header field; "" is the first line.
    """

    def __init__(self, config: Config) -> None:
        self.counters: Dict[str, int] = {}
        self._inside = Inside(config)
        self._needles = self._inside.needles
        self._fold = self._inside.fold
        self._literal = _BRACKETED if self._inside.ipv6 else _ONLY_IPV4
        public = config.public.address
        self._replacement = (f"[{public}]" if ":" in public else public).encode("utf-8")
        self._found = 0

    def mask(self, head: bytes) -> bytes:
        """What may go outside; the same object when nothing is to be hidden."""
        text = head.lower() if self._fold else head
        for needle in self._needles:
            if needle in text:
                return self._mask(head)
        return head

    def restore(self, head: bytes) -> bytes:
        """A header block from outside with the tokens undone; the same object when there are none."""
        return _TOKEN.sub(self._original, head) if MARK in head else head

    def _mask(self, head: bytes) -> bytes:
        fields = _FIELD_END.split(head)
        masked = [self._field(b"", fields[0])]
        for field in fields[1:]:
            name, colon, value = field.partition(b":")
            masked.append(self._field(b"", name) + colon + self._field(name.strip().lower(), value))
        return head if masked == fields else b"\r\n".join(masked)

    def _field(self, name: bytes, value: bytes) -> bytes:
        self._found = 0
        name = _NAMES.get(name, name)
        if name in _CALL_IDS:
            value = self._literal.sub(self._token, value)
        elif name in _RETURNING:
            value = _WORD.sub(self._word, value)
        value = self._literal.sub(self._public, value)
        if self._found:
            known = name.decode("latin-1")
            if known not in self.counters and len(self.counters) >= _COUNTED:
                known = "other"
            self.counters[known] = self.counters.get(known, 0) + self._found
        return value

    def _word(self, match: Match[bytes]) -> bytes:
        word, start = match.group(), match.start()
        before = match.string[max(0, start - 16) : start].rstrip()
        opaque = match.string[match.end() : match.end() + 1] == b"@" or (
            before.endswith(b"=") and not before[:-1].rstrip().lower().endswith(_ADDRESSES)
        )
        return self._literal.sub(self._token, word) if opaque else word

    def _token(self, match: Match[bytes]) -> bytes:
        text = match.group()
        literal = text.strip(b"[]")
        place = self._inside.place(literal)
        if place is None:
            return text
        self._found += 1
        return text.replace(literal, MARK + b"%d.%x!" % place)

    def _public(self, match: Match[bytes]) -> bytes:
        text = match.group()
        literal = text.strip(b"[]").rstrip(b".")
        if self._inside.holds(literal):
            self._found += 1
            return self._replacement + text.strip(b"[]")[len(literal) :]
        if b":" in literal and b"." in literal:
            return _ONLY_IPV4.sub(self._public, text)
        return text

    def _original(self, match: Match[bytes]) -> bytes:
        return self._inside.at(int(match.group(1)), int(match.group(2), 16)) or match.group()
