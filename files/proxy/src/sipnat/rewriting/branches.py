# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The branch for a request that has no branch of RFC 3261 (16.11)."""

from __future__ import annotations

import hashlib
from typing import Dict, List

from .fields import tag, values_of
from .syntax import LWS
from .vias import parsed


def hashed(lines: List[bytes]) -> bytes:
    """``~`` and 16 hexadecimal digits, from what all retransmissions and the CANCEL and ACK have in common."""
    found: Dict[bytes, bytes] = values_of(lines)
    via = next(line for line in lines if line.partition(b":")[0].rstrip(LWS).lower() in (b"via", b"v"))
    first = parsed(via)[0]
    parts = (
        via[first.start : first.end],
        tag(found.get(b"to", b"")),
        tag(found.get(b"from", b"")),
        found.get(b"call-id", b""),
        found.get(b"cseq", b"").split()[0],
        lines[0].split(b" ")[1],
    )
    return b"~" + hashlib.blake2b(b"\0".join(parts), digest_size=8).hexdigest().encode("ascii")
