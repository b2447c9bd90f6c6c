# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Addresses in a session description, RFC 8866: o=, c=, a=rtcp (RFC 3605), candidates (RFC 8839), MSRP's path
(RFC 4975), source filters (RFC 4570), and what clients wrote before there was RFC 8839: candidates of its drafts
(Office Communicator) and a=alt (X-Lite). Ports, m= lines and everything else stay as they are.

Only lines in which an address can be are looked at, so the cost goes with the hits and not with the size.
"""

from __future__ import annotations

import re
from typing import Dict, List, Sequence, Tuple

from .translation import Translation

_BLANKS = re.compile(rb"([ \t]+)")
_TYPED = (b"o=", b"c=", b"a=rtcp:")
_WORDS = (b"a=candidate:", b"a=remote-candidates:", b"a=remote-candidate:", b"a=alt:")
_MSRP = (b"msrp", b"msrps")


class Sdp:
    """One direction: what `translation` knows is replaced."""

    def __init__(self, needles: Sequence[bytes], translation: Translation) -> None:
        """Every address to be replaced holds one of `needles`, which are in lower case."""
        self._fold = any(needle != needle.upper() for needle in needles)  # search in lower case text
        self._translate = translation
        # With each needle the ends of ordinary o= and c= lines behind it, and what they become with it before them.
        self._needles: Dict[bytes, Dict[bytes, bytes]] = {needle: {} for needle in needles}
        for old, new in translation.table.items():
            for needle, ends in self._needles.items():
                if old.startswith(needle) and b":" not in old + new:
                    end = old[len(needle) :]
                    ends[end] = new
                    ends[end + b"\r"] = new + b"\r"

    def concerns(self, text: bytes) -> bool:
        """Whether there can be anything to be replaced in `text`."""
        text = text.lower() if self._fold else text
        return any(needle in text for needle in self._needles)

    def convert(self, body: bytes) -> bytes:
        """The description with its addresses replaced; the same object when there are none. Takes any bytes."""
        text = body.lower() if self._fold else body
        ends = None
        for needle in self._needles:
            if text.find(needle) >= 0:
                if ends is not None:  # different addresses
                    return self._every_line(body)
                ends = self._needles[needle]
                pieces = body.split(needle)
        if ends is None:
            return body
        return (self._ordinary(pieces, ends) if ends else b"") or self._every_line(body)

    def _ordinary(self, pieces: List[bytes], ends: Dict[bytes, bytes]) -> bytes:
        """The pieces of a body between the needles, joined again; empty if one does not end a line with its address."""
        before = pieces[0]
        out = [before]
        for piece in pieces[1:]:
            end, line_break, rest = piece.partition(b"\n")
            new = ends.get(end)
            if new is None or not (
                before[-10:] == b"\nc=IN IP4 "
                or (before[-7:] == b"IN IP4 " and before.startswith(_TYPED, before.rfind(b"\n") + 1))
            ):
                return b""
            out += new, line_break, rest
            before = piece
        return b"".join(out)

    def _every_line(self, body: bytes) -> bytes:
        changed = b"\n".join([self._line(line) for line in body.split(b"\n")])
        return body if changed == body else changed

    def _line(self, line: bytes) -> bytes:
        """One line, without LF and perhaps with CR, with its addresses replaced."""
        if line.startswith(_TYPED):
            edit = self._typed
        elif line.startswith(_WORDS):
            edit = self._words
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

    def _words(self, pieces: List[bytes]) -> None:
        """``foundation component transport priority ADDRESS port typ host [raddr ADDRESS rport port] ...`` and its
        like: no other word in them looks like an address.
        """
        for place in range(2, len(pieces), 2):
            pieces[place] = self._translate(pieces[place]) or pieces[place]

    def _source_filter(self, pieces: List[bytes]) -> None:
        """``incl IN IP4 destination SOURCE ...``: only within one family, the type is that of all of them."""
        kind = [place for place in range(0, len(pieces), 2) if pieces[place].upper() in (b"IP4", b"IP6")][:1]
        for place in range(kind[0] + 2, len(pieces), 2) if kind else ():
            new = self._translate(pieces[place])
            if new is not None and _type_of(new) == pieces[kind[0]].upper():
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
