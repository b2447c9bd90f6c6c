# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The messages of a probe: requests full of addresses that a SIP ALG would change, answers that tell what arrived."""

from __future__ import annotations

import base64
import json
import re
from typing import List, NamedTuple, Optional, Tuple

from ..check.corpus import bracketed

Socket = Tuple[str, int]  # address, port

MARK = "sipnat-probe"  # the media type of our own answers
_COPIED = ("via", "from", "to", "call-id", "cseq")  # RFC 3261 8.2.6.2
_FOLD = re.compile(rb"\r\n(?![ \t])")
_VIA = re.compile(r"via\s*:\s*SIP/2\.0/\w+ (\[[^]]*]|[^;:\s]+)(?::\d+)?(.*)", re.IGNORECASE)


class Seen(NamedTuple):
    """What the other side tells about a request."""

    status: str
    source: Optional[Socket]  # where it came from; None: an answer that does not say
    arrived: Optional[Socket]  # at which socket it arrived; None: the other side is no probe
    request: bytes  # as it arrived
    changed: List[str]  # lines of the answer that are not as they were written
    other: int  # a second port of the other side; 0: none


def authority(where: Socket) -> str:
    return f"{bracketed(where[0])}:{where[1]}"


def request(method: str, number: int, transport: str, local: Socket, target: Socket) -> bytes:
    """A request whose every address is true, because an ALG changes only those that it translates."""
    family = "IP6" if ":" in local[0] else "IP4"
    here, there = authority(local), authority(target)
    body = "\r\n".join(
        [
            "v=0",
            f"o=probe {number} 1 IN {family} {local[0]}",
            "s=-",
            f"c=IN {family} {local[0]}",
            "t=0 0",
            f"m=audio {local[1]} RTP/AVP 0",
            "",
        ]
    )
    lines = [
        f"{method} sip:probe@{there} SIP/2.0",
        f"Via: SIP/2.0/{transport.upper()} {here};rport;branch=z9hG4bKprobe{number:x}",
        "Max-Forwards: 1",
        f"From: <sip:probe@{here}>;tag={number:x}",
        f"To: <sip:probe@{there}>",
        f"Call-ID: {number:x}@{local[0]}",
        f"CSeq: {number} {method}",
        f"Contact: <sip:probe@{here};transport={transport}>",
        f"X-Canary: {here}",
        "Content-Type: application/sdp",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", body]).encode()


def answer(data: bytes, source: Socket, arrived: Socket, other: int) -> bytes:
    """The 200 to a request of ours, b"" for anything else. The body tells what arrived in a form that no ALG reads."""
    head, separator, _body = data.partition(b"\r\n\r\n")
    start, *fields = _FOLD.split(head)
    if not separator or not start.endswith(b" SIP/2.0"):
        return b""
    lines = ["SIP/2.0 200 OK"]
    for field in fields:
        line = field.decode("utf-8", "replace")
        name = line.partition(":")[0].strip().lower()
        if name in _COPIED:
            lines.append(_filled(line, source) if name == "via" else line + (";tag=probe" if name == "to" else ""))
    lines += [f"Contact: <sip:probe@{authority(arrived)}>", f"X-Canary: {authority(arrived)}"]
    told = {
        "source": source,
        "arrived": arrived,
        "request": base64.b64encode(data).decode(),
        "answer": lines,
        "other": other,
    }
    body = base64.b64encode(json.dumps(told).encode())
    framed = [*lines, f"Content-Type: application/{MARK}", f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(framed).encode() + body


def _filled(via: str, source: Socket) -> str:
    """RFC 3581 4: where the request came from."""
    return via.replace(";rport;", f";rport={source[1]};received={source[0]};", 1)


def read(data: bytes) -> Seen:
    """What an answer says. ValueError when it is none."""
    head, _separator, body = data.partition(b"\r\n\r\n")
    lines = [line.decode("utf-8", "replace") for line in _FOLD.split(head)]
    if not lines[0].startswith("SIP/2.0 "):
        raise ValueError(f"no answer: {lines[0]!r}")
    status = lines[0][len("SIP/2.0 ") :]
    if any(MARK in line for line in lines):
        return _told(status, lines, body)
    return Seen(status, _by_via(lines), None, b"", [], 0)


def _told(status: str, lines: List[str], body: bytes) -> Seen:
    """Our own answer. A body that was changed on the way is a ValueError like any other."""
    try:
        told = json.loads(base64.b64decode(body, validate=True))
        source, arrived = ((str(host), int(port)) for host, port in (told["source"], told["arrived"]))
        changed = [str(line) for line in told["answer"] if line not in lines]
        return Seen(status, source, arrived, base64.b64decode(told["request"]), changed, int(told["other"]))
    except (KeyError, TypeError, ValueError, RecursionError):
        raise ValueError("the answer is not as it was written") from None


def _by_via(lines: List[str]) -> Optional[Socket]:
    """Where any other SIP server saw the request come from: RFC 3261 18.2.1, RFC 3581."""
    found = next((match for match in map(_VIA.match, lines) if match), None)
    if found is None:
        return None
    host, parameters = found.groups()
    received = re.search(r";received=([^;,\s]+)", parameters)
    rport = re.search(r";rport=(\d+)", parameters)
    if rport is None:
        return None
    return (received.group(1) if received else host).strip("[]"), int(rport.group(1))
