# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bodies for the messages of the corpus."""

from __future__ import annotations

from typing import Tuple

KINDS = ("none", "text", "sdp", "multipart")
_BOUNDARY = "boundary-42"


def build(kind: str, address: str) -> Tuple[str, bytes]:
    """Content-Type ("" for none) and body, whose session is at `address`."""
    if kind == "text":
        return "text/plain;charset=utf-8", f"an address such as {address} stays in a text\r\n".encode()
    if kind == "sdp":
        return "application/sdp", _sdp(address)
    if kind == "multipart":
        return f'multipart/mixed;boundary="{_BOUNDARY}"', _multipart(address)
    return "", b""


def _sdp(address: str) -> bytes:
    """A session with an address at every place that RFC 4566, 3605, 4975 and 5245 have."""
    family = "IP6" if ":" in address else "IP4"
    written = f"[{address}]" if ":" in address else address
    return "\r\n".join(
        [
            "v=0",
            f"o=alice 2890844526 2890844526 IN {family} {address}",
            "s=-",
            f"c=IN {family} {address}",
            "t=0 0",
            "m=audio 49170 RTP/AVP 0",
            f"a=rtcp:53020 IN {family} {address}",
            f"a=candidate:1 1 UDP 2130706431 {address} 49170 typ host",
            "m=video 0 RTP/AVP 31",
            "c=IN IP4 0.0.0.0",
            "m=message 7654 TCP/MSRP *",
            f"c=IN {family} {address}",
            f"a=path:msrp://{written}:7654/jshA7weztas;tcp",
            "",
        ]
    ).encode()


def _multipart(address: str) -> bytes:
    """A session beside a part of bytes that are no text."""
    session = _sdp(address)
    return b"".join(
        [
            f"--{_BOUNDARY}\r\nContent-Type: application/sdp\r\nContent-Length: {len(session)}\r\n\r\n".encode(),
            session,
            f"\r\n--{_BOUNDARY}\r\nContent-Type: application/octet-stream\r\n\r\n".encode(),
            bytes(range(256)),
            f"\r\n--{_BOUNDARY}--\r\n".encode(),
        ]
    )
