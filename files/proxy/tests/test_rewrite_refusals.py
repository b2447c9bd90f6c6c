# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Messages that do not go on: what their senders hear."""

from __future__ import annotations

from typing import Any

import pytest
from configs import EVERYTHING, SCENARIO, changed, loaded
from messages import data_of, fields, flow, lines, request, rewriter

from sipnat.outcome import CLOSE, DROP, REPLY, REQUEST

OUT = flow(True, "9.42.111.2", token=b"c0.5")
IN = flow(False, "9.42.124.60", port=40123, token=b"c0.6")
VIA = ["SIP/2.0/TCP 9.42.111.2;branch=z9hG4bKa"]
PARTNER_VIA = ["SIP/2.0/TCP 9.42.124.60;branch=z9hG4bKa"]
GOOD = request("INVITE", "sip:b@partner.example", VIA)


def status(data: bytes, source: Any = OUT, **options: Any) -> int:
    """Of the answer; the same every time."""
    proxy = rewriter(loaded(options.get("base", SCENARIO)), options.get("up", True))
    outcome = proxy.process(data, source)
    assert outcome[0] == REPLY, outcome
    assert proxy.process(data, source) == outcome
    return int(data_of(outcome)[8:11])


def test_an_answer_copies_what_tells_the_transaction_and_adds_a_tag_to_to() -> None:
    data = request(
        "INVITE", "sip:b@p.example", [*VIA, "SIP/2.0/UDP x;branch=1"], "Subject: s", to="<sip:b@p>", max_forwards=0
    )
    outcome = rewriter(loaded(SCENARIO)).process(data.replace(b"Call-ID", b"i"), OUT)
    answer = data_of(outcome)
    assert lines(answer)[0] == b"SIP/2.0 483 Too Many Hops"
    assert fields(answer, "Via") == [VIA[0], "SIP/2.0/UDP x;branch=1"]
    assert fields(answer, "i") == ["c1@9.42.111.2"]
    assert fields(answer, "CSeq") == ["1 INVITE"]
    assert fields(answer, "From") == ["<sip:alice@rtp.example>;tag=a1"]
    to = fields(answer, "To")[0]
    assert to.startswith("<sip:b@p>;tag=np")
    assert len(to) == len("<sip:b@p>;tag=np") + 16
    assert answer.endswith(b"Content-Length: 0\r\n\r\n")
    assert not fields(answer, "Subject")
    assert rewriter(loaded(SCENARIO)).process(data.replace(b"<sip:b@p>", b"<sip:b@p>;tag=t"), OUT)[1]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("INVITE sip:b@p.example SIP/2.0 ", 400),
        ("INVITE  sip:b@p.example SIP/2.0", 400),
        ("INVITE sip:b@p.example; lr SIP/2.0", 400),
        ("INVITE <sip:b@p.example> SIP/2.0", 400),
        ("INVITE sip:b@p.example?Route=x SIP/2.0", 400),
        ("INVITE sip:b@ SIP/2.0", 400),
        ("INVITE sip:b@p.example:x SIP/2.0", 400),
        ("INVITE sip:b@p.example:65536 SIP/2.0", 400),
        ("INVITE b SIP/2.0", 400),
        ("INV(ITE sip:b@p.example SIP/2.0", 400),
        ("INVITE sip:b@p.example", 400),
        ("INVITE sip:b@p.example SIP/3.0", 505),
        ("INVITE sip:b@p.example HTTP/1.1", 400),
        ("INVITE mailto:b@p.example SIP/2.0", 416),
        ("INVITE urn:isbn:0 SIP/2.0", 416),
        ("INVITE soap.beep://1.2.3.4:5 SIP/2.0", 416),
    ],
)
def test_start_lines(first: str, expected: int) -> None:
    data = GOOD.replace(b"INVITE sip:b@partner.example SIP/2.0", first.encode())
    assert status(data) == expected
    assert status(data, IN) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("From: <sip:alice@rtp.example>;tag=a1\r\n", "", 400),
        ("Call-ID: c1@9.42.111.2\r\n", "", 400),
        ("Call-ID: c1@9.42.111.2\r\n", "Call-ID: \r\n", 400),
        ("To: <", "To: <sip:x@y>\r\nt: <", 400),
        ("CSeq: 1", "cseq: 1 INVITE\r\nCSeq: 1", 400),
        ("Max-Forwards: 70", "Max-Forwards: 70\r\nMax-Forwards: 70", 400),
        ("Max-Forwards: 70", "Max-Forwards: 256", 400),
        ("Max-Forwards: 70", "Max-Forwards: -1", 400),
        ("Max-Forwards: 70", "Max-Forwards: ", 400),
        ("Max-Forwards: 70", "Max-Forwards: 00", 483),
        ("CSeq: 1 INVITE", "CSeq: 1 ACK", 400),
        ("CSeq: 1 INVITE", "CSeq: 2147483648 INVITE", 400),
        ("CSeq: 1 INVITE", "CSeq: INVITE", 400),
        ("To: <sip:bob@partner.example>", 'To: "open <sip:bob@partner.example>', 400),
        ("To: <sip:bob@partner.example>", "To: Bell, Alexander <sip:bob@partner.example>", 400),
        ("To: <sip:bob@partner.example>", "To: < sip:bob@partner.example>", 400),
        ("To: <sip:bob@partner.example>", "To: <sip:bob@partner.example> x", 400),
        ("To: <sip:bob@partner.example>", "To: ", 400),
        ("From: <sip", "From: <sip\r", 400),
        ("From: <sip:a", "From: <sip:a\n", 400),
        ("Call-ID: c1", "Call-ID: c\n1", 400),
        ("Call-ID: c1", "X: a\rb\r\nCall-ID: c1", 400),
        ("Call-ID: c1", "no field\r\nCall-ID: c1", 400),
        ("Call-ID: c1", "no field: x\r\nCall-ID: c1", 400),
        ("Call-ID: c1", ": x\r\nCall-ID: c1", 400),
        ("Call-ID: c1", "Contact: sip:a@b?Route=x\r\nCall-ID: c1", 400),
        ("Call-ID: c1", "Contact: <sip:a@b>;;,\r\nCall-ID: c1", 400),
        ("Call-ID: c1", "Route: <sip:a@b\r\nCall-ID: c1", 400),
        ("Call-ID: c1", "Via: SIP/2.0/UDP h;;,;,,\r\nCall-ID: c1", 400),
        ("Call-ID: c1", "Via: SIP/2.0 h\r\nCall-ID: c1", 400),
        ("Call-ID: c1", "Proxy-Require: a\r\nproxy-require: b, c\r\nCall-ID: c1", 420),
        ("partner.example SIP", "9.42.111.3 SIP", 403),
        ("partner.example SIP", "9.42.111.200 SIP", 403),
        ("partner.example SIP", "stgpn1.rtp.example SIP", 403),
        ("sip:b@partner.example SIP", "sip:rtp_nat.ibm.com:5062 SIP", 403),
        ("sip:b@partner.example SIP", "sips:b@partner.example SIP", 403),
        ("Call-ID: c1", "Route: <sip:9.42.111.3;lr>\r\nCall-ID: c1", 403),
    ],
)
def test_fields_of_requests_from_inside(old: str, new: str, expected: int) -> None:
    assert old.encode() in GOOD
    assert status(GOOD.replace(old.encode(), new.encode())) == expected


