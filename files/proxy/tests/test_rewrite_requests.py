# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests through the rewriter: where they go, and what the proxy adds, takes away and turns round."""

from __future__ import annotations

from typing import Any, Dict, Tuple

import pytest
from configs import EVERYTHING, SCENARIO, changed, loaded
from messages import body, data_of, fields, flow, lines, request, rewriter

from sipnat.model import Config, Upstream
from sipnat.outcome import REQUEST, Target
from sipnat.rewriting.rewrite import Rewriter
from sipnat.rewriting.rules import Rules

NODE_VIA = "SIP/2.0/TCP 9.42.111.2:5060;branch=z9hG4bKn1"
PARTNER_VIA = "SIP/2.0/TCP stgw2.partner.example:5060;branch=z9hG4bKp1"
OUT = flow(True, "9.42.111.2", token=b"c0.5")
IN = flow(False, "9.42.124.60", port=40123, token=b"c0.6")


def udp(base: Dict[str, Any] = SCENARIO) -> Config:
    """The scenario over UDP."""
    for path in ("inside.upstreams.0.transport", "listen.0.transport", "partners.0.transport"):
        base = changed(base, path, "udp")
    return loaded(changed(base, "public.ports", {"udp": 5062}))


def sent(data: bytes, outward: bool = True) -> bytes:
    """What leaves for a request that has to go through."""
    outcome = rewriter(loaded(SCENARIO)).process(data, OUT if outward else IN)
    assert outcome[0] == REQUEST, outcome
    return data_of(outcome)


# -- Via, Record-Route, Max-Forwards


def test_an_invite_going_out_gets_our_via_and_record_route_and_loses_a_hop() -> None:
    data = sent(request("INVITE", "sip:bob@stgw2.partner.example", [NODE_VIA], call_id="c1@9.42.111.2"))
    assert lines(data) == [
        b"INVITE sip:bob@stgw2.partner.example SIP/2.0",
        b"Via: SIP/2.0/TCP rtp_natpool1.ibm.com:5062;rport;branch=z9hG4bKnpc0.5~n1",
        b"Record-Route: <sip:rtp_nat.ibm.com:5062;transport=tcp;lr>",
        b"Via: SIP/2.0/TCP rtp_natpool1.ibm.com:5062;np=1-5060;branch=z9hG4bKn1",
        b"Max-Forwards: 69",
        b"From: <sip:alice@rtp.example>;tag=a1",
        b"To: <sip:bob@partner.example>",
        b"Call-ID: c1@np1",
        b"CSeq: 1 INVITE",
        b"Content-Length: 0",
    ]


def test_an_invite_coming_in_names_our_inner_listener_and_tells_where_it_came_from() -> None:
    data = sent(request("INVITE", "sip:alice@rtp_nat.ibm.com:5062", [PARTNER_VIA + ";rport"], call_id="x@np1"), False)
    assert lines(data)[:5] == [
        b"INVITE sip:alice@9.42.111.5:5060 SIP/2.0",
        b"Via: SIP/2.0/TCP 9.42.111.5:5062;rport;branch=z9hG4bKnpc0.6~p1",
        b"Record-Route: <sip:9.42.111.5:5062;transport=tcp;lr>",
        b"Via: SIP/2.0/TCP stgw2.partner.example:5060;branch=z9hG4bKp1;rport=40123;received=9.42.124.60",
        b"Max-Forwards: 69",
    ]
    assert fields(data, "Call-ID") == ["x@9.42.111.2"]


@pytest.mark.parametrize(
    "method", ["ACK", "CANCEL", "BYE", "PRACK", "INFO", "MESSAGE", "OPTIONS", "REGISTER", "PUBLISH"]
)
def test_what_begins_no_dialog_is_not_record_routed(method: str) -> None:
    assert not fields(sent(request(method, "sip:bob@partner.example", [NODE_VIA])), "Record-Route")


