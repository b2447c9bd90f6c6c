"""One thing is wrong, and the test cases say so: those that it concerns fail, the others pass.

With the SIP NAT proxy in front people do not notice what the cell tells partners; without it they do.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.call import by_hand
from tests.lab.call.by_hand import Break
from tests.lab.call.people import silence
from tests.lab.call.transports import inventories
from tests.lab.call.verified import verified
from tests.lab.conftest import Lab

FROM_PARTNER, TO_PARTNER = "presence-from-partner", "presence-to-partner"
CHAT_OUT, CHAT_IN = "chat-from-inside", "chat-from-partner"
REFUSED, RULE, SESSION, SENDER = "message-to-nobody", "inbound-rule", "session-addresses", "outbound-address"
CASES = {FROM_PARTNER, TO_PARTNER, CHAT_OUT, CHAT_IN, REFUSED, RULE, SESSION, SENDER}
# What would fail first, where nothing is to.
FIRST = {FROM_PARTNER, CHAT_OUT, CHAT_IN, SESSION}

# By what is wrong the cases that fail: with the SIP NAT proxy in front, and without it. Both sites speak UDP, where an
# answer too has to find its way.
FAILS: dict[Break, dict[str, set[str]]] = {
    # Contact has the sprayer's name, and without the SIP NAT proxy SDP a private address. Partners go by Record-Route.
    by_hand.property_missing: {"udp": {SESSION}, "was_only": {RULE, SESSION}},
    # Record-Route has a private address: what partners say inside a dialog is lost.
    by_hand.sprayer_off: {"udp": set(), "was_only": {FROM_PARTNER, CHAT_OUT, CHAT_IN, SESSION}},
    # Via has it too: nothing that is sent to partners is answered, by them or by the SIP NAT proxy, which answers the
    # SIP proxy where its Via says (RFC 3261, 18.2.2). Over TCP answers come on the connection.
    by_hand.sprayer_port: {
        "udp": {FROM_PARTNER, TO_PARTNER, CHAT_OUT, CHAT_IN, REFUSED},
        "was_only": {FROM_PARTNER, TO_PARTNER, CHAT_OUT, CHAT_IN, REFUSED, SESSION},
    },
    # Without the SIP NAT proxy partners talk inside a dialog to the sprayer, which has a rule of its own.
    by_hand.rule_missing: {
        "udp": CASES - {REFUSED},
        "was_only": {TO_PARTNER, CHAT_IN, RULE, SESSION, SENDER},
    },
    # The SIP NAT proxy asks for answers where its packets come from (RFC 3581). What partners began goes back the way
    # it came, with the address of the inbound rule.
    by_hand.pat: {"udp": set(), "was_only": {FROM_PARTNER, TO_PARTNER, CHAT_OUT, CHAT_IN, REFUSED}},
    by_hand.community_entry: {"udp": {FROM_PARTNER, CHAT_OUT, REFUSED}, "was_only": {FROM_PARTNER, CHAT_OUT, REFUSED}},
}

each_mode = pytest.mark.parametrize("deployed", ["udp", "was_only"], indirect=True, scope="package")
# With everything broken in both modes `make test` would not end within the hour.
broken_in_each_mode = pytest.mark.parametrize(
    "deployed", ["udp", pytest.param("was_only", marks=pytest.mark.long)], indirect=True, scope="package"
)


@pytest.fixture
def quiet(scenario: Lab) -> Iterator[None]:
    """No session or subscription is left over by one test for the next."""
    silence(scenario)
    yield
    silence(scenario)


@each_mode
@pytest.mark.usefixtures("quiet")
def test_nothing_is_wrong(scenario: Lab, deployed: str, tmp_path: Path) -> None:
    found = verified(scenario, tmp_path, inventories(deployed), only=sorted(CASES))
    assert found == dict.fromkeys(CASES, "passed")


@broken_in_each_mode
@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("wrong", FAILS, ids=lambda wrong: wrong.__name__)
def test_one_thing_is_wrong(scenario: Lab, deployed: str, wrong: Break, tmp_path: Path) -> None:
    fails = FAILS[wrong][deployed]
    cases = CASES if fails else FIRST
    with wrong(scenario):
        found = verified(scenario, tmp_path, inventories(deployed), only=sorted(cases))
    assert found == {case: "failed" if case in fails else "passed" for case in cases}
