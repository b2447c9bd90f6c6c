# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Answers that the proxy gives itself (RFC 3261, 8.2.6)."""

from __future__ import annotations

import hashlib
from typing import List, Optional, Tuple

from .edits import apply
from .fields import name_of, tag
from .headers import unfolded
from .syntax import LWS, Refusal
from .topmost import source as came_from
from .vias import parsed

Source = Tuple[bytes, bytes]  # address and port; empty: not to be told
_COPIED = (b"via", b"from", b"to", b"call-id", b"cseq")


def reply(data: bytes, source: Source, status: int, phrase: str, headers: bytes = b"") -> Optional[bytes]:
    """An answer to a request, of which at least Via and CSeq can be read; None: there is none to give.

    `data` may lack part of its body. `headers` are further lines, each with its CRLF. `source` is what may be told of
    where the request came from.
    """
    if data[:4].upper() == b"ACK " or data[:4].upper() == b"SIP/":
        return None
    head = data.partition(b"\r\n\r\n")[0]
    out: List[bytes] = [b"SIP/2.0 %d %b" % (status, phrase.encode("ascii"))]
    seen = set()
    to_at = 0
    for line in unfolded(head.split(b"\r\n"))[1:]:
        name = name_of(line)
        if name not in _COPIED or (name in seen and name != b"via") or not _clean(line):
            continue
        if name == b"to":
            to_at = len(out)
        out.append(_sourced(line, source) if name == b"via" and name not in seen else line)
        seen.add(name)
    if b"via" not in seen or b"cseq" not in seen:
        return None
    if to_at and not tag(out[to_at].partition(b":")[2]):
        digest = hashlib.blake2b(b"\0".join(out[1:]), digest_size=8).hexdigest().encode("ascii")
        out[to_at] = out[to_at].rstrip(LWS) + b";tag=np" + digest
    return b"\r\n".join(out) + b"\r\n" + headers + b"Content-Length: 0\r\n\r\n"


def _clean(line: bytes) -> bool:
    rest = line.replace(b"\r\n", b"")
    return b"\r" not in rest and b"\n" not in rest


def _sourced(line: bytes, source: Source) -> bytes:
    try:
        via = parsed(line)[0]
    except Refusal:
        return line
    return apply(line, came_from(via, *source))