@pytest.mark.parametrize("method", ["INVITE", "SUBSCRIBE", "NOTIFY", "REFER", "UPDATE", "NEWMETHOD"])
def test_what_may_begin_a_dialog_is_record_routed_in_front_of_others(method: str) -> None:
    data = request(method, "sip:bob@partner.example", [NODE_VIA], "Record-Route: <sip:9.42.111.5;lr>")
    assert fields(sent(data), "Record-Route") == [
        "<sip:rtp_nat.ibm.com:5062;transport=tcp;lr>",
        "<sip:rtp_nat.ibm.com:5062;np=3--;transport=tcp;lr>",
    ]


def test_a_record_route_that_stands_before_the_via_gets_ours_before_it() -> None:
    first, *rest = lines(request("INVITE", "sip:bob@partner.example", [NODE_VIA]))
    data = b"\r\n".join([first, b"Record-Route: <sip:p.example;lr>", b"X: y", *rest, b"", b""])
    assert [line.split(b":")[0] for line in lines(sent(data))[1:6]] == [
        b"Record-Route",
        b"Record-Route",
        b"X",
        b"Via",
        b"Via",
    ]


def test_max_forwards_keeps_everything_but_its_digits_and_is_added_when_it_lacks() -> None:
    data = request("MESSAGE", "sip:bob@partner.example", [NODE_VIA]).replace(
        b"Max-Forwards: 70", b"MAX-Forwards :  0068 "
    )
    assert b"MAX-Forwards :  67 " in lines(sent(data))
    data = request("MESSAGE", "sip:bob@partner.example", [NODE_VIA], max_forwards=None)
    assert lines(sent(data))[2] == b"Max-Forwards: 70"


def test_datagrams_carry_source_port_and_host_in_the_branch() -> None:
    via = NODE_VIA.replace("TCP", "UDP")
    data = request("INVITE", "sip:bob@partner.example", [via])
    source = flow(True, "9.42.111.2", "udp", 5071, b"u3")
    outcome = rewriter(udp()).process(data, source)
    assert lines(data_of(outcome))[1].endswith(b";rport;branch=z9hG4bKnpu3-13cf-1~n1")
    assert outcome[2] == Target("udp", "9.42.124.60", 5060, "partner", False)


def test_a_branch_without_the_cookie_becomes_one_of_what_repetitions_share() -> None:
    old, none = ["SIP/2.0/TCP 9.42.111.2"], ["SIP/2.0/TCP 9.42.111.2;branch=z9hG4bK"]
    uri = "sip:bob@partner.example"
    messages = [
        request("INVITE", uri, old),
        request("INVITE", uri, old, "Subject: again"),
        request("CANCEL", uri, old),
        request("INVITE", uri, old, call_id="c2@9.42.111.2"),
        request("INVITE", uri, none),
    ]
    branches = [lines(sent(data))[1].partition(b"branch=")[2] for data in messages]
    assert branches[0] == branches[1] == branches[2]
    assert len(set(branches)) == 3
    assert all(len(branch) == len("z9hG4bKnpc0.5~~") + 16 and branch[:15] == b"z9hG4bKnpc0.5~~" for branch in branches)


def test_several_via_values_of_a_line_are_all_rewritten() -> None:
    via = 'SIP / 2.0 / TCP  9.42.111.2 : 5060 ; x="a,;b" ; branch = z9hG4bKa , SIP/2.0/UDP [::1]:7;branch=z9hG4bKb'
    data = sent(request("BYE", "sip:bob@partner.example", [via]))
    assert fields(data, "Via") == [
        "SIP/2.0/TCP rtp_natpool1.ibm.com:5062;rport;branch=z9hG4bKnpc0.5~a",
        'SIP / 2.0 / TCP  rtp_natpool1.ibm.com:5062;np=1-5060 ; x="a,;b" ; branch = z9hG4bKa , '
        "SIP/2.0/UDP [::1]:7;branch=z9hG4bKb",
    ]


def test_inside_addresses_in_via_parameters_are_tokens_outside() -> None:
    via = "SIP/2.0/TCP 9.42.111.3;branch=z9hG4bKa;ibmrport=5;ibmsid=local.1;received=9.42.111.2;maddr=9.42.111.3"
    data = sent(request("BYE", "sip:bob@partner.example", [NODE_VIA, via]))
    hidden = "SIP/2.0/TCP rtp_natpool1.ibm.com:5062;np=2;branch=z9hG4bKa;npp=5;ibmsid=local.1;npr=1;npm=2"
    assert fields(data, "Via")[2] == hidden
    back = request("BYE", "sip:alice@rtp_nat.ibm.com", [PARTNER_VIA, hidden])
    assert fields(sent(back, False), "Via")[2] == via


