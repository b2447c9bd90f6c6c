# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Addresses in a session description, RFC 8866: o=, c=, a=rtcp (RFC 3605), candidates (RFC 8839), MSRP's path
(RFC 4975), source filters (RFC 4570). Ports, m= lines and everything else stay as they are.

Only lines in which an address can be are looked at, so the cost goes with the hits and not with the size.
"""

from __future__ import annotations

import re
from typing import Dict, Iterable, List, Sequence, Tuple

from .translation import Translation

_BLANKS = re.compile(rb"([ \t]+)")
_TYPED = (b"o=", b"c=", b"a=rtcp:")
_MSRP = (b"msrp", b"msrps")


class Sdp:
    """One direction: what `translation` knows is replaced."""

    def __init__(self, needles: Sequence[bytes], translation: Translation) -> None:
        """Every address to be replaced holds one of `needles`, which are in lower case."""
        self._needles = tuple(needles)
        self._fold = any(needle != needle.upper() for needle in self._needles)  # search in lower case text
        self._translate = translation
        # The ends of most o= and c= lines.
        self._tails: Dict[bytes, bytes] = {}
        for old, new in translation.table.items():
            if b":" not in old + new:
                self._tails[old] = new
                self._tails[old + b"\r"] = new + b"\r"

    def concerns(self, text: bytes) -> bool:
        """Whether there can be anything to be replaced in `text`."""
        return any(needle in (text.lower() if self._fold else text) for needle in self._needles)

    def convert(self, body: bytes) -> bytes:
        """The description with its addresses replaced; the same object when there are none. Takes any bytes."""
        text = body.lower() if self._fold else body
        at = -1
        for needle in self._needles:
            found = text.find(needle)
            if found >= 0:
                if at >= 0:  # different addresses
                    return self._every_line(body)
                at, hit = found, needle
        return self._lines_with(hit, at, text, body) if at >= 0 else body

    def _every_line(self, body: bytes) -> bytes:
        lines = body.split(b"\n")
        changed = [self._line(line) for line in lines]
        return body if changed == lines else b"\n".join(changed)

    def _lines_with(self, needle: bytes, at: int, text: bytes, body: bytes) -> bytes:
        """As `convert`, where only lines with `needle` are of interest; `at`: the first place where it is."""
        out: List[bytes] = []
        done = 0  # what is before is in `out`
        while at >= 0:
            end = body.find(b"\n", at)
            if end < 0:
                end = len(body)
            new = None
            # Nearly always the address is the last word of its line.
            if body[at - 10 : at] == b"\nc=IN IP4 " or (
                body[at - 7 : at] == b"IN IP4 " and body.startswith(_TYPED, body.rfind(b"\n", done, at) + 1)
            ):
                start = at
                new = self._tails.get(body[at:end])
            if new is None:
                start = body.rfind(b"\n", done, at) + 1
                new = self._line(body[start:end])
            out.append(body[done:start])
            out.append(new)
            done = end
            at = text.find(needle, end)
        out.append(body[done:])
        changed = b"".join(out)
        return body if changed == body else changed

    def _line(self, line: bytes) -> bytes:
        """One line, without LF and perhaps with CR, with its addresses replaced."""
        if line.startswith(_TYPED):
            edit = self._typed
        elif line.startswith(b"a=candidate:"):
            edit = self._candidate
        elif line.startswith(b"a=remote-candidates:"):
            edit = self._remote_candidates
        elif line.startswith(b"a=path:"):
            edit = self._path
        elif line.startswith(b"a=source-filter:"):
            edit = self._source_filter
        else:
            return line
        content = line.rstrip(b" \t\r")
        # Words are at the even places, what separates them between.
        pieces = _BLANKS.split(content)
        edit(pieces)
        return b"".join(pieces) + line[len(content) :]

    def _typed(self, pieces: List[bytes]) -> None:
        """``... IN IP4 address``; in c= perhaps with ``/ttl``. The type follows the address."""
        if len(pieces) < 3 or pieces[-3].upper() not in (b"IP4", b"IP6"):
            return
        old, slash, rest = pieces[-1].partition(b"/")
        new = self._translate(old)
        if new is not None:
            pieces[-1] = new + slash + rest
            pieces[-3] = _type_of(new)

    def _candidate(self, pieces: List[bytes]) -> None:
        """``foundation component transport priority ADDRESS port typ host [raddr ADDRESS rport port] ...``"""
        self._words(pieces, [8] + [at + 2 for at in range(10, len(pieces), 2) if pieces[at].lower() == b"raddr"])

    def _remote_candidates(self, pieces: List[bytes]) -> None:
        """``component ADDRESS port``, as often as there are components."""
        first = 2 if pieces[0] != b"a=remote-candidates:" else 4
        self._words(pieces, range(first, len(pieces), 6))

    def _source_filter(self, pieces: List[bytes]) -> None:
        """``incl IN IP4 destination SOURCE ...``: only within one family, the type is that of all of them."""
        kind = [place for place in range(0, len(pieces), 2) if pieces[place].upper() in (b"IP4", b"IP6")][:1]
        for place in range(kind[0] + 2, len(pieces), 2) if kind else ():
            new = self._translate(pieces[place])
            if new is not None and _type_of(new) == pieces[kind[0]].upper():
                pieces[place] = new

    def _words(self, pieces: List[bytes], places: Iterable[int]) -> None:
        for place in places:
            new = self._translate(pieces[place]) if place < len(pieces) else None
            if new is not None:
                pieces[place] = new

    def _path(self, pieces: List[bytes]) -> None:
        """``msrp://ADDRESS:port/session;tcp``, several with blanks between."""
        for place in range(0, len(pieces), 2):
            head, colon, rest = pieces[place].partition(b"://")
            if not colon or not head.lower().endswith(_MSRP):
                continue
            end = min((at for at in map(rest.find, (b"/", b";")) if at >= 0), default=len(rest))
            user, sign, host = rest[:end].rpartition(b"@")
            old, tail = _split(host)
            new = self._translate(old)
            if new is not None:
                written = b"[" + new + b"]" if b":" in new else new
                pieces[place] = head + colon + user + sign + written + tail + rest[end:]


def _type_of(address: bytes) -> bytes:
    return b"IP6" if b":" in address else b"IP4"


def _split(host: bytes) -> Tuple[bytes, bytes]:
    """The address without brackets, and the port with its colon."""
    if host.startswith(b"[") and b"]" in host:
        end = host.index(b"]")
        return host[1:end], host[end + 1 :]
    end = host.find(b":")
    return (host[:end], host[end:]) if end >= 0 else (host, b"")
