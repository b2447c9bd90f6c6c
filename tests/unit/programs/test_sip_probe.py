"""The talkers of module sip_probe, in Perl and in PowerShell, against another side on loopback."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from certificates import Authority

from plugins.action.sip_probe import EXPECT, ActionModule
from plugins.plugin_utils._sip_probe import probe
from plugins.plugin_utils._target import Platform, Target
from tests.unit.programs.hosts_here import Unix, Windows
from tests.unit.programs.shell_cases import standard_tools
from tests.unit.programs.sip_responder import Act, Heard, Responder, Transport

Probe = Callable[..., dict[str, Any]]
Listen = Callable[..., Responder]

OWN = "127.0.0.1"
NOTHING = {name: option.get("default") for name, option in EXPECT.items()}
BOB, ALICE = "bob@partner.example", "alice@rtp.example"


@pytest.fixture(params=["unix", "windows"])
def say(request: pytest.FixtureRequest, tmp_path: Path) -> Probe:
    """Talk from a host of either kind; options as keywords, whatever is not given has its default."""
    platform: Platform = request.param
    executor = Unix() if platform == "unix" else Windows(tmp_path)
    specification = ActionModule.SPEC["argument_spec"]
    defaults = {name: option.get("default") for name, option in specification.items()}
    defaults |= {"host": OWN, "sender": BOB, "recipient": ALICE, "timeout": 8}
    defaults |= {"perl": f"{standard_tools()}/perl", "openssl": f"{standard_tools()}/openssl"}

    def run(**options: Any) -> dict[str, Any]:
        return probe(Target(executor, platform), {**defaults, **options})

    return run


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Start another side: `listen(transport, act)`."""
    made = []

    def start(transport: Transport, act: Act, context: ssl.SSLContext | None = None) -> Responder:
        made.append(Responder(transport, act, context))
        return made[-1]

    yield start
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def server_tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    authority = Authority(tmp_path_factory.mktemp("tls"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("rtp_nat.ibm.com", "sipproxy1.rtp.example", "9.42.111.5"))
    return context


def accept_all(heard: Heard, responder: Responder) -> None:
    """A side that answers every request with 200."""
    if heard.method not in ("ACK", "SIP/2.0"):
        heard.answer("200 OK", f"Contact: <sip:there@{OWN}:{responder.port};transport={responder.transport}>")


# -- one request -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
@pytest.mark.parametrize("method", ["OPTIONS", "MESSAGE"])
def test_a_request_and_its_answer(
    say: Probe, listen: Listen, server_tls: ssl.SSLContext, transport: Transport, method: str
) -> None:
    there = listen(transport, accept_all, server_tls if transport == "tls" else None)
    result = say(port=there.port, transport=transport, method=method, text="gr\u00fc\u00dfe")
    assert (result["status"], result["reason"]) == (200, "OK")
    assert 0 < result["rtt_ms"] < 8000
    assert [message["direction"] for message in result["messages"]] == ["sent", "received"]
    (heard,) = there.heard
    assert heard.start == f"{method} sip:{ALICE} SIP/2.0"
    assert heard.get("Via").startswith(f"SIP/2.0/{transport.upper()} {OWN}:")
    assert heard.get("From").startswith(f"<sip:{BOB}>;tag=")
    assert heard.get("Call-ID").endswith(f"@{OWN}")
    assert heard.body == ("gr\u00fc\u00dfe" if method == "MESSAGE" else "")
    assert int(heard.get("Content-Length")) == len(heard.body.encode())
    assert heard.all("Contact") == ([] if method == "MESSAGE" else [heard.get("Contact")])


def test_the_certificate_is_told_and_judged(say: Probe, listen: Listen, server_tls: ssl.SSLContext) -> None:
    there = listen("tls", accept_all, server_tls)
    result = say(port=there.port, transport="tls", expect={**NOTHING, "certificate_name": "RTP_nat.ibm.com"})
    assert result["certificate_names"] == ["rtp_nat.ibm.com", "sipproxy1.rtp.example", "9.42.111.5"]
    with pytest.raises(AnsibleActionFail, match=r"was to be for a\.example: it is for rtp_nat\.ibm\.com and sipproxy1"):
        say(port=there.port, transport="tls", expect={**NOTHING, "certificate_name": "a.example"})


def test_options_without_a_recipient_is_for_the_machine(say: Probe, listen: Listen) -> None:
    there = listen("tcp", accept_all)
    say(port=there.port, recipient="", sender="")
    assert there.heard[0].start == f"OPTIONS sip:{OWN}:{there.port};transport=tcp SIP/2.0"
    assert there.heard[0].get("From").startswith(f"<sip:sip_probe@{OWN}>")


def test_another_address_is_written_where_it_is_wanted(say: Probe, listen: Listen) -> None:
    def act(heard: Heard, responder: Responder) -> None:
        heard.answer("200 OK" if heard.method != "INVITE" else "603 Decline")

    there = listen("udp", act)
    say(port=there.port, transport="udp", method="INVITE", advertise="rtp_nat.ibm.com:5062")
    invite = there.heard[0]
    assert invite.get("Via").startswith("SIP/2.0/UDP rtp_nat.ibm.com:5062;")
    assert invite.get("Contact") == "<sip:bob@rtp_nat.ibm.com:5062;transport=udp>"
    assert invite.get("Call-ID").endswith("@rtp_nat.ibm.com")
    assert "c=IN IP4 rtp_nat.ibm.com\r\n" in invite.body
    assert "m=message 5062 sip null\r\n" in invite.body


def test_what_is_unanswered_is_repeated_over_udp_only_and_not_for_ever(say: Probe, listen: Listen) -> None:
    there = listen("udp", lambda _heard, _responder: None)
    result = say(port=there.port, transport="udp", timeout=3)
    assert (result["status"], result["reason"]) == (0, "no answer")
    assert len(there.heard) == 3  # after 0.5 and 1.5 seconds; three quarters of the time are for the answer
    assert len({heard.text for heard in there.heard}) == 1
    stream = listen("tcp", lambda _heard, _responder: None)
    assert say(port=stream.port, timeout=1)["reason"] == "no answer"
    assert len(stream.heard) == 1


def test_nobody_there(say: Probe, listen: Listen) -> None:
    there = listen("tcp", accept_all)
    there.close()
    result = say(port=there.port, method="SUBSCRIBE")
    assert result["status"] == 0
    assert result["reason"].startswith(f"{OWN}:{there.port}: ")
    assert "refused" in result["reason"]
    assert result["messages"] == []


def test_tls_to_one_who_does_not_speak_it(say: Probe, listen: Listen) -> None:
    plain = socket.create_server((OWN, 0))

    def hang_up() -> None:
        connection = plain.accept()[0]
        connection.recv(100)
        connection.sendall(b"SIP/2.0 400 Bad Request\r\n\r\n")
        connection.close()

    threading.Thread(target=hang_up, daemon=True).start()
    result = say(port=plain.getsockname()[1], transport="tls")
    plain.close()
    assert result["status"] == 0
    assert result["reason"] != "no answer"


def test_an_answer_in_pieces_and_with_short_names(say: Probe, listen: Listen) -> None:
    def act(heard: Heard, _responder: Responder) -> None:
        text = (
            f"\r\n\r\nSIP/2.0 100 Trying\r\nv: {heard.get('Via')}\r\nCSeq: {heard.get('CSeq')}\r\nl: 0\r\n\r\n"
            f"SIP/2.0 486 Busy\r\n  Here\r\nv: {heard.get('Via')}\r\nCSeq:{heard.get('CSeq')}\r\n"
            "m: <sip:x@10.1.2.3>\r\nl: 4\r\n\r\n\x01\u00fc\r"
        )
        for start in range(0, len(text), 40):
            heard.say(text[start : start + 40])

    there = listen("tcp", act)
    result = say(port=there.port)
    assert (result["status"], result["addresses"]["Contact"]) == (486, ["10.1.2.3"])
    assert result["messages"][-1]["body"] == "\x01\u00fc\r"
    assert [message["start_line"] for message in result["messages"][1:]] == [
        "SIP/2.0 100 Trying", "SIP/2.0 486 Busy Here",
    ]  # fmt: skip


def test_an_answer_over_a_connection_of_their_own(say: Probe, listen: Listen) -> None:
    # RFC 3261 18.2.2: when the connection is gone, to the address in Via.
    def act(heard: Heard, responder: Responder) -> None:
        host, port = heard.get("Via").split()[1].partition(";")[0].split(":")
        text = f"SIP/2.0 200 OK\r\nVia: {heard.get('Via')}\r\nCSeq: {heard.get('CSeq')}\r\nContent-Length: 0\r\n\r\n"
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(text.encode())

    there = listen("tcp", act)
    result = say(port=there.port)
    assert result["status"] == 200
    assert result["messages"][1]["connection"] != result["messages"][0]["connection"]


# -- what comes back ---------------------------------------------------------------------------------------------------
def test_a_subscription(say: Probe, listen: Listen) -> None:
    answers: list[Heard] = []

    def notify(heard: Heard, responder: Responder) -> None:
        ends = heard.get("Expires") == "0"
        route = f"Record-Route: <sip:far.example;lr>, <sip:{OWN}:{second.port};transport=tcp;lr>"
        heard.answer("200 OK", f"Contact: <sip:there@{OWN}:{responder.port};transport=tcp>", route, "Expires: 60")
        text = heard.request(
            "NOTIFY", 2 if ends else 1, f"Subscription-State: {'terminated' if ends else 'active;expires=60'}",
            "Content-Type: application/pidf+xml", tag="there", body="<p><s:basic> closed </s:basic></p>",
            via=f"SIP/2.0/TCP 10.9.9.9:5060;branch=z9hG4bK{ends};rport, SIP/2.0/TCP 10.9.9.8;branch=z9hG4bKm",
        )  # fmt: skip
        host, port = heard.get("Contact").strip("<>").partition("@")[2].partition(";")[0].split(":")
        answers.append(responder.call((host, int(port)), text))

    second = listen("tcp", notify)
    first = listen("tcp", notify)
    result = say(
        port=first.port, method="SUBSCRIBE", inside=["10.0.0.0/8", "far.example"],
        expect={
            **NOTHING, "status": [200], "notify": True, "subscription_state": ["active"], "basic": ["closed"],
            "max_rtt_ms": 8000, "hosts": {"Contact": [OWN]},
        },
    )  # fmt: skip
    assert [(step["method"], step["status"]) for step in result["steps"]] == [("SUBSCRIBE", 200)] * 2
    assert [(each["method"], each["new_connection"]) for each in result["requests"]] == [("NOTIFY", True)] * 2
    assert result["notify"]["subscription_state"] == "active"
    assert result["notify"]["content_type"] == "application/pidf+xml"
    assert {(each["where"], each["value"]) for each in result["inside_seen"]} == {
        ("Via", "10.9.9.9"), ("Via", "10.9.9.8"), ("Record-Route", "far.example"),
    }  # fmt: skip
    # The end of it follows the route, whose last entry is the first hop of who asked.
    assert first.methods() == ["SUBSCRIBE"]
    (ending,) = second.heard
    assert ending.start == f"SUBSCRIBE sip:there@{OWN}:{first.port};transport=tcp SIP/2.0"
    assert ending.all("Route") == [f"<sip:{OWN}:{second.port};transport=tcp;lr>", "<sip:far.example;lr>"]
    assert ending.get("To").endswith(";tag=there")
    assert ending.get("Expires") == "0"
    assert answers[0].start == "SIP/2.0 200 OK"
    top, _comma, rest = answers[0].get("Via").partition(", ")
    assert re.fullmatch(rf"SIP/2\.0/TCP 10\.9\.9\.9:5060;branch=z9hG4bKFalse;rport=\d+;received={OWN}", top)
    assert rest == "SIP/2.0/TCP 10.9.9.8;branch=z9hG4bKm"


def test_without_notify_it_is_told_and_the_subscription_is_ended(say: Probe, listen: Listen) -> None:
    there = listen("tcp", accept_all)
    with pytest.raises(AnsibleActionFail, match="no NOTIFY came") as failure:
        say(
            port=there.port, method="SUBSCRIBE", timeout=2,
            expect={**NOTHING, "notify": True},
        )  # fmt: skip
    assert there.methods() == ["SUBSCRIBE", "SUBSCRIBE"]
    assert failure.value.result["status"] == 200


# -- sessions ----------------------------------------------------------------------------------------------------------
def test_a_session_over_udp_repeats_what_is_lost(say: Probe, listen: Listen) -> None:
    asked: dict[str, int] = {}

    def act(heard: Heard, responder: Responder) -> None:
        asked[heard.method] = asked.get(heard.method, 0) + 1
        if heard.method == "INVITE":
            heard.answer("100 Trying")
            accept_all(heard, responder)
        elif heard.method == "ACK" and asked["ACK"] == 1:
            accept_all(responder.heard[0], responder)  # the ACK was lost, so the answer comes again
        elif heard.method == "MESSAGE" and asked["MESSAGE"] == 1:
            via = f"SIP/2.0/UDP 10.9.9.9:{responder.port};branch=z9hG4bKback"
            lines = ("Content-Type: text/plain",)
            heard.say(responder.heard[0].request("MESSAGE", 1, *lines, via=via, body="hello yourself"))
            heard.say(responder.heard[0].request("FOO", 2, via=via))
        elif heard.method != "SIP/2.0":
            accept_all(heard, responder)

    there = listen("udp", act)
    result = say(port=there.port, transport="udp", method="INVITE", text="hello")
    assert [(step["method"], step["status"]) for step in result["steps"]] == [
        ("INVITE", 200), ("MESSAGE", 200), ("BYE", 200),
    ]  # fmt: skip
    assert result["texts"] == ["hello yourself"]
    assert asked == {"INVITE": 1, "ACK": 2, "MESSAGE": 2, "SIP/2.0": 2, "BYE": 1}
    answers = [heard for heard in there.heard if heard.method == "SIP/2.0"]
    assert [heard.start for heard in answers] == ["SIP/2.0 200 OK", "SIP/2.0 501 Not Implemented"]
    assert answers[0].get("Via") == f"SIP/2.0/UDP 10.9.9.9:{there.port};branch=z9hG4bKback;received={OWN}"
    acknowledged = next(heard for heard in there.heard if heard.method == "ACK")
    assert acknowledged.start == f"ACK sip:there@{OWN}:{there.port};transport=udp SIP/2.0"
    assert acknowledged.get("Via") != there.heard[0].get("Via")


def test_a_refused_session_is_acknowledged_and_nothing_else(say: Probe, listen: Listen) -> None:
    def act(heard: Heard, _responder: Responder) -> None:
        if heard.method == "INVITE":
            heard.answer("403 Forbidden")

    there = listen("tcp", act)
    result = say(port=there.port, method="INVITE")
    assert (result["status"], result["reason"]) == (403, "Forbidden")
    assert there.methods(2) == ["INVITE", "ACK"]
    invite, acknowledged = there.heard
    assert acknowledged.get("Via") == invite.get("Via")
    assert acknowledged.get("To").endswith(";tag=there")
    assert acknowledged.get("CSeq") == "1 ACK"


def test_a_session_that_nobody_takes_is_cancelled(say: Probe, listen: Listen) -> None:
    def act(heard: Heard, responder: Responder) -> None:
        if heard.method == "INVITE":
            heard.answer("180 Ringing")
        elif heard.method == "CANCEL":
            heard.answer("200 OK")
            responder.heard[0].answer("487 Request Terminated")

    there = listen("udp", act)
    result = say(port=there.port, transport="udp", method="INVITE", timeout=2)
    assert there.methods(3) == ["INVITE", "CANCEL", "ACK"]
    assert result["status"] == 487
    assert there.heard[1].get("Via") == there.heard[0].get("Via")
    assert there.heard[1].get("To") == f"<sip:{ALICE}>"


def test_a_contact_where_nobody_is_shows_in_the_steps(say: Probe, listen: Listen) -> None:
    gone = listen("tcp", accept_all)
    gone.close()

    def act(heard: Heard, _responder: Responder) -> None:
        heard.answer("200 OK", f"Contact: <sip:there@{OWN}:{gone.port};transport=tcp>")

    there = listen("tcp", act)
    result = say(port=there.port, method="INVITE", timeout=4)
    assert there.methods() == ["INVITE"]
    assert result["steps"][0]["status"] == 200
    assert [step["method"] for step in result["steps"]] == ["INVITE", "MESSAGE", "BYE"]
    assert all("refused" in step["reason"] for step in result["steps"][1:])


def test_staying_lets_others_speak_and_hang_up(say: Probe, listen: Listen) -> None:
    def act(heard: Heard, responder: Responder) -> None:
        accept_all(heard, responder)
        if heard.method == "MESSAGE":
            heard.say(responder.heard[0].request("BYE", 1))

    there = listen("tcp", act)
    result = say(port=there.port, method="INVITE", stay=1)
    assert [each["method"] for each in result["requests"]] == ["BYE"]
    assert [step["method"] for step in result["steps"]] == ["INVITE", "MESSAGE", "BYE"]