def test_what_the_partner_calls_its_own_internals_is_left_to_it() -> None:
    route = "<sip:p.example;ibmdrr;lr>"
    data = sent(request("INVITE", "sip:bob@partner.example", [NODE_VIA], f"Contact: {route}"))
    assert fields(data, "Contact") == [route]


# -- routes


def test_own_routes_are_taken_away_and_the_next_one_decides() -> None:
    data = request(
        "INVITE",
        "sip:bob@elsewhere.example",
        [NODE_VIA],
        "Route: <sip:9.42.111.5:5062;lr>, <sip:rtp_nat.ibm.com:5062;lr>",
        "Route:  <sip:9.42.111.5:5062;lr> ,<sip:9.42.124.60:5070;transport=tcp;lr>, <sip:9.42.111.5:5060;lr>",
    )
    outcome = rewriter(loaded(SCENARIO)).process(data, OUT)
    assert outcome[2] == Target("tcp", "9.42.124.60", 5070, "partner", False)
    assert (
        b"Route:  <sip:9.42.124.60:5070;transport=tcp;lr>, <sip:rtp_nat.ibm.com:5062;np=3-5060-;transport=tcp;lr>"
        in (lines(data_of(outcome)))
    )


def test_a_route_with_a_token_comes_back_to_the_machine_that_wrote_it() -> None:
    data = request(
        "BYE",
        "sip:alice@rtp_nat.ibm.com:5062;np=1-5060",
        [PARTNER_VIA],
        "Route: <sip:rtp_nat.ibm.com:5062;transport=tcp;lr>",
        "Route: <sip:rtp_nat.ibm.com:5062;np=3--;transport=tcp;npd;lr>",
    )
    outcome = rewriter(loaded(SCENARIO)).process(data, IN)
    assert lines(data_of(outcome))[0] == b"BYE sip:alice@9.42.111.2:5060 SIP/2.0"
    assert fields(data_of(outcome), "Route") == ["<sip:9.42.111.5;ibmdrr;lr>"]
    assert outcome[2] == Target("tcp", "9.42.111.5", 5060, "sipproxy1", True)


def test_a_strict_router_before_us_is_undone() -> None:
    data = request(
        "BYE",
        "sip:9.42.111.5:5062;lr",
        [NODE_VIA],
        "Route: <sip:stgw2.partner.example;lr>, <sip:bob@9.42.124.60:5080>",
    )
    outcome = rewriter(loaded(SCENARIO)).process(data, OUT)
    assert lines(data_of(outcome))[0] == b"BYE sip:bob@9.42.124.60:5080 SIP/2.0"
    assert fields(data_of(outcome), "Route") == ["<sip:stgw2.partner.example;lr>"]
    assert outcome[2] == Target("tcp", "9.42.124.60", 5060, "partner", False)


def test_a_strict_router_behind_us_gets_its_uri_as_request_uri() -> None:
    data = request(
        "BYE", "sip:bob@far.example", [NODE_VIA], "Route: <sip:9.42.124.60:5080>", "Route: <sip:p.example;lr>"
    )
    outcome = rewriter(loaded(SCENARIO)).process(data, OUT)
    assert lines(data_of(outcome))[0] == b"BYE sip:9.42.124.60:5080 SIP/2.0"
    assert fields(data_of(outcome), "Route") == ["<sip:p.example;lr>, <sip:bob@far.example>"]
    assert outcome[2] == Target("tcp", "9.42.124.60", 5080, "partner", False)


