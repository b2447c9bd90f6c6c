# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Responses through the rewriter: the way back, and what of the way out is undone on it."""

from __future__ import annotations

from typing import Any

import pytest
from configs import EVERYTHING, SCENARIO, changed, loaded
from messages import body, data_of, fields, flow, lines, request, response, rewriter

from sipnat.outcome import CLOSE, DROP, RESPONSE, Target

OUT = flow(True, "9.42.111.2", token=b"c0.5")
IN = flow(False, "9.42.124.60", port=40123, token=b"c0.6")
NODE_VIA = "SIP/2.0/TCP 9.42.111.2:5070;branch=z9hG4bKn1"
ANSWERED = "SIP/2.0/TCP rtp_natpool1.ibm.com:5062;rport;branch=z9hG4bKnpc0.5~n1"


def dropped(data: bytes, source: Any = IN) -> str:
    """Why a message goes nowhere."""
    outcome = rewriter(loaded(SCENARIO)).process(data, source)
    assert outcome[0] == DROP, outcome
    assert outcome[1] is None
    return str(outcome[2])


def test_an_answer_coming_in_goes_back_as_the_request_came() -> None:
    proxy = rewriter(loaded(SCENARIO))
    asked = request("INVITE", "sip:b@partner.example", [NODE_VIA, "SIP/2.0/TCP 9.42.111.3;branch=z9hG4bKn0"])
    there = data_of(proxy.process(asked, OUT))
    kind, back, target, token = proxy.process(response(there, "200 OK", "Contact: <sip:b@p.example>"), IN)
    assert (kind, target, token) == (RESPONSE, Target("tcp", "9.42.111.2", 5070, "stgpn1", True), b"c0.5")
    assert lines(back or b"") == [
        b"SIP/2.0 200 OK",
        b"Record-Route: <sip:9.42.111.5:5062;transport=tcp;lr>",
        b"Via: SIP/2.0/TCP 9.42.111.2:5070;branch=z9hG4bKn1",
        b"Via: SIP/2.0/TCP 9.42.111.3;branch=z9hG4bKn0",
        b"From: <sip:alice@rtp.example>;tag=a1",
        b"To: <sip:bob@partner.example>;tag=b1",
        b"Call-ID: c1@9.42.111.2",
        b"CSeq: 1 INVITE",
        b"Contact: <sip:b@p.example>",
        b"Content-Length: 0",
    ]


def test_an_answer_going_out_shows_the_public_side_only() -> None:
    proxy = rewriter(loaded(SCENARIO))
    asked = request(
        "INVITE", "sip:a@rtp_nat.ibm.com", ["SIP/2.0/TCP p.example;branch=z9hG4bKp1;rport"], call_id="x@np1"
    )
    there = data_of(proxy.process(asked, IN))
    session = b"v=0\r\no=- 1 1 IN IP4 9.42.111.2\r\ns=-\r\nc=IN IP4 9.42.111.2\r\nt=0 0\r\n"
    answer = response(there, "200 OK", "Contact: <sip:9.42.111.2:5060>", "Content-Type: application/sdp", body=session)
    kind, back, target, token = proxy.process(answer, OUT)
    assert (kind, target, token) == (RESPONSE, Target("tcp", "9.42.124.60", 5060, "partner", False), b"c0.6")
    assert fields(back or b"", "Via") == ["SIP/2.0/TCP p.example;branch=z9hG4bKp1;rport=40123;received=9.42.124.60"]
    assert fields(back or b"", "Record-Route") == ["<sip:rtp_nat.ibm.com:5062;transport=tcp;lr>"]
    assert fields(back or b"", "Contact") == ["<sip:rtp_nat.ibm.com:5062;np=1-5060-;transport=tcp>"]
    assert fields(back or b"", "Call-ID") == ["x@np1"]
    assert b"9.42.111" not in (back or b"")
    assert fields(back or b"", "Content-Length") == [str(len(body(back or b"")))]


def test_the_answer_to_a_datagram_has_received_and_rport_put_back() -> None:
    base = changed(changed(SCENARIO, "listen.0.transport", "udp"), "public.ports", {"udp": 5062})
    base = changed(changed(base, "partners.0.transport", "udp"), "inside.upstreams.0.transport", "udp")
    proxy = rewriter(loaded(base))
    asked = request("INVITE", "sip:b@partner.example", ["SIP/2.0/UDP node.example;rport;branch=z9hG4bKn1"])
    there = data_of(proxy.process(asked, flow(True, "9.42.111.3", "udp", 45071, b"u0")))
    assert fields(there, "Via")[1] == "SIP/2.0/UDP node.example;rport;branch=z9hG4bKn1"
    outcome = proxy.process(response(there), flow(False, "9.42.124.60", "udp", 5060, b"u1"))
    assert outcome[2:] == (Target("udp", "9.42.111.3", 45071, "stgsn1", True), b"u0")
    assert fields(data_of(outcome), "Via") == [
        "SIP/2.0/UDP node.example;rport=45071;branch=z9hG4bKn1;received=9.42.111.3"
    ]


