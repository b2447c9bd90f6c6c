"""SIPp, a SIP client of somebody else's, as the external community of the scenario's cluster."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.lab.call.community import ADDRESS, ALICE, BOB, PORTS, Community, Spoken, played
from tests.lab.call.messages import Dialog, answer, request
from tests.lab.call.people import Person
from tests.lab.captures import INSIDE, captured, outside_is_clean
from tests.lab.conftest import Lab

_GATEWAY, _SENDER = "rtp_nat.ibm.com:5062", "rtp_natpool1.ibm.com:5062"
_IN = "9.42.124.45"
_OK = answer("200 OK")
_FROM_BOB = [f"From: <sip:{BOB}>;tag=bob", f"To: <sip:{ALICE}>"]
_SDP_LINES = [
    "v=0",
    f"o=- 0 0 IN IP4 {ADDRESS}",
    "s=session",
    f"c=IN IP4 {ADDRESS}",
    "t=0 0",
    "m=message 5060 sip null",
    "a=accept-types:text/plain application/im-iscomposing+xml",
]
_SDP = "\n".join([*_SDP_LINES, ""])
_SDP_TYPE, _TEXT = "Content-Type: application/sdp", "Content-Type: text/plain"
_PIDF = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:{BOB}">'
    '<tuple id="t1"><status><basic>open</basic></status></tuple></presence>\n'
)
_COMPOSING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing">'
    "<state>active</state></isComposing>\n"
)


def _initial(method: str, *lines: str, body: str = "", number: int = 1) -> str:
    return request(method, f"sip:{ALICE}", [*_FROM_BOB, f"CSeq: {number} {method}"], lines, body=body)


pytestmark = pytest.mark.parametrize("deployed", ["udp", "tls", "tcp"], indirect=True, scope="package")


@pytest.fixture
def community(scenario: Lab, certificates: Path, deployed: Spoken, place: None) -> Iterator[Community]:
    """In the place of the partner's gateway, with the whole scenario on this transport."""
    with played(scenario, deployed, _GATEWAY, certificates if deployed == "tls" else None) as ready:
        yield ready


class Only(Protocol):
    """See `only`."""

    def __call__(self, **requests: int) -> None: ...


@pytest.fixture
def only(community: Community, scenario: Lab, request: pytest.FixtureRequest) -> Iterator[Only]:
    """Ends the capture of a test, which is kept, and says what must be in it: these requests passed the outside, each
    with its answer, and nothing showed an inside address."""
    with ExitStack() as stack:
        folder = stack.enter_context(captured(scenario, re.sub(r"\W+", "-", request.node.name).strip("-")))

        def check(**requests: int) -> None:
            stack.close()
            seen = outside_is_clean(folder)
            if community.spoken == "tls":
                # It cannot be read. What SIPp was sent can.
                assert (seen, "SIP/2.0/TLS" in community.seen(), INSIDE in community.seen()) == ([], True, False)
                return
            # Over UDP a slow machine may repeat a message.
            once = {(message.what, message.branch, message.cseq) for message in seen}
            found = Counter(what for what, _, _ in once if not what.startswith("1"))
            assert found == {**requests, "200": sum(requests.values()) - requests.get("ACK", 0)}

        yield check


def test_presence_of_alice(community: Community, alice: Person, only: Only) -> None:
    with community.hears("NOTIFY", _OK, "NOTIFY", _OK, "NOTIFY", _OK) as heard:
        said = community.says(
            _initial("SUBSCRIBE", "Event: presence", "Accept: application/pidf+xml", "Expires: 600"), "200"
        )
        first = heard.wait("NOTIFY")
        assert first.uri.startswith(f"sip:bob@{ADDRESS}:{PORTS[community.spoken]}")
        assert first.first("Subscription-State").startswith("active")
        assert first.first("Content-Type") == "application/pidf+xml"
        assert "<basic>open</basic>" in first.body
        assert alice.does("set", "offline").worked
        assert "<basic>closed</basic>" in heard.wait("NOTIFY", 2).body
        dialog = Dialog.calling(said[-1])
        community.says(dialog.request("SUBSCRIBE", "Event: presence", "Expires: 0"), "200", dialog=dialog)
        assert heard.wait("NOTIFY", 3).first("Subscription-State").startswith("terminated")
        heard.ends()
    only(SUBSCRIBE=2, NOTIFY=3)