def test_strict_routes_in_masses_end() -> None:
    routes = ", ".join(["<sip:9.42.111.5:5062;lr>"] * 1500)
    data = request("BYE", "sip:9.42.111.5:5062;lr", [NODE_VIA], "Route: " + routes)
    config = loaded(changed(SCENARIO, "limits", {"line": 60000}))
    assert rewriter(config).process(data, OUT)[0] != REQUEST


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("sip:b@9.42.124.60", ("tcp", "9.42.124.60", 5060)),
        ("sip:b@9.42.124.60:5091;transport=tcp", ("tcp", "9.42.124.60", 5091)),
        ("sip:b@stgw2.partner.example:5092", ("tcp", "9.42.124.60", 5092)),
        ("sip:b@STGW2.partner.Example.", ("tcp", "9.42.124.60", 5060)),
        ("sip:b@whatever.example", ("tcp", "9.42.124.60", 5060)),
        ("sip:b@whatever.example;maddr=9.42.124.60", ("tcp", "9.42.124.60", 5060)),
        ("sip:b@9.42.124.60;transport=sctp", ("tcp", "9.42.124.60", 5060)),
    ],
)
def test_where_requests_go_outside(uri: str, expected: Tuple[str, str, int]) -> None:
    outcome = rewriter(loaded(SCENARIO)).process(request("MESSAGE", uri, [NODE_VIA]), OUT)
    assert outcome[2] == (*expected, "partner", False)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("sip:b@198.51.100.9", ("tls", "198.51.100.9", 5061, "away")),
        ("sip:b@198.51.100.9;transport=udp", ("udp", "198.51.100.9", 5060, "away")),
        ("sips:b@198.51.100.9", ("tls", "198.51.100.9", 5061, "away")),
        ("sip:b@away.example", ("tls", "198.51.100.7", 5061, "away")),
        ("sip:b@[2001:DB8:2:0::7]:5099", ("tcp", "2001:db8:2::7", 5099, "six")),
        ("sip:b@six.example", ("tcp", "2001:db8:2::7", 5060, "six")),
        ("sip:b@other.example", ("udp", "198.51.100.99", 5060, "old")),
    ],
)
def test_several_partners_have_what_is_theirs(uri: str, expected: Any) -> None:
    source = flow(True, "192.0.2.11")
    data = request("MESSAGE", uri, ["SIP/2.0/TCP 192.0.2.11;branch=z9hG4bKa"])
    outcome = rewriter(loaded(EVERYTHING)).process(data, source)
    assert outcome[2] == (*expected, False)


def test_fields_read_for_the_leg_that_the_message_takes_whichever_was_used_before() -> None:
    proxy = rewriter(loaded(EVERYTHING))
    source = flow(True, "192.0.2.11")
    for host, front in (
        ("away.example", "sip.home.example:5061;np=1-5060-;transport=tls"),
        ("six.example", "sip.home.example:5060;np=1-5060-;transport=tcp"),
        ("other.example", "sip.home.example:5060;np=1-5060"),
        ("away.example", "sip.home.example:5061;np=1-5060-;transport=tls"),
    ):
        data = request(
            "INVITE", f"sip:b@{host}", ["SIP/2.0/TCP 192.0.2.11;branch=z9hG4bKa"], "Contact: <sip:192.0.2.11:5060>"
        )
        assert fields(data_of(proxy.process(data, source)), "Contact") == [f"<sip:{front}>"]


@pytest.mark.parametrize(
    ("uri", "first", "upstream"),
    [
        ("sip:a@sip.home.example", "sip:a@192.0.2.11:5060", "node1"),
        ("sip:a@203.0.113.45:7777;x=y", "sip:a@192.0.2.11:5060;x=y", "node1"),
        ("sip:a@sip.home.example:5061;np=2-5070-udp;transport=tls", "sip:a@192.0.2.12:5070;transport=udp", "node2"),
        ("sip:a@sip.home.example;np=1.3-5061;lr", None, None),
        ("sip:a@sip.home.example;np=1.1-5061;lr", "sip:a@[2001:db8:1::11]:5061;lr", "node1"),
        ("sip:a@sip.home.example;np=1.2", "sip:a@node1.home.example", "node1"),
        ("sip:a@sip.home.example:5061;np=b2-5070;transport=tls", "sip:a@192.0.2.12:5070", "node2"),
        ("sip:a@HOME.example", "sip:a@HOME.example", "node1"),
    ],
)
def test_request_uris_coming_in(uri: str, first: Any, upstream: Any) -> None:
    source = flow(False, "198.51.100.7", "tls")
    data = request("BYE", uri, ["SIP/2.0/TLS gw.away.example;branch=z9hG4bKa"], "Content-Type: text/plain", body=b"hi")
    outcome = rewriter(loaded(EVERYTHING)).process(data, source)
    if first is None:
        assert data_of(outcome).startswith(b"SIP/2.0 404 ")
        return
    assert lines(data_of(outcome))[0].decode() == f"BYE {first} SIP/2.0"
    assert outcome[2].peer == upstream
    assert outcome[2].inside


