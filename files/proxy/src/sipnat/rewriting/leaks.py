# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The last look at a header block that goes outside: no inside address leaves, wherever it stands.

What the rules rewrite is gone by then. What is left stands in fields that nobody routes by, and is replaced by the
public address; or in values that come back from the other side and have to be recognised then: Via, tag, Call-ID, the
user of a URI. There a token takes its place that is undone on the way in.

The other side may have the same private addresses as ours and write them there, which is its own business and has to
come back to it too. So the tokens are one half of a swap: on the way in such an address becomes a token. That goes for
the host of a URI too, which comes back in requests of the dialog (RFC 3261, 12.2.1.1). On the way out such a host is
never a token but the public address, since somebody may call it; only in routes, which nobody reads but behind ours.
"""

from __future__ import annotations

import re
from typing import Callable, Dict, Match

from ..model import Config
from .inside import Inside, address

MARK = b"np-x"
# Network and offset of an address, after y of one in brackets; after h its text in hexadecimal where that is unusual
# (::FFFF:192.0.2.1). It is a token, a word and a host of RFC 3261, 25.1.
_TOKEN = rb"np-x(?:(y?)([0-9]{1,4})-([0-9a-f]{1,32})|h((?:[0-9a-f]{2}){2,64}))-z"

# An address may come right behind an escaped character, whose digits are none of it: %40 is the @ of a Call-ID.
_BEGIN = rb"(?:(?<![0-9])|(?<=%[0-9A-Fa-f][0-9]))(?<![0-9]\.)"
_IPV4 = _BEGIN + rb"(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9])(?!\.[0-9])"
# The colon of a scheme or parameter name may stand right before it.
_GROUPS = rb"(?:(?<![0-9A-Fa-f:])|(?<=[G-Zg-z]:))(?=[0-9A-Fa-f]|::)(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]*"
_IPV6 = _GROUPS + rb"(?:(?:\.[0-9]{1,3}){3}(?![0-9]))?"
_PARTS = (re.compile(_IPV4), re.compile(_GROUPS))  # of what is no address as a whole
_LITERAL = re.compile(rb"\[?(?:" + _IPV6 + rb"|" + _IPV4 + rb")\]?")
_EITHER = re.compile(_TOKEN + rb"|" + _LITERAL.pattern)
# Runs without anything that separates values; each byte is looked at once.
_WORD = re.compile(rb'[^ \t\r\n;,<>"=@?&]+')
_FIELD_END = re.compile(rb"\r\n(?![ \t])")

_NAMES = {b"v": b"via", b"f": b"from", b"t": b"to", b"i": b"call-id", b"m": b"contact", b"o": b"event"}
_NAMES.update({b"r": b"refer-to", b"b": b"referred-by"})
# Fields that come back as a whole.
_WHOLE = frozenset((b"via", b"call-id", b"replaces", b"join", b"target-dialog", b"in-reply-to"))
# Fields whose parameters and users come back.
_PARTLY = frozenset(
    b" from to contact record-route route path service-route refer-to referred-by p-asserted-identity"
    b" event sip-etag sip-if-match".split(b" ")
)
_KNOWN = _WHOLE | _PARTLY | frozenset(_NAMES)
_ROUTES = (b"record-route", b"route")
_SIP = (b"sip:", b"sips:")
_ADDRESSES = (b"received", b"maddr")  # parameters that hold an address to send to
_DECIMAL, _HEXADECIMAL = b"0123456789.", b"0123456789abcdefABCDEF:."
_REMEMBERED = 1024
_COUNTED = 100  # names of fields; those of the other fields are counted together


class Guard:
    """Keeps the inside addresses of one configuration inside. Whatever is in a header block, nothing is raised.

    `counters`: how many addresses were found going out, by lower case name of the header field; "" is the first line.
    """

    def __init__(self, config: Config) -> None:
        self.counters: Dict[str, int] = {}
        self._inside = Inside(config)
        self._needles = (*self._inside.needles, MARK)
        self._fold = self._inside.fold
        public = config.public.address
        self._replacement = (f"[{public}]" if ":" in public else public).encode("utf-8")
        self._words: Dict[bytes, bool] = {}  # whether it is an address of the outside
        self._tokens: Dict[bytes, bytes] = {}  # by address
        self._outward = True
        self._name = b""  # of the field that is being looked at
        self._found = 0  # in it

    def mask(self, head: bytes) -> bytes:
        """What may go outside; the same object when nothing is to be changed. To be called once for a message."""
        text = head.lower() if self._fold else head
        for needle in self._needles:
            if text.find(needle) >= 0:  # not `in`, which takes longer
                return self._fields(head, True) if self._doubtful(text) else head
        return head

    def restore(self, head: bytes) -> bytes:
        """The inverse, for what comes from outside; the same object when nothing is to be changed."""
        text = head.lower() if self._fold else head
        for needle in self._needles:
            if text.find(needle) >= 0:
                return self._fields(head, False) if self._doubtful(text) else head
        return head

    def _doubtful(self, text: bytes) -> bool:
        """Whether one of the needles is in anything but an address of the outside, which costs much less to tell."""
        for needle in self._needles:
            ipv4 = not needle.strip(_DECIMAL)
            letters = _DECIMAL if ipv4 else _HEXADECIMAL
            at = text.find(needle)
            while at >= 0:
                before, behind = text[max(0, at - 50) : at], text[at : at + 50]
                before = before[len(before.rstrip(letters)) :]
                word = before + behind[: len(behind) - len(behind.lstrip(letters))]
                if needle == MARK:
                    return True
                # What is before the first group of IPv6 may be the end of a name with its colon.
                whole = ipv4 or not before.strip(b"0")
                if (ipv4 or word.count(b":") > 1) and not (whole and self._outside(word)):
                    return True
                at = text.find(needle, at + 1)
        return False

    def _outside(self, word: bytes) -> bool:
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= _REMEMBERED:
                self._words.clear()
            known = self._words[word] = address(word) is not None and not self._inside.holds(word)
        return known

    def _fields(self, head: bytes, outward: bool) -> bytes:
        self._outward = outward
        fields = _FIELD_END.split(head)
        changed = [self._field(b"", fields[0])]
        for field in fields[1:]:
            name, colon, value = field.partition(b":")
            key = name.strip().lower()
            field = name + colon + self._field(_NAMES.get(key, key), value)  # noqa: PLW2901 - the same, masked
            if key not in _KNOWN:  # perhaps the first colon is one of an address
                field = self._field(b"?", field)  # noqa: PLW2901
            changed.append(field)
        return head if changed == fields else b"\r\n".join(changed)

    def _field(self, name: bytes, value: bytes) -> bytes:
        self._name = name
        self._found = 0
        if name in _WHOLE:
            value = _EITHER.sub(self._swap, value)
        elif name in _PARTLY:
            value = _WORD.sub(self._word, value)
        elif self._outward:
            value = _LITERAL.sub(self._public, value)
        if self._found and self._outward:
            self._count(name.decode("latin-1"))
        return value

    def _count(self, name: str) -> None:
        if name not in self.counters and len(self.counters) >= _COUNTED:
            name = "other"
        self.counters[name] = self.counters.get(name, 0) + self._found

    def _word(self, match: Match[bytes]) -> bytes:
        word, start = match.group(), match.start()
        before = match.string[max(0, start - 16) : start].rstrip()
        parameter = before.endswith(b"=")
        located = parameter and before[:-1].rstrip().lower().endswith(_ADDRESSES)
        if match.string[match.end() : match.end() + 1] == b"@" or (parameter and not located):
            return _EITHER.sub(self._swap, word)
        if located or before.endswith(b"@") or word[:5].lower().startswith(_SIP):
            return self._host(word)
        return _LITERAL.sub(self._public, word) if self._outward else word

    def _host(self, word: bytes) -> bytes:
        """A word with the host of a URI, or what stands for it."""
        if not self._name:  # the Request-URI: where it leads is not for the sender to hide
            return _EITHER.sub(self._called, word) if self._outward else word
        return _EITHER.sub(self._called if self._outward and self._name not in _ROUTES else self._swap, word)

    def _called(self, match: Match[bytes]) -> bytes:
        """Going out: what the other side calls itself, and nothing of ours."""
        return self._swap(match) if match.group().startswith(MARK) else self._public(match)

    def _swap(self, match: Match[bytes]) -> bytes:
        text = match.group()
        if text.startswith(MARK):
            found = self._text(*match.groups())
            return found if self._token(found) == text else text
        token = self._token(text)
        if token:
            self._found += 1
        return token or self._within(match, self._swap)

    def _text(self, enclosed: bytes, number: bytes, offset: bytes, unusual: bytes) -> bytes:
        """What a token stands for."""
        if unusual is not None:
            return bytes.fromhex(unusual.decode("ascii"))
        found = self._inside.at(int(number), int(offset, 16)) or b""
        return b"[" + found + b"]" if enclosed else found

    def _token(self, text: bytes) -> bytes:
        """The token for an inside address, with the brackets around it; empty if it is none."""
        token = self._tokens.get(text)
        if token is None:
            token = self._made(text)
            if len(self._tokens) >= _REMEMBERED:
                self._tokens.clear()
            self._tokens[text] = token
        return token

    def _made(self, text: bytes) -> bytes:
        literal = text.strip(b"[]")
        if not self._inside.holds(literal) or not _LITERAL.fullmatch(text):
            return b""
        place = self._inside.place(literal)
        if place is None or text not in (literal, b"[" + literal + b"]"):
            return MARK + b"h" + text.hex().encode("ascii") + b"-z"
        return MARK + (b"%d-%x-z" if text == literal else b"y%d-%x-z") % place

    def _public(self, match: Match[bytes]) -> bytes:
        text = match.group()
        if self._inside.holds(text.strip(b"[]")):
            self._found += 1
            return self._replacement
        return self._within(match, self._public)

    @staticmethod
    def _within(match: Match[bytes], change: Callable[[Match[bytes]], bytes]) -> bytes:
        """What looks like an address and is none, with the addresses that are in it changed."""
        text = match.group()
        if match.string[max(0, match.start() - 1) : match.start()] == b"%":
            return text[:2] + _LITERAL.sub(change, text[2:])
        if text.endswith(b":"):  # of the sentence, not of the address
            return _LITERAL.sub(change, text[:-1]) + b":"
        if b":" in text and b"." in text:
            for part in _PARTS:
                changed = part.sub(change, text)
                if changed != text:
                    return changed
        return text
