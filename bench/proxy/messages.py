"""The requests of the load and what follows the copied headers of their answers.

`##########` becomes a running number and `%%%%%` the number of a user: with one user for all messages, a proxy that
remembers lines would look better than it is.
"""

from __future__ import annotations

from pathlib import Path

from bench.proxy.scene import INNER, NODE, OUT, OUTER, PARTNER, PORT, Direction

_TEXT = "Hello from the Sametime Gateway cluster, this is an instant message of usual size."


def write(folder: Path, direction: Direction, transport: str, kind: str) -> tuple[Path, Path]:
    """The two files for the load generator: request, answer. `kind`: invite or message."""
    request = folder / f"{direction.name}-{transport}-{kind}.request"
    answer = folder / f"{direction.name}-{transport}-{kind}.answer"
    build = _invite if kind == "invite" else _message
    request.write_bytes(build(direction, transport))
    answer.write_bytes(_answer(direction, transport, kind))
    return request, answer


def _parameter(transport: str) -> str:
    return "" if transport == "udp" else f";transport={transport}"


def _target(direction: Direction, transport: str) -> str:
    """Requests from the inside name the partner's host, those from the outside our public address."""
    host = PARTNER if direction is OUT else OUTER
    return f"sip:bob%%%%%@{host}:{PORT}{_parameter(transport)}"


def _invite(direction: Direction, transport: str) -> bytes:
    own, parameter = direction.client, _parameter(transport)
    route = f"<sip:{INNER if direction is OUT else OUTER}:{PORT}{parameter};lr>"
    body = _sdp(own, 40000)
    return _join(
        f"INVITE {_target(direction, transport)} SIP/2.0",
        f"Via: SIP/2.0/{transport.upper()} {own}:{PORT};branch=z9hG4bK-7f3a##########",
        "Max-Forwards: 70",
        f"Route: {route}",
        'From: "Alice Example" <sip:alice%%%%%@rtp.example.com>;tag=a73kszlfl##########',
        "To: <sip:bob%%%%%@partner.example.net>",
        f"Call-ID: gw-##########@{own}",
        "CSeq: 1 INVITE",
        f"Contact: <sip:alice%%%%%@{own}:{PORT}{parameter}>",
        "Allow: INVITE, ACK, CANCEL, BYE, MESSAGE, SUBSCRIBE, NOTIFY",
        "Supported: timer, replaces, 100rel",
        "Session-Expires: 1800;refresher=uac",
        "Min-SE: 90",
        "P-Asserted-Identity: <sip:alice%%%%%@rtp.example.com>",
        "Date: Sat, 13 Nov 2010 23:29:00 GMT",
        "User-Agent: Lotus Sametime Gateway 8.0.1",
        "Content-Type: application/sdp",
        body=body,
    )


def _message(direction: Direction, transport: str) -> bytes:
    own = direction.client
    return _join(
        f"MESSAGE {_target(direction, transport)} SIP/2.0",
        f"Via: SIP/2.0/{transport.upper()} {own}:{PORT};branch=z9hG4bK-7f3a##########",
        "Max-Forwards: 70",
        "From: <sip:alice%%%%%@rtp.example.com>;tag=a73##########",
        "To: <sip:bob%%%%%@partner.example.net>",
        f"Call-ID: gw-##########@{own}",
        "CSeq: 1 MESSAGE",
        f"Contact: <sip:alice%%%%%@{own}:{PORT}{_parameter(transport)}>",
        "User-Agent: Lotus Sametime Gateway 8.0.1",
        "Content-Type: text/plain",
        body=_TEXT,
    )


def _answer(direction: Direction, transport: str, kind: str) -> bytes:
    if kind == "message":
        return b"Content-Length: 0\r\n\r\n"
    own = direction.sink
    return _join(
        f"Contact: <sip:bob@{own}:{PORT}{_parameter(transport)}>",
        "Content-Type: application/sdp",
        body=_sdp(own, 50000),
    )


def _sdp(address: str, port: int) -> str:
    lines = (
        "v=0",
        f"o=- 3404 3404 IN IP4 {address}",
        "s=Sametime",
        f"c=IN IP4 {address}",
        "t=0 0",
        f"m=audio {port} RTP/AVP 0 8 101",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=fmtp:101 0-16",
        "a=sendrecv",
    )
    return "".join(f"{line}\r\n" for line in lines)


def _join(*lines: str, body: str) -> bytes:
    return "\r\n".join((*lines, f"Content-Length: {len(body)}", "", body)).encode()


# The node's own address may not appear outside; this is what a leak looks like.
INSIDE_MARK = NODE.rpartition(".")[0].encode() + b"."