def test_the_upstream_is_chosen_by_the_call_id_as_the_inside_knows_it() -> None:
    config = loaded(SCENARIO)
    asked = []

    def choose(call_id: bytes) -> Upstream:
        asked.append(call_id)
        return config.upstreams[0]

    data = request("INVITE", "sip:alice@rtp.example", [PARTNER_VIA], call_id="77@np2").replace(b"Call-ID: ", b"i :  ")
    assert Rewriter(Rules(config, choose)).process(data, IN)[0] == REQUEST
    assert asked == [b"77@9.42.111.3"]


def test_the_upstream_of_a_token_is_not_chosen_but_taken() -> None:
    data = request("BYE", "sip:alice@rtp_nat.ibm.com:5062;np=3-5060", [PARTNER_VIA])
    outcome = rewriter(loaded(SCENARIO), up=False).process(data, IN)
    assert outcome[2] == Target("tcp", "9.42.111.5", 5060, "sipproxy1", True)


def test_the_upstream_of_a_token_may_be_called_by_its_name() -> None:
    data = request(
        "BYE", "sip:a@sip.home.example:5061;np=1.2-5060-tcp", ["SIP/2.0/TLS gw.away.example;branch=z9hG4bKa"]
    )
    outcome = rewriter(loaded(EVERYTHING), up=False).process(data, flow(False, "198.51.100.7", "tls"))
    assert lines(data_of(outcome))[0] == b"BYE sip:a@node1.home.example:5060;transport=tcp SIP/2.0"
    assert outcome[2] == ("tcp", "192.0.2.11", 5060, "node1", True)


# -- length and body


def test_a_stream_out_of_datagrams_gets_a_content_length() -> None:
    data = request(
        "MESSAGE", "sip:b@six.example", ["SIP/2.0/UDP 192.0.2.11;branch=z9hG4bKa"], body=b"hello", length=False
    )
    outcome = rewriter(loaded(EVERYTHING)).process(data, flow(True, "192.0.2.11", "udp"))
    assert lines(data_of(outcome))[-1] == b"Content-Length: 5"
    assert body(data_of(outcome)) == b"hello"


def test_bytes_behind_a_datagram_are_cut() -> None:
    data = request("MESSAGE", "sip:b@partner.example", [NODE_VIA.replace("TCP", "UDP")], body=b"hello") + b"MORE"
    outcome = rewriter(udp()).process(data, flow(True, "9.42.111.2", "udp"))
    assert body(data_of(outcome)) == b"hello"


def test_the_length_of_a_changed_session_is_written_where_it_stood() -> None:
    session = b"v=0\r\no=- 1 1 IN IP4 9.42.111.2\r\ns=-\r\nc=IN IP4 9.42.111.2\r\nt=0 0\r\n"
    data = request("INVITE", "sip:b@partner.example", [NODE_VIA], "c: application/sdp", body=session)
    data = data.replace(b"Content-Length: ", b"l :  ")
    changed_data = sent(data)
    expected = session.replace(b"9.42.111.2", b"9.42.124.45")
    assert body(changed_data) == expected
    assert b"l :  %d" % len(expected) in lines(changed_data)
    encoded = data.replace(b"c: app", b"Content-Encoding: gzip\r\nc: app")
    assert body(sent(encoded)) == session


# -- the same for everybody