def test_a_method_that_nobody_knows_and_a_cseq_of_another_is_not_implemented() -> None:
    assert status(GOOD.replace(b"INVITE sip", b"NEWMETHOD sip")) == 501


def test_requests_without_an_answer_are_supported() -> None:
    """Office Communications Server asks for that in every SUBSCRIBE."""
    data = GOOD.replace(b"Call-ID: c1", b"Proxy-Require: ms-benotify\r\nCall-ID: c1")
    assert rewriter(loaded(SCENARIO)).process(data, OUT)[0] == REQUEST
    data = GOOD.replace(b"Call-ID: c1", b"Proxy-Require: MS-benotify, x,\r\n y\r\nCall-ID: c1")
    assert b"\r\nUnsupported: x, y\r\n" in data_of(rewriter(loaded(SCENARIO)).process(data, OUT))


def test_what_is_required_of_proxies_is_not_supported() -> None:
    data = GOOD.replace(b"Call-ID: c1", b"Proxy-Require: a\r\nproxy-require: b, c\r\nCall-ID: c1")
    answer = data_of(rewriter(loaded(SCENARIO)).process(data, OUT))
    assert fields(answer, "Unsupported") == ["a, b, c"]


def test_nobody_outside_means_403_and_no_upstream_503_and_a_foreign_domain_404() -> None:
    assert status(GOOD, base=changed(SCENARIO, "partners.0.domains", [])) == 403
    data = request("INVITE", "sip:a@rtp_nat.ibm.com", PARTNER_VIA)
    assert status(data, IN, up=False) == 503
    answer = data_of(rewriter(loaded(SCENARIO), up=False).process(data, IN))
    assert fields(answer, "Retry-After") == ["5"]
    data = request("INVITE", "sip:a@foreign.example", ["SIP/2.0/TLS 198.51.100.7;branch=z9hG4bKa"])
    assert status(data, flow(False, "198.51.100.7", "tls"), base=EVERYTHING) == 404