def test_presence_of_bob(community: Community, alice: Person, only: Only) -> None:
    accepted = answer("200 OK", "Expires: 600", tag="bob")
    with community.hears("SUBSCRIBE", accepted, "SUBSCRIBE", answer("200 OK", "Expires: 0")) as heard:
        with alice.doing("presence", BOB, "20", "online") as asking:
            asked = heard.wait("SUBSCRIBE")
            assert asked.uri == f"sip:{BOB}"
            assert asked.hosts["Via"][0] == _SENDER
            dialog = Dialog.called(asked, "bob")
            _leads_back(dialog)
            active = ["Event: presence", "Subscription-State: active;expires=600", "Content-Type: application/pidf+xml"]
            community.says(dialog.request("NOTIFY", *active, body=_PIDF), "200", dialog=dialog)
            said = alice.said(asking)
        assert (said.worked, said.all("status")) == (True, ["online"])
        alice.does("forget", BOB)
        assert heard.wait("SUBSCRIBE", 2).first("Expires") == "0"
        heard.ends()
    only(SUBSCRIBE=2, NOTIFY=1)


def test_alice_writes(community: Community, alice: Person, only: Only) -> None:
    accepted = answer("200 OK", _SDP_TYPE, tag="bob", body=_SDP)
    with community.hears("INVITE", accepted, "ACK", "MESSAGE", _OK, "MESSAGE", _OK, "BYE", _OK) as heard:
        assert alice.does("say", BOB, "hello", "15").worked
        invited = heard.wait("INVITE")
        assert invited.hosts["Via"][0] == _SENDER
        assert invited.hosts["SDP"] == [_IN, _IN]
        assert heard.wait("MESSAGE").body == "hello"
        dialog = Dialog.called(invited, "bob")
        _leads_back(dialog)
        community.says(dialog.request("MESSAGE", _TEXT, body="hello yourself"), "200", dialog=dialog)
        typing = "Content-Type: application/im-iscomposing+xml"
        community.says(dialog.request("MESSAGE", typing, body=_COMPOSING), "200", dialog=dialog)
        inbox = alice.does("inbox", BOB)
        assert (inbox.all("message")[-1], inbox.all("typing")[-1]) == ("hello yourself", "yes")
        assert alice.does("say", BOB, "and again", "15").worked
        assert heard.wait("MESSAGE", 2).body == "and again"
        alice.does("close", BOB)
        heard.wait("BYE")
        heard.ends()
    only(INVITE=1, ACK=1, MESSAGE=4, BYE=1)


def test_bob_writes(community: Community, alice: Person, only: Only) -> None:
    said = community.says(_initial("INVITE", _SDP_TYPE, body=_SDP), "200")
    dialog = Dialog.calling(said[-1])
    _leads_back(dialog)
    community.says(dialog.request("ACK"), dialog=dialog)
    community.says(dialog.request("MESSAGE", _TEXT, body="good morning"), "200", dialog=dialog)
    assert alice.does("inbox", BOB).all("message")[-1] == "good morning"
    with community.hears("MESSAGE", _OK) as heard:
        assert alice.does("say", BOB, "good evening", "15").worked
        written = heard.wait("MESSAGE")
        assert (written.body, written.first("Call-ID")) == ("good evening", dialog.call_id)
        heard.ends()
    community.says(dialog.request("BYE"), "200", dialog=dialog)
    only(INVITE=1, ACK=1, MESSAGE=2, BYE=1)


def test_one_message_without_a_session(community: Community, alice: Person, only: Only) -> None:
    community.says(_initial("MESSAGE", _TEXT, body="by the way"), "200")
    assert alice.does("inbox", BOB).all("message")[-1] == "by the way"
    only(MESSAGE=1)


def test_options(community: Community, only: Only) -> None:
    said = community.says(_initial("OPTIONS"), "200")
    assert said[-1].first("CSeq") == "1 OPTIONS"
    only(OPTIONS=1)


def _leads_back(dialog: Dialog) -> None:
    """What the partner is told to go by is the public side of the router's rule."""
    assert dialog.next_hop == _GATEWAY
    assert _GATEWAY.partition(":")[0] in dialog.target