def test_folds_stay_where_they_are() -> None:
    data = request("INVITE", "sip:b@partner.example", [NODE_VIA], "Contact:\r\n <sip:a@9.42.111.2:5060>\r\n\t;q=1")
    data = data.replace(b"Via: SIP/2.0/TCP ", b"Via: SIP/2.0/TCP\r\n ").replace(b"From: ", b"From:\r\n  ")
    left = sent(data)
    assert b"Contact:\r\n <sip:a@rtp_nat.ibm.com:5062;np=1-5060-;transport=tcp>\r\n\t;q=1\r\n" in left
    assert b"Via: SIP/2.0/TCP\r\n rtp_natpool1.ibm.com:5062;np=1-5060;branch" in left
    assert b"From:\r\n  <sip:alice@rtp.example>;tag=a1\r\n" in left


def test_two_configurations_do_not_share_what_they_remember_of_a_flow() -> None:
    source = flow(True, "9.42.111.2")
    data = request("INVITE", "sip:b@partner.example", [NODE_VIA])
    other = loaded(changed(SCENARIO, "outbound.host", "other.example"))
    assert b"rtp_natpool1" in lines(data_of(rewriter(loaded(SCENARIO)).process(data, source)))[1]
    assert b"other.example" in lines(data_of(rewriter(other).process(data, source)))[1]


@pytest.mark.parametrize(
    "uri",
    [
        "tel:+1-201-555-0123;phone-context=example.com",
        "urn:service:sos.fire",
        "pres:bob@away.example",
        "IM:b@x.example",
    ],
)
def test_uris_that_name_no_machine_go_where_routes_or_domains_lead(uri: str) -> None:
    proxy = rewriter(loaded(changed(SCENARIO, "inside.domains", ["away.example", "x.example"])))
    out = request("SUBSCRIBE", uri, [NODE_VIA])
    kind, data, target, _token = proxy.process(out, OUT)
    assert (kind, target[:3]) == (REQUEST, ("tcp", "9.42.124.60", 5060))
    assert lines(data or b"")[0].decode() == f"SUBSCRIBE {uri} SIP/2.0"
    target = proxy.process(request("SUBSCRIBE", uri, [NODE_VIA], "Route: <sip:9.42.124.60:5070;lr>"), OUT)[2]
    assert target[:3] == ("tcp", "9.42.124.60", 5070)
    kind, data, target, _token = proxy.process(request("SUBSCRIBE", uri, [PARTNER_VIA]), IN)
    assert (kind, target[:3]) == (REQUEST, ("tcp", "9.42.111.5", 5060))
    assert lines(data or b"")[0].decode() == f"SUBSCRIBE {uri} SIP/2.0"


def test_names_of_other_domains_are_not_found() -> None:
    proxy = rewriter(loaded(changed(SCENARIO, "inside.domains", ["rtp.example"])))
    outcome = proxy.process(request("MESSAGE", "im:bob@away.example", [PARTNER_VIA]), IN)
    assert lines(data_of(outcome))[0] == b"SIP/2.0 404 Not Found"


def test_empty_fields_keep_nothing_from_going() -> None:
    empty = ["Route:", "Record-Route: ", "m:"]
    data = sent(request("INVITE", "sip:bob@partner.example", [NODE_VIA], *empty))
    assert [line for line in empty if line.encode() in lines(data)] == empty


@pytest.mark.parametrize(
    ("token", "port"),
    [
        ("2", 5070),
        ("2-5070", 5070),
        ("2-49152-tcp", 5070),
        ("2-5061-tls", 5070),
        ("1", 5061),
        ("1-5062", 5061),
        ("1.1-5060-tcp", 5060),
    ],
)
def test_a_dialog_stays_on_its_machine_whatever_the_port_in_its_contact(token: str, port: int) -> None:
    """The upstream of a Call-ID is another one: node 1, over TCP."""
    uri = f"sip:a@sip.home.example:5061;np={token};transport=tls"
    sender = flow(False, "198.51.100.7", "tls")
    target = rewriter(loaded(EVERYTHING)).process(
        request("BYE", uri, ["SIP/2.0/TLS p.example;branch=z9hG4bKa"]), sender
    )[2]
    assert (target.peer, target.port) == ("node2" if token[0] == "2" else "node1", port)
