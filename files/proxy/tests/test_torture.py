# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The 49 messages of RFC 4475, from either side, as datagrams and on streams. What is expected of each:
torture/expectations.json."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any, Dict, Iterator

import pytest
from configs import SCENARIO, changed, loaded
from sip_text import Message, parse, without

from sipnat import kernel
from sipnat.flow import Flow
from sipnat.outcome import CLOSE, DROP, REPLY, REQUEST, RESPONSE, Outcome
from sipnat.rewriting.framing import FramingError, frame
from sipnat.rewriting.rewrite import Rewriter
from sipnat.rewriting.rules import Rules

TORTURE = Path(__file__).with_name("torture")
EXPECTED: Dict[str, Dict[str, Any]] = json.loads((TORTURE / "expectations.json").read_text("utf-8"))
MESSAGES = {path.stem: path.read_bytes() for path in sorted(TORTURE.glob("*.dat"))}
RESPONSES = [name for name, data in MESSAGES.items() if data.startswith(b"SIP/")]
REQUESTS = [name for name in MESSAGES if name not in RESPONSES]

# A partner who may be any of the addresses that the responses of RFC 4475 go back to.
_PARTNER = changed(SCENARIO, "partners.0.networks", ["9.42.124.60/32", "192.0.2.0/24"])
_BOTH = {
    "tcp": _PARTNER,
    "udp": json.loads(json.dumps(_PARTNER).replace('"tcp"', '"udp"')),
}
_CONFIGS = {transport: loaded(data) for transport, data in _BOTH.items()}
_INSIDE, _OUTSIDE = ("9.42.111.2", 5060), ("9.42.124.60", 40123)

_IF_COMPILED = pytest.mark.skipif(kernel.name() != "compiled", reason="no compiled kernel: make setup")


@pytest.fixture(params=["pure", pytest.param("compiled", marks=_IF_COMPILED)])
def engine(request: pytest.FixtureRequest) -> str:
    """Either of the two that must not differ."""
    return str(request.param)


def process(engine: str, data: bytes, *, outward: bool, transport: str) -> Outcome:
    """What becomes of a message that comes from that side."""
    config = _CONFIGS[transport]
    rules = Rules(config, lambda call_id: config.upstreams[0])
    rewriter = Rewriter(rules) if engine == "pure" else kernel.rewriter(rules)
    address, port = _INSIDE if outward else _OUTSIDE
    token = b"u0" if transport == "udp" else b"c1.1"
    return rewriter.process(data, Flow(outward, transport, token, address, port))


def test_there_are_49_and_every_one_has_its_expectation() -> None:
    assert len(MESSAGES) == 49
    assert set(MESSAGES) == set(EXPECTED)


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("outward", [True, False], ids=["out", "in"])
def test_request_as_datagram(name: str, outward: bool, engine: str) -> None:
    outcome = process(engine, MESSAGES[name], outward=outward, transport="udp")
    _judge(outcome, EXPECTED[name]["datagram"], MESSAGES[name], outward=outward)


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("chunks", ["whole", "bytes", "random"])
@pytest.mark.parametrize("outward", [True, False], ids=["out", "in"])
def test_request_on_a_stream(name: str, chunks: str, outward: bool, engine: str) -> None:
    expected = list(EXPECTED[name]["stream"])
    limits = _CONFIGS["tcp"].limits
    buffer = b""
    for chunk in _cut(MESSAGES[name], chunks):
        # Empty lines before a start line mean nothing (RFC 3261, 7.5).
        buffer = (buffer + chunk).lstrip(b"\r\n")
        while buffer:
            try:
                end = frame(buffer, 0, limits)
            except FramingError as error:
                assert expected == [f"close {error.status}"]
                return
            if end <= 0:
                break
            outcome = process(engine, buffer[:end], outward=outward, transport="tcp")
            _judge(outcome, expected.pop(0), buffer[:end], outward=outward)
            if outcome[0] == CLOSE:
                assert not expected
                return
            buffer = buffer[end:].lstrip(b"\r\n")
    assert expected == (["incomplete"] if buffer else [])


@pytest.mark.parametrize("name", RESPONSES)
@pytest.mark.parametrize("outward", [True, False], ids=["out", "in"])
def test_response_to_a_request_that_nobody_sent(name: str, outward: bool, engine: str) -> None:
    assert process(engine, MESSAGES[name], outward=outward, transport="udp")[0] == DROP


@pytest.mark.parametrize("name", RESPONSES)
def test_response_to_a_request_that_came_this_way(name: str, engine: str) -> None:
    original = MESSAGES[name]
    via = parse(original).fields[0].raw
    ours = _our_via(engine, b"192.0.2.15")
    # The first Via of `bcast` stands for the proxy that gets it.
    data = original.replace(via, ours) if name == "bcast" else original.replace(via, ours + via)
    kind, sent, target, _ = process(engine, data, outward=True, transport="udp")
    if EXPECTED[name]["datagram"] == "drop":
        assert kind == DROP
    else:
        assert kind == RESPONSE
        assert sent == original
        assert re.search(rb"UDP ([0-9.]+)", via)[1].decode() == target.address  # type: ignore[index]