def test_what_the_router_wrote_into_packets_does_not_leave() -> None:
    """Its inside address counts as outside: received and rport of the way in are taken out again."""
    config = loaded(changed(SCENARIO, "inside.firewall", ["9.42.111.1"]))
    proxy = rewriter(config)
    source = flow(False, "9.42.111.1", token=b"c0.7", port=3333)
    asked = request("INVITE", "sip:a@rtp_nat.ibm.com", ["SIP/2.0/TCP p.example;rport;branch=z9hG4bKp1"], call_id="x@p")
    there = data_of(proxy.process(asked, source))
    assert fields(there, "Via")[1] == "SIP/2.0/TCP p.example;rport=3333;branch=z9hG4bKp1;received=9.42.111.1"
    outcome = proxy.process(response(there), OUT)
    assert fields(data_of(outcome), "Via") == ["SIP/2.0/TCP p.example;rport;branch=z9hG4bKp1"]
    assert outcome[2:] == (Target("tcp", "9.42.111.1", 5060, "partner", False), b"c0.7")
    refused = proxy.refuse(asked, source, 503, "Service Unavailable")
    assert refused
    assert b"9.42.111.1" not in refused


def test_both_via_in_one_line_are_told_apart() -> None:
    data = response(
        request("BYE", "sip:x", [f"{ANSWERED} , SIP/2.0/TCP rtp_natpool1.ibm.com:5062;np=1;branch=z9hG4bKn1"])
    )
    outcome = rewriter(loaded(SCENARIO)).process(data, IN)
    assert fields(data_of(outcome), "Via") == ["SIP/2.0/TCP 9.42.111.2;branch=z9hG4bKn1"]
    assert outcome[2] == Target("tcp", "9.42.111.2", 5060, "stgpn1", True)


@pytest.mark.parametrize(
    ("vias", "reason"),
    [
        (["SIP/2.0/TCP 192.0.2.1:5062;branch=z9hG4bKnpc0.5~n1", "SIP/2.0/TCP 9.42.111.2;branch=z9hG4bKa"], "foreign"),
        (["SIP/2.0/TCP rtp_natpool1.ibm.com:5063;branch=z9hG4bKnpc0.5~n1", NODE_VIA], "foreign"),
        (["SIP/2.0/TCP rtp_natpool1.ibm.com:5062;branch=z9hG4bKc0.5~n1", NODE_VIA], "foreign"),
        (["SIP/2.0/TCP rtp_natpool1.ibm.com:5062;np=1;branch=z9hG4bKnpc0.5~n1", NODE_VIA], "foreign"),
        ([ANSWERED], "own"),
        ([ANSWERED, "SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKa"], "target"),
        ([ANSWERED, "SIP/2.0/TCP 9.42.124.60;branch=z9hG4bKa"], "target"),
        ([ANSWERED, "SIP/2.0/UDP 255.255.255.255;branch=z9hG4bKa"], "target"),
        ([ANSWERED, "SIP/2.0/TCP 9.42.111.2;maddr=224.0.1.75;branch=z9hG4bKa"], "target"),
        ([ANSWERED, "SIP/2.0/SCTP 9.42.111.2;branch=z9hG4bKa"], "target"),
        ([ANSWERED, "SIP/2.0/TCP rtp_natpool1.ibm.com;np=9;branch=z9hG4bKa"], "token"),
        ([ANSWERED.replace("c0.5", "u0-zz"), NODE_VIA.replace("TCP", "UDP")], "token"),
        ([ANSWERED.replace("c0.5", "u0-18000"), NODE_VIA.replace("TCP", "UDP")], "token"),
        ([ANSWERED.replace("c0.5", "u0-0x5"), NODE_VIA.replace("TCP", "UDP")], "token"),
        ([ANSWERED.replace("c0.5", "-7c"), NODE_VIA.replace("TCP", "UDP")], "token"),
        ([ANSWERED.replace("c0.5", "u0-5-9"), NODE_VIA.replace("TCP", "UDP")], "token"),
        ([ANSWERED, ";;,;"], "malformed"),
    ],
)
def test_answers_that_go_nowhere(vias: Any, reason: str) -> None:
    data = response(request("INVITE", "sip:x", vias))
    assert dropped(data) == reason
    assert dropped(data) == reason


