# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""SIP messages for tests, and what can be read off a message that left."""

from __future__ import annotations

from typing import List, Optional, Sequence

from sipnat.flow import Flow
from sipnat.model import Config, Upstream
from sipnat.outcome import Outcome
from sipnat.rewriting.rewrite import Rewriter
from sipnat.rewriting.rules import Rules

CRLF = b"\r\n"
# Parameters of a Via whose branch (RFC 3261, 20.42) is not where it seems to be at a glance.
ODD_BRANCHES = (
    ";branch;branch=z9hG4bK1",
    ";branch=z9hG4bK2;branch=z9hG4bK1",
    ";Branch=z9hG4bK2;branch=z9hG4bK1",
    "; branch=z9hG4bK2;branch=z9hG4bK1",
    ";branch =z9hG4bK2;branch=z9hG4bK1",
    ';branch="z9hG4bK2";branch=z9hG4bK1;rport',
    ';x=";branch=z9hG4bK2;";branch=z9hG4bK1',
    ';received=";branch=z9hG4bK2;"',
)


def message(first: str, fields: Sequence[str], body: bytes = b"", length: bool = True) -> bytes:
    """A message of a start line and header fields; Content-Length is added unless it is not wanted."""
    lines = [first, *fields, *([f"Content-Length: {len(body)}"] if length else [])]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + CRLF + CRLF + body


def request(
    method: str,
    uri: str,
    via: Sequence[str],
    *more: str,
    from_: str = "<sip:alice@rtp.example>;tag=a1",
    to: str = "<sip:bob@partner.example>",
    call_id: str = "c1@9.42.111.2",
    max_forwards: Optional[int] = 70,
    body: bytes = b"",
    length: bool = True,
) -> bytes:
    """A request; `via` are the values of its Via fields, `more` whole header fields."""
    fields = ["Via: " + value for value in via]
    if max_forwards is not None:
        fields.append(f"Max-Forwards: {max_forwards}")
    fields += ["From: " + from_, "To: " + to, "Call-ID: " + call_id, "CSeq: 1 " + method, *more]
    return message(f"{method} {uri} SIP/2.0", fields, body, length)


def response(to_request: bytes, status: str = "200 OK", *more: str, body: bytes = b"") -> bytes:
    """The answer to a request: Via, Record-Route, From, To (with a tag), Call-ID and CSeq are copied."""
    fields = []
    for line in lines(to_request)[1:]:
        name = line.partition(b":")[0].lower()
        if name in (b"via", b"record-route", b"from", b"call-id", b"cseq"):
            fields.append(line.decode())
        elif name == b"to":
            fields.append(line.decode() + ("" if b";tag=" in line else ";tag=b1"))
    return message("SIP/2.0 " + status, [*fields, *more], body)


def lines(data: bytes) -> List[bytes]:
    """The lines of the header block."""
    return data.partition(CRLF + CRLF)[0].split(CRLF)


def fields(data: bytes, name: str) -> List[str]:
    """The values of all fields of a name, as written in full, without the blank behind the colon."""
    found = []
    for line in lines(data)[1:]:
        own, _colon, value = line.decode("utf-8", "surrogateescape").partition(":")
        if own.lower() == name.lower():
            found.append(value.strip())
    return found


def body(data: bytes) -> bytes:
    return data.partition(CRLF + CRLF)[2]


def rewriter(config: Config, up: bool = True) -> Rewriter:
    """A rewriter whose upstream is always the first one, or none."""

    def choose(unused: bytes) -> Optional[Upstream]:
        return config.upstreams[0] if up else None

    return Rewriter(Rules(config, choose))


def flow(outward: bool, address: str, transport: str = "tcp", port: int = 5060, token: bytes = b"") -> Flow:
    return Flow(outward, transport, token or (b"u0" if transport == "udp" else b"c0.1"), address, port)


def data_of(outcome: Outcome) -> bytes:
    """What is sent; fails if nothing is."""
    assert outcome[1] is not None, outcome
    return outcome[1]
