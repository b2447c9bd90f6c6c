# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The compiled kernel against the Python code: the same bytes, target, token and counters, or left to it."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List

import pytest
from generated import requests, world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from messages import request, response
from pairs import CONFIGS, Pair

from sipnat.check import corpus
from sipnat.outcome import REQUEST

TORTURE = sorted((Path(__file__).parent / "torture").glob("*.dat"))

# The same examples in every run: a failure is one of the change, not of the day.
PROFILE = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# Kept over all tests, so that what was learned from earlier messages is part of the trial.
PAIRS: Dict[str, Pair] = {name: Pair(config) for name, config in CONFIGS.items()}
WORLDS: Dict[str, Pair] = {way: Pair(world(*way.split("-"))) for way in ("udp-udp", "tcp-tcp", "tcp-tls", "udp-tcp")}

PIECES: List[bytes] = [
    *b"\r\n|\n|\r| |\t|,|;|:|@|<|>|\"|\\|?|&|=|-|~|0|\x00|\xc3\xa4|[::1]|%40|sips:|sip:|tel:|np1|np-x0-2-z".split(b"|"),
    *b";np=1|;np=1.1-5060|;np=2--udp|;np=9|;np=|;np|;npr=1|;npm=2|;npd|;npp=1|;ibmdrr|;ibmrport=2|;IBMDRR".split(b"|"),
    *b";transport=tcp|;transport=udp|;transport=TLS|;transport|;maddr=9.42.111.3|;received=9.42.111.3|;lr".split(b"|"),
    *b"9.42.111.2|9.42.111.5:5062|rtp_nat.ibm.com|rtp_natpool1.ibm.com:5062|stgpn1.rtp.example|9.42.124.60".split(b"|"),
    *b"STGPN1.rtp.example|;branch=z9hG4bK|z9hG4bKnpc0.1~|;rport|IN IP4 9.42.111.3|IN IP6 ::1".split(b"|"),
    *b"\r\nRoute: <sip:9.42.111.5:5062;lr>|\r\nMax-Forwards: 0|\r\nVia: SIP/2.0/TCP 9.42.111.3|X: y\r\n z".split(b"|"),
    *b"\r\nContact: *|\r\nContent-Length: 3|\r\nProxy-Require: x|\r\nContent-Encoding: gzip|\r\nIBM-PO: 1".split(b"|"),
]  # fmt: skip


def ordinary() -> List[bytes]:
    """Requests of both ways, and the answers to them as they come back."""
    found = []
    sdp = b"v=0\r\no=- 1 1 IN IP4 9.42.111.2\r\ns=-\r\nc=IN IP4 9.42.111.2\r\nt=0 0\r\nm=audio 1 RTP/AVP 0\r\n"
    for name in ("tcp", "udp"):
        pair = PAIRS[name]
        transport = name.upper()
        inside = request(
            "INVITE",
            "sip:bob@partner.example",
            [f"SIP/2.0/{transport} 9.42.111.2:5060;branch=z9hG4bK1", f"SIP/2.0/{transport} 9.42.111.3;branch=z9hG4bK0"],
            f"Route: <sip:9.42.111.5:5062;transport={name};lr>",
            "Record-Route: <sip:9.42.111.5;ibmdrr;lr>",
            f'Contact: "A" <sip:a@9.42.111.2:5060;transport={name}>;expires=60, <sip:a@stgpn1.rtp.example>',
            "Refer-To: <sip:c@9.42.111.3>",
            "Content-Type: application/sdp",
            body=sdp,
        )
        outside = request(
            "SUBSCRIBE",
            f"sip:alice@rtp_nat.ibm.com:5062;np=1-5060;transport={name}",
            [f"SIP/2.0/{transport} 9.42.124.60;rport;branch=z9hG4bK2"],
            f"Route: <sip:rtp_nat.ibm.com:{pair.config.public.ports[name]};transport={name};lr>",
            "Contact: <sip:bob@9.42.124.60>",
            call_id="5@np1",
        )
        for message, flow in zip((inside, outside), pair.flows()):
            outcome, done = pair.process(message, flow)
            assert (outcome[0], done) == (REQUEST, True)
            assert outcome[1] is not None
            found += [message, response(outcome[1], "200 OK", "Content-Type: application/sdp", body=sdp)]
    return found


ORDINARY = ordinary()


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("path", TORTURE, ids=lambda path: str(path.stem))
def test_the_messages_of_rfc_4475(name: str, path: Path) -> None:
    for flow in PAIRS[name].flows():
        PAIRS[name].process(path.read_bytes(), flow)


@pytest.mark.parametrize("name", PAIRS)
def test_the_corpus_that_configurations_are_proved_with(name: str) -> None:
    pair = PAIRS[name]
    done = 0
    for message in corpus.messages(pair.config):
        for flow in pair.flows():
            if (flow.outward, flow.transport) == (message.outward, message.transport):
                done += pair.process(message.data, flow)[1]
    assert done > 20


@pytest.mark.parametrize("way", WORLDS)
@PROFILE
@given(data=st.data())
def test_requests_with_all_the_freedom_of_the_grammar(way: str, data: st.DataObject) -> None:
    pair = WORLDS[way]
    inner, outer = way.split("-")
    made = data.draw(requests(inner, leaky=True))
    flows = {(flow.outward, flow.transport): flow for flow in pair.flows()}
    outcome = pair.process(made.data, flows[True, inner])[0]
    pair.process(made.data, flows[False, outer])
    if outcome[0] == REQUEST and outcome[1] is not None:
        pair.process(response(outcome[1], "200 OK"), flows[False, outer])


@settings(PROFILE, max_examples=1500)
@given(
    message=st.sampled_from(ORDINARY),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from([b"", *PIECES])), max_size=3),
)
def test_ordinary_messages_with_something_odd_in_them(message: bytes, changes: List[tuple[float, int, bytes]]) -> None:
    for place, length, piece in changes:
        at = int(place * len(message))
        message = message[:at] + piece + message[at + length :]
    for name in ("tcp", "udp"):
        for flow in PAIRS[name].flows():
            PAIRS[name].process(message, flow)


@PROFILE
@given(message=st.sampled_from(ORDINARY), line=st.integers(1, 9), to=st.integers(1, 9), twice=st.booleans())
def test_header_fields_in_another_order_or_more_than_once(message: bytes, line: int, to: int, twice: bool) -> None:
    head, blank, body = message.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    moved = lines[line] if twice else lines.pop(line)
    lines.insert(to, moved)
    for name in ("tcp", "udp"):
        for flow in PAIRS[name].flows():
            PAIRS[name].process(b"\r\n".join(lines) + blank + body, flow)
