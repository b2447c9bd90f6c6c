# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bodies of the requests in generated.py: session descriptions, text, and multipart with either."""

from __future__ import annotations

from typing import Any, Callable, List, Tuple

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]
Body = Tuple[str, bytes]

_ADDRESSES = ("9.42.111.2", "9.42.111.3", "9.42.111.5", "9.42.124.60", "198.51.100.9", "0.0.0.0", "224.2.1.1/127")


@st.composite
def sessions(draw: Draw) -> bytes:
    """SDP (RFC 4566), at times with LF for line ends."""

    def address() -> str:
        return str(draw(st.sampled_from(_ADDRESSES)))

    def host() -> str:
        return address().partition("/")[0]

    lines = ["v=0", f"o=alice 29739 7272939 IN IP4 {host()}", "s=call from 9.42.111.2"]
    if draw(st.booleans()):
        lines.append(f"c=IN IP4 {address()}")
    lines.append("t=0 0")
    for port in range(draw(st.integers(1, 3))):
        lines.append(f"m=audio {49170 + 2 * port} RTP/AVP 0")
        extras = [
            f"c=IN IP4 {address()}",
            f"a=rtcp:{49171 + 2 * port} IN IP4 {host()}",
            f"a=rtcp:{49171 + 2 * port}",
            f"a=candidate:1 1 UDP 2130706431 {host()} 8998 typ host",
            f"a=candidate:2 1 UDP 1694498815 {host()} 45664 typ srflx raddr {host()} rport 8998",
            "a=rtpmap:0 PCMU/8000",
            f"a=path:msrp://{host()}:7394/2s93i9ek2a;tcp",
        ]
        lines += draw(st.lists(st.sampled_from(extras), max_size=3, unique=True))
    end = draw(st.sampled_from(["\r\n", "\r\n", "\n"]))
    return "".join(line + end for line in lines).encode()


_TEXTS = (b"", b"hello from 9.42.111.2", b"o=alice 1 1 IN IP4 9.42.111.2\r\n", b"\0\xff\r\n\r\n--b1\n")


@st.composite
def bodies(draw: Draw) -> Body:
    """A Content-Type and its body; no type where there is none."""
    kind = draw(st.sampled_from(["none", "none", "sdp", "sdp", "text", "parts", "nested"]))
    if kind == "none":
        return "", b""
    if kind == "text":
        name = draw(st.sampled_from(["text/plain", "message/sipfrag", "application/pidf+xml", "application/sdpx"]))
        return str(name), bytes(draw(st.sampled_from(_TEXTS)))
    if kind == "sdp":
        name = draw(st.sampled_from(["application/sdp", "Application/SDP", "application/sdp;charset=utf-8"]))
        return str(name), bytes(draw(sessions()))
    parts: List[Body] = [("text/plain", b"at 9.42.111.3"), ("application/sdp", draw(sessions()))]
    body = _joined(b"b-1", parts, lengths=draw(st.booleans()))
    if kind == "nested":
        outer = [('multipart/alternative;boundary="b-1"', body), parts[1]]
        body = _joined(b"outer", outer, lengths=draw(st.booleans()))
        return "multipart/mixed; boundary=outer", body
    return draw(st.sampled_from(["multipart/mixed;boundary=b-1", 'Multipart/Mixed; x=y; Boundary="b-1"'])), body


def _joined(boundary: bytes, parts: List[Body], *, lengths: bool) -> bytes:
    text = b""
    for name, body in parts:
        length = b"Content-Length: %d\r\n" % len(body) if lengths else b""
        text += b"--%b\r\nContent-Type: %b\r\n%b\r\n%b\r\n" % (boundary, name.encode(), length, body)
    return text + b"--%b--\r\n" % boundary
