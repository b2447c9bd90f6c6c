"""What module sip_probe asks for, and what it makes of a talk; the programs have tests of their own."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from plugins.action.sip_probe import EXPECT, ActionModule
from plugins.plugin_utils._sip_message import parse_message
from plugins.plugin_utils._sip_probe import check, probe
from plugins.plugin_utils._target import ProgramFailed
from tests.unit.plugins.fake_target import Answer, FakeTarget

SPEC = ActionModule.SPEC["argument_spec"]
NOTHING = {name: option.get("default") for name, option in EXPECT.items()}
OPTIONS = {name: option.get("default") for name, option in SPEC.items()} | {"host": "rtp_nat.ibm.com", "port": 5062}
BRANCH = "z9hG4bKa"


def event(kind: str, at_ms: float, text: str, *, connection: int = 1, peer: str = "192.0.2.1:5060") -> str:
    coded = base64.b64encode(text.replace("\n", "\r\n").encode()).decode() or "-"
    return f"event={kind} {at_ms} {connection} tcp 192.0.2.9:40000 {peer} {coded}\n"


def request(method: str, branch: str = BRANCH, number: int = 1) -> str:
    return f"{method} sip:a@x SIP/2.0\nVia: SIP/2.0/TCP 192.0.2.9:1;branch={branch}\nCSeq: {number} {method}\n\n"


def answer(status: str, method: str, *lines: str, branch: str = BRANCH, body: str = "") -> str:
    head = [f"SIP/2.0 {status}", f"Via: SIP/2.0/TCP 192.0.2.9:1;branch={branch}", f"CSeq: 1 {method}", *lines]
    return "\n".join([*head, "", body])


def judged(events: str, *, stderr: str = "", **options: Any) -> dict[str, Any]:
    said = Answer("sip_probe", f"address=192.0.2.9\nport=1\ntarget=192.0.2.1\n{events}", stderr=stderr)
    return probe(FakeTarget("unix", [said]), {**OPTIONS, "recipient": "a@x", **options})


# -- options -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"host": "a b"}, "host: 'a b' is neither a host name nor an IPv4 address"),
        ({"host": "-x"}, "host: '-x'"),
        ({"port": 65536}, "port: 65536 is not within 0 to 65535"),
        ({"listen_port": -1}, "listen_port: -1 is not within"),
        ({"listen_address": "sipproxy1"}, "listen_address: 'sipproxy1' is no IPv4 address of the host"),
        ({"advertise": "a:b"}, "advertise: 'a:b' is neither NAME nor NAME:PORT"),
        ({"sender": "bob"}, "sender: 'bob' is not USER@DOMAIN"),
        ({"sender": "b>b@x"}, "sender: 'b>b@x' is not USER@DOMAIN"),
        ({"recipient": "a@x\r\nVia: y"}, "recipient: "),
        ({"method": "INVITE"}, "recipient: INVITE needs one; give USER@DOMAIN"),
        ({"text": "\x01host\x01"}, "text: "),
        ({"timeout": 121}, "timeout: 121 is not within 1 to 120"),
        ({"timeout": 5, "stay": 5}, "stay: 5 has to be less than timeout, 5 seconds"),
        ({"max_forwards": 256}, "max_forwards: 256 is not within 0 to 255"),
        ({"inside": ["9.42.111.0/24", "a b"]}, "inside: 'a b' is neither an address, a network nor a host name"),
        ({"inside": ["9.42.111.0/99"]}, "inside: '9.42.111.0/99' is neither"),
        ({"inside": ["9.42.111.300"]}, "inside: '9.42.111.300' is neither"),
    ],
)
def test_what_no_talk_can_be_made_of_is_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(AnsibleActionFail) as failure:
        check({**OPTIONS, **given})
    assert str(failure.value).startswith(why)


def test_the_port_follows_the_transport() -> None:
    target = FakeTarget("windows", [Answer("sip_probe", "address=192.0.2.9\n")])
    result = probe(target, {**OPTIONS, "port": 0, "transport": "tls"})
    assert target.sent[0][1]["server_port"] == 5061
    assert result["reason"] == "the time was over before anything could be sent"


def test_a_program_that_is_missing_is_named() -> None:
    target = FakeTarget("unix", [Answer("sip_probe", "missing=/usr/bin/openssl\n", rc=3)])
    with pytest.raises(AnsibleActionFail, match="/usr/bin/openssl is not on the host: install it, or name another"):
        probe(target, {**OPTIONS, "transport": "tls"})
    assert target.sent[0][1]["tls"] == "/usr/bin/openssl"


def test_a_name_that_the_host_does_not_know() -> None:
    with pytest.raises(AnsibleActionFail, match="the probing host finds no address for rtp_nat"):
        probe(FakeTarget("unix", [Answer("sip_probe", "unresolved=rtp_nat.ibm.com\n")]), OPTIONS)


def test_a_port_that_is_taken() -> None:
    said = Answer("sip_probe", stderr="192.0.2.9 port 5060 cannot be listened on: Address already in use", rc=255)
    with pytest.raises(ProgramFailed, match="Address already in use"):
        probe(FakeTarget("unix", [said]), OPTIONS)


# -- steps -------------------------------------------------------------------------------------------------------------
def test_the_round_trip_is_that_of_the_final_answer() -> None:
    result = judged(
        event("sent", 2.0, request("OPTIONS"))
        + event("received", 3.0, answer("100 Trying", "OPTIONS"))
        + event("received", 14.5, answer("404 Not here", "OPTIONS"))
        + event("received", 20, answer("404 Not here", "OPTIONS"))
    )
    assert (result["status"], result["reason"], result["rtt_ms"]) == (404, "Not here", 12.5)
    assert result["steps"] == [{"method": "OPTIONS", "status": 404, "reason": "Not here", "rtt_ms": 12.5}]


@pytest.mark.parametrize(
    ("events", "stderr", "reason"),
    [
        ("", "", "no answer"),
        (event("received", 3, answer("180 Ringing", "INVITE")), "", "nothing but SIP/2.0 180 Ringing"),
        (event("closed", 3, "reset by peer"), "", "192.0.2.1:5060 closed the connection: reset by peer"),
        (event("closed", 3, ""), "depth=0\nalert\n", "192.0.2.1:5060 closed the connection: alert"),
        (event("closed", 3, "", connection=2), "", "no answer"),
        (event("received", 3, answer("200 OK", "INVITE", branch="z9hG4bKb")), "", "no answer"),
    ],
)  # fmt: skip
def test_why_there_is_no_answer(events: str, stderr: str, reason: str) -> None:
    result = judged(event("sent", 2, request("INVITE")) + events, stderr=stderr, method="INVITE")
    assert (result["status"], result["reason"]) == (0, reason)


def test_each_step_has_its_own_reason() -> None:
    result = judged(
        event("sent", 2, request("INVITE"))
        + event("received", 3, answer("200 OK", "INVITE"))
        + event("failed", 4, "Connection refused", connection=0, peer="10.0.0.1:5060")
        + event("unsent", 4, request("MESSAGE", "z9hG4bKm", 2), connection=0, peer="-")
    )
    assert [step["reason"] for step in result["steps"]] == ["OK", "10.0.0.1:5060: Connection refused"]
    assert len(result["messages"]) == 2


# -- addresses ---------------------------------------------------------------------------------------------------------
def test_hosts_are_found_wherever_they_stand() -> None:
    sdp = "v=0\no=- 0 0 IN IP4 9.42.111.5\nc=IN IP4 rtp_nat.ibm.com\nm=message 5060 sip null\n"
    message = parse_message(
        (
            "INVITE sips:a@1.1.1.1:5062;maddr=2.2.2.2 SIP/2.0\nv: SIP / 2.0 / TCP proxy1 ;received=3.3.3.3;branch=a\n"
            'f: "B 4.4.4.4x" <sip:b:pw@domain.example>;tag=5.5.5.5\ni: 12@6.6.6.6\nm: <sip:[2001:db8::1]:5060>\n'
            f"X-Other: via 7.7.7.7.\nc: application/SDP\n\n{sdp}"
        )
        .replace("\n", "\r\n")
        .encode()
    )
    assert set(message.hosts()) == {
        ("Request-URI", "1.1.1.1"), ("Request-URI", "2.2.2.2"), ("Via", "proxy1"), ("Via", "3.3.3.3"),
        ("From", "domain.example"), ("From", "5.5.5.5"), ("Call-ID", "6.6.6.6"), ("Contact", "[2001:db8::1]"),
        ("X-Other", "7.7.7.7"), ("SDP", "9.42.111.5"), ("SDP", "rtp_nat.ibm.com"),
    }  # fmt: skip
    assert message.transaction == ("a", "INVITE")


def test_what_the_probe_wrote_itself_is_nobody_elses_address() -> None:
    result = judged(
        event("sent", 1, request("OPTIONS"))
        + event("received", 2, answer("200 OK", "OPTIONS", "Call-ID: 1@192.0.2.9", "Contact: <sip:192.0.2.9>"))
    )
    assert result["addresses"] == {"Contact": ["192.0.2.9"], "peer": ["192.0.2.1"]}


def test_inside_addresses_are_told_with_their_place() -> None:
    result = judged(
        event("sent", 1, request("OPTIONS"))
        + event(
            "received", 2, answer("200 OK", "OPTIONS", "Contact: <sip:SIPproxy1:5060>", "Via: SIP/2.0/TCP 9.42.111.5"),
            peer="9.42.111.6:5060",
        ),
        inside=["9.42.111.0/255.255.255.0", "sipproxy1"],
    )  # fmt: skip
    assert result["inside_seen"] == [
        {"where": "Contact", "value": "SIPproxy1", "message": 1},
        {"where": "Via", "value": "9.42.111.5", "message": 1},
        {"where": "peer", "value": "9.42.111.6", "message": 1},
    ]


# -- expectations ------------------------------------------------------------------------------------------------------
NOTIFIED = event("sent", 1, request("SUBSCRIBE")) + event("received", 2, answer("200 OK", "SUBSCRIBE"))
NOTIFY = (
    "NOTIFY sip:b@y SIP/2.0\nVia: SIP/2.0/TCP 9.42.111.5;branch=z9hG4bKn\nCSeq: 1 NOTIFY\n"
    "Subscription-State: active;expires=60\nContact: <sip:9.42.111.5>\n\n<basic>open</basic>"
)


@pytest.mark.parametrize(
    ("expect", "problems"),
    [
        ({"status": [200, 202]}, []),
        ({"status": [403]}, ["SUBSCRIBE was to be answered 403: 200 OK"]),
        ({"max_rtt_ms": 1}, []),
        ({"max_rtt_ms": 0}, ["the answer took 1.0 ms, more than 0"]),
        ({"notify": True, "basic": ["open"], "subscription_state": ["active", "pending"]}, []),
        ({"notify": False}, ["a NOTIFY came"]),
        ({"basic": ["closed"]}, ["basic was to be closed: open"]),
        ({"subscription_state": ["terminated"]}, ["subscription_state was to be terminated: active"]),
        ({"no_inside": True}, ["inside shows: 9.42.111.5 in Via", "inside shows: 9.42.111.5 in Contact"]),
        ({"hosts": {"Contact": ["rtp_nat.ibm.com"]}}, ["Contact was to name rtp_nat.ibm.com: 9.42.111.5"]),
        ({"hosts": {"Record-Route": ["a", "b"]}}, ["Record-Route was to name a or b: it names nobody"]),
    ],
)
def test_expectations(expect: dict[str, Any], problems: list[str]) -> None:
    events = NOTIFIED + event("received", 3, NOTIFY, peer="192.0.2.1:41000")
    given: dict[str, Any] = {"method": "SUBSCRIBE", "inside": ["9.42.111.5"], "expect": {**NOTHING, **expect}}
    if not problems:
        assert judged(events, **given)["problems"] == []
        return
    with pytest.raises(AnsibleActionFail) as failure:
        judged(events, **given)
    assert failure.value.result["problems"] == problems
    assert str(failure.value) == f"SUBSCRIBE a@x at rtp_nat.ibm.com:5062/tcp: {'; '.join(problems)}"


def test_a_certificate_that_is_none_has_no_name() -> None:
    with pytest.raises(AnsibleActionFail, match="it is for nobody, or none was shown"):
        judged("certificate=AAAA\n" + NOTIFIED, expect={**NOTHING, "certificate_name": "x"})


def test_the_notify_behind_the_end_of_a_subscription_is_none() -> None:
    ending = event("sent", 5, request("SUBSCRIBE", "z9hG4bKe", 2))
    last = event("received", 6, NOTIFY.replace("active;expires=60", "terminated"))
    result = judged(NOTIFIED + ending + last, method="SUBSCRIBE")
    assert result["notify"]["subscription_state"] == ""
    assert [each["method"] for each in result["requests"]] == ["NOTIFY"]


def test_a_repeated_request_came_once() -> None:
    result = judged(NOTIFIED + event("received", 3, NOTIFY) + event("received", 4, NOTIFY), method="SUBSCRIBE")
    assert len(result["requests"]) == 1
    assert len(result["messages"]) == 4