@pytest.mark.parametrize("token", ["9", "1.7", "x", "", "01", "1-x", "1-99999", "1--(", "0", "256"])
def test_tokens_of_nobody_are_counted(token: str) -> None:
    proxy = rewriter(loaded(SCENARIO))
    for data in (
        request("BYE", f"sip:a@rtp_nat.ibm.com;np={token}", PARTNER_VIA),
        request("BYE", "sip:a@rtp_nat.ibm.com", PARTNER_VIA, f"Contact: <sip:a@9.42.124.46;np={token}>"),
        request("BYE", "sip:a@rtp_nat.ibm.com", PARTNER_VIA, f"Refer-To: <sip:a@9.42.124.45:1;np={token}>"),
        request("BYE", "sip:a@rtp_nat.ibm.com", [*PARTNER_VIA, f"SIP/2.0/TCP rtp_natpool1.ibm.com;np={token}"]),
    ):
        assert data_of(proxy.process(data, IN)).startswith(b"SIP/2.0 404 "), token
    assert proxy.bad_tokens == 4


def test_options_for_the_proxy_itself_are_answered() -> None:
    for uri in ("sip:9.42.111.5:5062", "sip:rtp_nat.ibm.com", "sip:9.42.124.45:5062;transport=tcp"):
        for hops in (70, 0):
            assert status(request("OPTIONS", uri, VIA, max_forwards=hops)) == 200
            assert status(request("OPTIONS", uri, PARTNER_VIA, max_forwards=hops), IN) == 200
    assert status(request("OPTIONS", "sip:x@9.42.111.5:5062", VIA)) == 200
    assert status(request("OPTIONS", "sip:b@partner.example", VIA, max_forwards=0)) == 483
    data = request("OPTIONS", "sip:a@rtp_nat.ibm.com", PARTNER_VIA)
    assert rewriter(loaded(SCENARIO)).process(data, IN)[0] == REQUEST


@pytest.mark.parametrize(
    "data",
    [
        GOOD.replace(b"INVITE", b"ACK").replace(b"Max-Forwards: 70", b"Max-Forwards: 0"),
        GOOD.replace(b"Via: SIP/2.0/TCP 9.42.111.2;branch=z9hG4bKa\r\n", b""),
        GOOD.replace(b"CSeq: 1 INVITE\r\n", b""),
        b"\r\n\r\n",
        b"",
        b"\0\0\0\0",
        b"garbage",
        b"SIP/2.0",
        b"\xff" * 500,
        b"\r\n".join([b"x"] * 1000) + b"\r\n\r\n",
    ],
)
def test_what_cannot_be_answered_is_dropped(data: bytes) -> None:
    outcome = rewriter(loaded(SCENARIO)).process(data, flow(True, "9.42.111.2", "udp"))
    assert (outcome[0], outcome[1], outcome[3]) == (DROP, None, None)
    assert isinstance(outcome[2], str)


def test_a_stream_is_closed_when_nobody_knows_where_a_message_ends() -> None:
    data = request("MESSAGE", "sip:b@p.example", VIA, body=b"12345")
    for broken in (
        data[:-1],
        data + b"6",
        data.replace(b"Content-Length: 5\r\n", b""),
        data.replace(b"\r\nTo", b"\r\nl: 5\r\nTo"),
    ):
        outcome = rewriter(loaded(SCENARIO)).process(broken, OUT)
        assert outcome[0] == CLOSE
        assert data_of(outcome).startswith(b"SIP/2.0 400 ")
    assert status(data[:-1], flow(True, "9.42.111.2", "udp")) == 400


def test_what_is_too_large_is_refused() -> None:
    base = changed(SCENARIO, "limits", {"message": 3000, "header": 2000, "line": 1000, "fields": 20})
    for data in (
        request("MESSAGE", "sip:b@p.example", VIA, body=b"x" * 3000),
        request("MESSAGE", "sip:b@p.example", VIA, *["X: " + "y" * 500] * 5),
        request("MESSAGE", "sip:b@p.example", VIA, "X: " + "y" * 1001),
        request("MESSAGE", "sip:b@p.example", VIA, *["X: y"] * 20),
    ):
        assert status(data, base=base) == 513


def test_answers_tell_where_a_request_came_from() -> None:
    data = request("OPTIONS", "sip:rtp_nat.ibm.com", ["SIP/2.0/TCP p.example;rport;branch=z9hG4bKa"])
    answer = data_of(rewriter(loaded(SCENARIO)).process(data, IN))
    assert fields(answer, "Via") == ["SIP/2.0/TCP p.example;rport=40123;branch=z9hG4bKa;received=9.42.124.60"]


def test_refusals_are_counted_by_status() -> None:
    proxy = rewriter(loaded(SCENARIO))
    for _turn in range(3):
        proxy.process(GOOD.replace(b"Max-Forwards: 70", b"Max-Forwards: 0"), OUT)
    assert proxy.refusals == {483: 3}