def test_the_proxy_tells_which_extensions_it_lacks(engine: str) -> None:
    _, sent, _, _ = process(engine, MESSAGES["bext01"], outward=True, transport="udp")
    assert parse(sent or b"").each(b"unsupported") == [b"noProxiesSupportThis", b"norDoAnyProxiesSupportThis"]


def _our_via(engine: str, sender: bytes) -> bytes:
    request = (
        b"OPTIONS sip:user@example.com SIP/2.0\r\nVia: SIP/2.0/UDP %b;branch=z9hG4bKkdjuw\r\nMax-Forwards: 70\r\n"
        b"To: <sip:user@example.com>\r\nFrom: <sip:caller@example.com>;tag=1\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n"
    )
    kind, sent, _, _ = process(engine, request % sender, outward=False, transport="udp")
    assert kind == REQUEST
    return next(field.raw for field in parse(sent or b"").fields if field.name == b"via")


def _judge(outcome: Outcome, expected: object, original: bytes, *, outward: bool) -> None:
    kind, sent, _, _ = outcome
    if expected == "forward":
        assert kind == REQUEST, outcome
        assert _restored(sent or b"", original, outward=outward) == _within_content_length(original)
    else:
        closes, _, status = str(expected).rpartition(" ")
        assert kind == (CLOSE if closes else REPLY), outcome
        _judge_reply(parse(sent or b""), int(status), original)


def _restored(sent: bytes, original: bytes, *, outward: bool) -> bytes:
    """What was sent, without all that every proxy changes."""
    before, after = parse(original), parse(sent)
    own, following = [field for field in after.fields if field.name == b"via"][:2]
    assert b";branch=z9hG4bKnp" in own.value
    sent = without(sent, own.raw)
    records, recorded = after.each(b"record-route"), before.each(b"record-route")
    method = before.start.split(b" ")[0]
    if method in (b"INVITE", b"REGISTER", b"OPTIONS", b"MESSAGE"):
        assert (len(records) > len(recorded)) == (method == b"INVITE")
    if len(records) > len(recorded):
        sent = without(sent, next(field.raw for field in after.fields if field.name == b"record-route"))
    sent = _loosely_routed(sent, before, after)
    if not outward:
        address, port = _OUTSIDE
        sent = sent.replace(following.raw, following.raw.replace(b";received=%b" % address.encode(), b""), 1)
        sent = sent.replace(b";rport=%d" % port, b";rport", 1)
    hops = [field for field in after.fields if field.name == b"max-forwards"]
    had = [field for field in before.fields if field.name == b"max-forwards"]
    if had:
        assert int(hops[0].value) == int(had[0].value) - 1
        return sent.replace(hops[0].raw, had[0].raw)
    assert hops[0].value == b"70"
    return without(sent, hops[0].raw)


def _loosely_routed(sent: bytes, before: Message, after: Message) -> bytes:
    """The message without what 16.6, item 6, does for the sake of a strict router: Route and Request-URI swap."""
    routes = before.each(b"route")
    if not routes or b";lr" in routes[0]:
        return sent
    uri = before.start.split(b" ")[1]
    assert after.start.split(b" ")[1] == routes[0].strip(b"<>")
    assert after.each(b"route") == [*routes[1:], b"<%b>" % uri]
    raw, had = ([field.raw for field in message.fields if field.name == b"route"] for message in (after, before))
    return sent.replace(after.start, before.start).replace(b"".join(raw), b"".join(had))


def _within_content_length(data: bytes) -> bytes:
    message = parse(data)
    lengths = message.values(b"content-length")
    return data[: len(data) - len(message.body) + int(lengths[0])] if lengths else data


def _judge_reply(reply: Message, status: int, original: bytes) -> None:
    """RFC 3261, 8.2.6: what an answer copies from its request."""
    asked = parse(original)
    assert reply.start.startswith(b"SIP/2.0 %d " % status)
    assert reply.values(b"content-length") == [b"0"]
    assert not reply.body
    vias = [re.sub(rb";received=9\.42\.[0-9.]+|(?<=;rport)=\d+", b"", via) for via in reply.values(b"via")]
    assert vias == asked.values(b"via")
    for name in (b"call-id", b"cseq", b"from"):
        assert reply.values(name) == asked.values(name)[:1]
    # A tag is added to To where there is none.
    asked_of = asked.values(b"to")[:1]
    for told, wanted in zip(reply.values(b"to"), asked_of):
        assert told == wanted or told.startswith(wanted + b";tag=")
        assert b";tag=" in told
    assert len(reply.values(b"to")) == len(asked_of)


def _cut(data: bytes, chunks: str) -> Iterator[bytes]:
    if chunks == "whole":
        yield data
        return
    random_numbers = random.Random(4475)
    start = 0
    while start < len(data):
        size = 1 if chunks == "bytes" else random_numbers.randint(1, 90)
        yield data[start : start + size]
        start += size