@pytest.mark.parametrize(("rport", "port"), [("rport=45071", 45071), ("rport=99999", 5070), ("rport=x", 5070)])
def test_a_port_that_is_none_is_not_dialled(rport: str, port: int) -> None:
    below = f"SIP/2.0/UDP rtp_natpool1.ibm.com:5062;np=1-5070;{rport};branch=z9hG4bKn1"
    data = response(request("INVITE", "sip:x", [ANSWERED.replace("c0.5", "u0-5"), below]))
    assert rewriter(loaded(SCENARIO)).process(data, IN)[2] == ("udp", "9.42.111.2", port, "stgpn1", True)


def test_history_does_not_change_what_is_ours() -> None:
    """A Via that is remembered as ours is so only with what stood around the branch."""
    good = response(request("INVITE", "sip:x", [ANSWERED, NODE_VIA]))
    bad = response(request("INVITE", "sip:x", [ANSWERED + ";;x", NODE_VIA]))
    proxy = rewriter(loaded(SCENARIO))
    assert proxy.process(bad, IN)[0] == DROP
    assert proxy.process(good, IN)[0] == RESPONSE
    assert proxy.process(bad, IN)[0] == DROP


def test_a_host_that_is_not_known_is_reached_by_its_connection_only() -> None:
    data = response(request("INVITE", "sip:x", [ANSWERED, "SIP/2.0/TCP node.unknown;branch=z9hG4bKn1"]))
    assert rewriter(loaded(SCENARIO)).process(data, IN)[2:] == (None, b"c0.5")
    datagram = data.replace(b"c0.5~", b"u0-5~").replace(b"TCP node", b"UDP node")
    assert dropped(datagram) == "target"


@pytest.mark.parametrize("status", ["100", "100 ", "180 \u0434\u0430", "699 = 2**3", "200  OK"])
def test_status_lines_that_go_through(status: str) -> None:
    data = response(request("INVITE", "sip:x", [ANSWERED, NODE_VIA]), status)
    outcome = rewriter(loaded(SCENARIO)).process(data, IN)
    assert lines(data_of(outcome))[0] == b"SIP/2.0 " + status.encode()


@pytest.mark.parametrize("status", ["", "99 x", "700 x", "4294967301 x", "2000", "200\tOK", "2x0 OK"])
def test_status_lines_that_do_not(status: str) -> None:
    assert dropped(response(request("INVITE", "sip:x", [ANSWERED, NODE_VIA]), status)) == "malformed"


@pytest.mark.parametrize("name", ["From", "To", "Call-ID", "CSeq"])
def test_an_answer_lacking_a_field_or_having_it_twice_is_dropped(name: str) -> None:
    data = response(request("INVITE", "sip:x", [ANSWERED, NODE_VIA]))
    field = next(line for line in lines(data) if line.startswith(name.encode() + b":"))
    assert dropped(data.replace(field + b"\r\n", b"")) == "malformed"
    assert dropped(data.replace(field, field + b"\r\n" + field)) == "malformed"


def test_a_body_that_is_too_short_is_no_answer_in_a_datagram_and_no_message_on_a_stream() -> None:
    data = response(request("INVITE", "sip:x", [ANSWERED, NODE_VIA]), body=b"12345")[:-1]
    assert rewriter(loaded(SCENARIO)).process(data, flow(False, "9.42.124.60", "udp"))[0] == DROP
    assert rewriter(loaded(SCENARIO)).process(data, IN) == (CLOSE, None, "unframed", None)


def test_an_answer_changes_the_transport_of_the_record_route_with_the_leg() -> None:
    proxy = rewriter(loaded(EVERYTHING))
    asked = request("INVITE", "sip:b@away.example", ["SIP/2.0/TCP 192.0.2.11:5060;branch=z9hG4bKa"])
    there = data_of(proxy.process(asked, flow(True, "192.0.2.11", token=b"c0.5")))
    assert fields(there, "Record-Route") == ["<sip:sip.home.example:5061;transport=tls;lr>"]
    outcome = proxy.process(response(there), flow(False, "198.51.100.7", "tls"))
    assert fields(data_of(outcome), "Record-Route") == ["<sip:192.0.2.5:5062;transport=tcp;lr>"]
