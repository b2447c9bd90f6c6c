"""baresip, a SIP client of somebody else's that speaks TLS itself, as the external community of the cluster.

It has no sessions of instant messages: a call is sound to it, and an offer without is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.lab.call.community import ADDRESS, ALICE, BOB
from tests.lab.call.people import Person
from tests.lab.call.phone import Phone, phone
from tests.lab.captures import INSIDE, captured, outside_is_clean, tls_clients
from tests.lab.conftest import Lab

_NAME, _IN, _OUT = "rtp_nat.ibm.com", "9.42.124.45", "9.42.124.46"
_SENDER = "rtp_natpool1.ibm.com:5062"

pytestmark = pytest.mark.parametrize("deployed", ["tls"], indirect=True, scope="package")

Conversation = Callable[..., AbstractContextManager[Phone]]


@pytest.fixture
def conversation(
    scenario: Lab, certificates: Path, deployed: str, place: None, request: pytest.FixtureRequest
) -> Conversation:
    """Captures, which are kept, what bob's phone does while a context is open, and says what must be in it: these
    requests, each with its answer, by the name and the addresses of the router's rules, and nothing of the inside."""

    @contextmanager
    def talk(*, watches_alice: bool = False, **requests: int) -> Iterator[Phone]:
        name = re.sub(r"\W+", "-", f"phone-{request.node.originalname}")
        ready = phone(scenario, certificates, f"{_NAME}:5062", watches_alice=watches_alice)
        with captured(scenario, name) as folder, ready as bob:
            yield bob
            bob.ends()
        assert outside_is_clean(folder) == []
        # It cannot be read. What the phone sent and was sent can.
        assert set() < tls_clients(folder) <= {f"{ADDRESS} > {_IN}:5062", f"{_OUT} > {ADDRESS}:5061"}
        assert INSIDE not in bob.printed()
        assert bob.asked_for() <= {_NAME}
        asked = [each for each in bob.traced() if each.message.is_request]
        assert {each.source.partition(":")[0] for each in asked if each.came} <= {_OUT}
        assert {each.destination for each in asked if not each.came} <= {f"{_IN}:5062"}
        assert Counter(each.message.start.split()[0] for each in asked) == requests
        assert len(bob.traced()) - len(asked) == sum(requests.values()) - requests.get("ACK", 0)

    return talk


def test_presence_of_alice(conversation: Conversation, alice: Person) -> None:
    with conversation(watches_alice=True, SUBSCRIBE=2, NOTIFY=3) as bob:
        first = bob.wait("NOTIFY").message
        assert first.hosts["Via"][0] == _SENDER
        assert first.first("Subscription-State").startswith("active")
        assert "<basic>open</basic>" in first.body
        assert alice.does("set", "offline").worked
        bob.wait_for(f"<sip:{ALICE}> changed status from \x1b[32mOnline\x1b[;m to \x1b[31mOffline")
    assert bob.wait("NOTIFY", 3).message.first("Subscription-State").startswith("terminated")


def test_presence_of_bob(conversation: Conversation, alice: Person) -> None:
    with conversation(SUBSCRIBE=2, NOTIFY=3) as bob:
        bob.order("presence_online")
        said = alice.does("presence", BOB, "20", "online")
        assert (said.worked, said.all("status")) == (True, ["online"])
        asked = bob.wait("SUBSCRIBE").message
        assert (asked.uri, asked.hosts["Via"][0]) == (f"sip:{BOB}", _SENDER)
        bob.order("presence_offline")
        said = alice.does("presence", BOB, "20", "offline")
        assert (said.worked, said.all("status")[-1]) == (True, "offline")
        alice.does("forget", BOB)
        last = bob.wait("SUBSCRIBE", 2).message
        assert last.uri.endswith(f"@{ADDRESS}:5061;transport=tls")
        assert last.first("Expires") == "0"
        # The answers to what it said of bob.
        bob.wait("SIP/2.0 ", 3)


def test_one_message_without_a_session(conversation: Conversation, alice: Person) -> None:
    with conversation(MESSAGE=1) as bob:
        bob.order("message", "by the way")
        bob.wait("SIP/2.0 200")
        assert alice.does("inbox", BOB).all("message")[-1] == "by the way"


def test_options(conversation: Conversation, alice: Person) -> None:
    with conversation(OPTIONS=1) as bob:
        bob.order("options", f"sip:{ALICE}")
        assert "MESSAGE" in bob.wait("SIP/2.0 200").message.first("Allow")
        bob.wait_for(f"----- OPTIONS of sip:{ALICE} -----")


def test_text_is_no_call_to_it(conversation: Conversation, alice: Person) -> None:
    with conversation(INVITE=1, ACK=1) as bob:
        said = alice.does("say", BOB, "hello", "15")
        assert (said.worked, said.all("code")) == (False, ["488"])
        invited = bob.wait("INVITE").message
        assert (invited.hosts["Via"][0], invited.hosts["SDP"]) == (_SENDER, [_IN, _IN])
        bob.wait_for("call: no common audio codecs - rejected")
        bob.wait("ACK")


def test_a_call_is_no_text_to_the_gateway(conversation: Conversation, alice: Person) -> None:
    with conversation(INVITE=1, ACK=1) as bob:
        bob.order("dial", f"sip:{ALICE}", "CALL_CLOSED")
        bob.wait_for("session closed: 488 Not Acceptable Here")
