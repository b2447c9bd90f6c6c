# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is remembered of earlier messages makes a message quicker, never another one."""

from __future__ import annotations

import random
from typing import List

import pytest
from configs import SCENARIO, loaded
from messages import ODD_BRANCHES, data_of, flow, lines, request, response, rewriter

from sipnat.outcome import DROP, REQUEST, RESPONSE
from sipnat.rewriting.remembering import LONGEST, REMEMBERED, remember

CONFIG = loaded(SCENARIO)
VIA = "SIP/2.0/TCP 9.42.111.2:5060"
_PIECES = (
    b";", b",", b"\r\n ", b"\r\n", b"\r", b"\n", b"<", b">", b'"', b"@", b":", b" ", b"=", b"~", b"?", b"%40", b"\0",
    b";tag=a", b";np=1-5060", b";np=2--;transport=tcp", b"sip:", b"9.42.111.2", b"rtp_nat.ibm.com", b"[::1]", b";rport",
    b";branch=z9hG4bKx", b";received=9.42.111.3", b";maddr=9.42.111.3", b"l: 0\r\n", b"\xff",
    b"Route: <sip:9.42.111.5:5062;lr>\r\n",
    b"Via: SIP/2.0/TCP rtp_natpool1.ibm.com:5062;rport;branch=z9hG4bKnpc0.5~a\r\n", b";ibmdrr",
)  # fmt: skip


def seeds() -> List[bytes]:
    """Messages of both directions and kinds."""
    proxy = rewriter(CONFIG)
    out = [
        request(
            "INVITE",
            "sip:b@p.example",
            [VIA + ";branch=z9hG4bK1;rport"],
            "Contact: <sip:9.42.111.2>",
            "Record-Route: <sip:r>",
        ),
        request(
            "BYE", "sip:b@p.example", [VIA + ";branch=z9hG4bK2"], "Route: <sip:9.42.111.5:5062;lr>,<sip:p.example;lr>"
        ),
    ]
    back = [request("BYE", "sip:rtp_nat.ibm.com;np=1", ["SIP/2.0/TCP p;rport;branch=z9hG4bK3"], "Replaces: 1@np1")]
    back += [response(data_of(proxy.process(data, flow(True, "9.42.111.2")))) for data in out]
    return out + back


def mutated(data: bytes, chance: random.Random) -> bytes:
    for _turn in range(chance.choice((0, 1, 1, 2, 3))):
        place = chance.randrange(len(data) + 1)
        if chance.random() < 0.7:
            data = data[:place] + chance.choice(_PIECES) + data[place:]
        else:
            data = data[:place] + data[place + chance.choice((1, 2, 5, 20)) :]
    return data


def test_a_message_becomes_the_same_whatever_was_before_it() -> None:
    chance = random.Random(4475)
    warm = rewriter(CONFIG)
    kinds = set()
    for turn in range(1500):
        data = mutated(chance.choice(seeds()), chance)
        outward = chance.random() < 0.5
        transport = chance.choice(("udp", "tcp"))
        address = "9.42.111.2" if outward else "9.42.124.60"
        outcome = warm.process(data, flow(outward, address, transport))
        kinds.add(outcome[0])
        assert rewriter(CONFIG).process(data, flow(outward, address, transport)) == outcome, (turn, data)
    assert len(kinds) == 5


def test_a_via_without_branch_is_not_taken_for_one_with() -> None:
    proxy, source = rewriter(CONFIG), flow(True, "9.42.111.2")
    proxy.process(request("BYE", "sip:b@p.example", [VIA + ";branch=z9hG4bK1"]), source)
    left = data_of(proxy.process(request("BYE", "sip:b@p.example", [VIA]), source))
    assert lines(left)[2] == b"Via: SIP/2.0/TCP rtp_natpool1.ibm.com:5062;np=1-5060"


@pytest.mark.parametrize("parameters", ODD_BRANCHES)
def test_the_branch_is_the_first_however_it_is_written(parameters: str) -> None:
    sent = request("BYE", "sip:b@p.example", [VIA + parameters])
    received = request("BYE", "sip:a@rtp_nat.ibm.com", ["SIP/2.0/TCP p" + parameters])
    below = "SIP/2.0/TCP rtp_natpool1.ibm.com:5062;np=1" + parameters
    ours = "SIP/2.0/TCP rtp_natpool1.ibm.com:5062;rport;branch=z9hG4bKnpc0.5~1"
    answered = response(request("BYE", "sip:x", [ours, below]))
    for data, outward in ((sent, True), (received, False), (answered, False)):
        source = flow(outward, "9.42.111.2" if outward else "9.42.124.60")
        proxy = rewriter(CONFIG)
        first = proxy.process(data, source)
        assert first[0] in (REQUEST, RESPONSE)
        assert proxy.process(data, source) == first


def test_our_via_without_the_end_of_its_token_is_not_ours() -> None:
    ours = "SIP/2.0/TCP rtp_natpool1.ibm.com:5062;rport;branch=z9hG4bKnpc0.5"
    proxy, source = rewriter(CONFIG), flow(False, "9.42.124.60")
    below = "SIP/2.0/TCP rtp_natpool1.ibm.com:5062;np=1;branch=z9hG4bK1"
    good = response(request("BYE", "sip:x", [ours + "~1", below]))
    assert proxy.process(good, source)[2]
    assert proxy.process(good.replace(b"~1", b""), source)[:3] == (DROP, None, "foreign")


def test_memories_are_bounded_in_number_and_size() -> None:
    memory = {b"%d" % turn: turn for turn in range(REMEMBERED)}
    remember(memory, b"x" * (LONGEST + 1), 1)
    assert len(memory) == REMEMBERED
    remember(memory, b"x", 1)
    assert memory == {b"x": 1}


def test_a_sender_that_never_repeats_itself_fills_nothing() -> None:
    proxy, source = rewriter(CONFIG), flow(False, "9.42.124.60")
    for turn in range(3 * 64):
        data = request("BYE", "sip:a@rtp_nat.ibm.com", [f"SIP/2.0/TCP p{turn};branch=z9hG4bK1"])
        assert proxy.process(data, source)[0] == REQUEST
    assert len(source.prefixes.vias) <= 64  # type: ignore[attr-defined] # it is the rewriting's own
