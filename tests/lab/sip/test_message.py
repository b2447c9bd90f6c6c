"""Octets to messages and back."""

from __future__ import annotations

import pytest
from sipmessage import Request

from lab.sip.message import encode, parse, parse_datagram

TEXT = """\
INVITE sip:rtp_nat.ibm.com:5060;transport=tcp SIP/2.0
v: SIP/2.0/TCP one_of.ours:5060;branch=z9hG4bKx, SIP/2.0/UDP 192.0.2.4;branch=z9hG4bKy
Max-Forwards : 70
Route: <sip:a,b@proxy.example;lr>, "x, y" <sip:[2001:db8::1]:5062;lr>
f: <sip:alice@rtp.example>;tag=1
To: <sip:bob@partner.example>
Call-ID: 1@2
CSeq: 1 INVITE
Subject: folded
 text
Content-Length: 5

hello"""
OCTETS = TEXT.replace("\n", "\r\n").encode()


def without(line: str) -> bytes:
    """The message without the line that begins so."""
    return "\r\n".join(each for each in TEXT.split("\n") if not each.startswith(line)).encode()


def test_all_forms_of_header_fields_are_read() -> None:
    message = parse(OCTETS)
    assert isinstance(message, Request)
    assert message.uri.host == "rtp_nat.ibm.com"
    assert message.headers.getlist("Via") == [
        "SIP/2.0/TCP one_of.ours:5060;branch=z9hG4bKx",
        "SIP/2.0/UDP 192.0.2.4;branch=z9hG4bKy",
    ]
    assert message.headers.getlist("Route") == ["<sip:a,b@proxy.example;lr>", '"x, y" <sip:[2001:db8::1]:5062;lr>']
    assert message.max_forwards == 70
    assert message.headers["Subject"] == "folded text"
    assert message.body == b"hello"


def test_what_goes_out_says_how_long_its_body_is() -> None:
    message = parse(OCTETS)
    message.body = b"longer than before"
    assert parse(encode(message)).headers["Content-Length"] == "18"


@pytest.mark.parametrize("line", ["v", "f", "To", "Call-ID", "CSeq"])
def test_a_message_without_what_every_message_has_is_none(line: str) -> None:
    with pytest.raises(ValueError, match=r"no |CSeq"):
        parse(without(line))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"CSeq: 1 INVITE", b"CSeq: 1 BYE"),
        (b"CSeq: 1 INVITE", b"CSeq: INVITE"),
        (b"sip:rtp_nat.ibm.com:5060", b"sip:rtp nat"),
        (b"SIP/2.0\r\nv", b"SIP/3.0\r\nv"),
        (b"Subject: folded", b"no colon"),
        (b";transport=tcp", b";self=1"),
        (b"\r\n\r\n", b"\r\n"),
    ],
)
def test_what_is_not_sip_is_refused(old: bytes, new: bytes) -> None:
    assert old in OCTETS
    with pytest.raises(ValueError):
        parse(OCTETS.replace(old, new))


def test_a_datagram_ends_where_its_length_says() -> None:
    assert parse_datagram(OCTETS + b"more").body == b"hello"
    with pytest.raises(ValueError, match="shorter"):
        parse_datagram(OCTETS[:-1])
