# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds for every message: outside nothing of the inside shows, what needs no change has none, nothing raises."""

from __future__ import annotations

import re
from typing import Any, Dict, Tuple

import pytest
from generated import Request, partner_requests, requests
from hypothesis import given
from hypothesis import strategies as st
from proxy_site import EVERY_WAY, NEVER_OUTSIDE, PROFILE, SITES, Site, shown
from sip_text import Message, parse, without

from sipnat import kernel
from sipnat.outcome import CLOSE, DROP, REPLY, REQUEST, RESPONSE, Target


@EVERY_WAY
@PROFILE
@given(data=st.data())
def test_nothing_of_the_inside_shows_outside(way: str, data: st.DataObject) -> None:
    site = SITES[way]
    sent = site.sent(data.draw(requests(site.inner, leaky=True)).data)
    message = parse(sent)
    head = sent[: len(sent) - len(message.body)]
    assert not shown(head)
    for field in message.fields:
        assert field.name not in NEVER_OUTSIDE
        if field.name in (b"via", b"contact", b"record-route", b"route", b"refer-to"):
            assert b"rtp.example" not in field.value.lower()
    for value in message.each(b"contact") + message.each(b"from") + message.each(b"to"):
        # Behind a URI without angle brackets they would be parameters of the field, which no partner dials.
        assert b";np=" not in (value.rpartition(b">")[2] if b">" in value else value), value
    for value in message.each(b"via") + message.each(b"record-route") + message.each(b"contact"):
        assert not (b";np=" in value and re.search(rb";ibm(drr|rport)", value)), value
    # A session is told by its lines, wherever it stands; texts are the users' own.
    for line in re.findall(rb"(?m)^[oc]=.*IN IP4 .*$|^a=(?:rtcp|candidate|path).*$", message.body):
        if b"text/plain" not in head and b"sipfrag" not in head and b"sdpx" not in head and b"pidf" not in head:
            assert not shown(line), line


@EVERY_WAY
@PROFILE
@given(data=st.data())
def test_the_length_is_that_of_the_body(way: str, data: st.DataObject) -> None:
    site = SITES[way]
    message = parse(site.sent(data.draw(requests(site.inner)).data))
    lengths = message.values(b"content-length")
    assert len(lengths) <= 1
    assert [int(length) for length in lengths] == [len(message.body)] * len(lengths)
    assert lengths or site.outer == "udp"


@EVERY_WAY
@PROFILE
@given(data=st.data())
def test_what_needs_no_change_is_not_touched(way: str, data: st.DataObject) -> None:
    """Every field without an address of ours, and every body but a session's, arrives byte for byte, in its order."""
    site = SITES[way]
    request = data.draw(requests(site.inner))
    sent = site.sent(request.data)
    if site.outer != "udp" and not parse(request.data).values(b"content-length"):
        sent = without(sent, b"Content-Length: %d\r\n" % len(parse(sent).body))
    added = re.findall(rb"Via: [^\r]*;branch=z9hG4bKnp[^\r]*\r\n|Record-Route: <sips?:rtp_nat[^\r]*;lr>\r\n", sent)
    assert 1 <= len(added) <= 2
    for raw in added:
        sent = without(sent, raw)
    got = [field.raw for field in parse(sent).fields]
    expected = [(name, raw) for name, raw in request.fields if name not in NEVER_OUTSIDE]
    own_route = [raw for name, raw in expected if name == b"route" and b"9.42.111.5:5062" in raw]
    if own_route and len(got) == len(expected) - 1:
        expected.remove((b"route", own_route[0]))
    assert len(got) == len(expected)
    for raw, (name, before) in zip(got, expected):
        if name in (b"max-forwards", b"content-length"):
            assert re.sub(rb"\d+", b"", raw) == re.sub(rb"\d+", b"", before)
        elif not (shown(before) or b"rtp.example" in before):
            assert raw == before
    if b"sdp" not in request.body + b"".join(raw for _, raw in request.fields).lower():
        assert parse(sent).body == request.body


@EVERY_WAY
@PROFILE
@given(data=st.data())
def test_a_repetition_is_the_same_to_everybody(way: str, data: st.DataObject) -> None:
    """Sent again, through this process or another one, it has the same bytes and the same target (RFC 3261, 16.11)."""
    site = SITES[way]
    message = data.draw(requests(site.inner, leaky=True)).data
    first = site.out(message)
    assert site.out(message) == first
    assert Site(way).out(message) == first


@EVERY_WAY
@PROFILE
@given(data=st.data())
def test_cancel_and_ack_take_the_way_of_their_invite(way: str, data: st.DataObject) -> None:
    site = SITES[way]
    request: Request = data.draw(requests(site.inner, method="INVITE"))
    _, sent, target, _ = site.out(request.data)
    for follow_up in (request.follow_up(b"CANCEL"), request.follow_up(b"ACK", b";tag=refused")):
        kind, also_sent, also_target, _ = site.out(follow_up)
        assert (kind, also_target) == (REQUEST, target)
        assert _top_via(parse(also_sent or b"")) == _top_via(parse(sent or b""))


def _top_via(message: Message) -> bytes:
    return message.each(b"via")[0]


@pytest.mark.skipif(kernel.name() != "compiled", reason="no compiled kernel: make setup")
@EVERY_WAY
@PROFILE
@given(data=st.data())
def test_compiled_or_not_is_no_difference(way: str, data: st.DataObject) -> None:
    site, compiled = SITES[way], _compiled(way)
    message = data.draw(requests(site.inner, leaky=data.draw(st.booleans()))).data
    expected = site.out(message)
    assert compiled.out(message) == expected
    if expected[0] == REQUEST:
        answer = b"SIP/2.0 200 OK" + (expected[1] or b"")[(expected[1] or b"").index(b"\r\n") :]
        assert compiled.back(answer) == site.back(answer)
    message = data.draw(partner_requests(site.outer)).data
    assert compiled.back(message) == site.back(message)


_COMPILED: Dict[str, Site] = {}


def _compiled(way: str) -> Site:
    return _COMPILED.setdefault(way, Site(way, compiled=True))


_PIECES = (
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b" ",
    b"\t",
    b":",
    b";",
    b",",
    b"<",
    b">",
    b'"',
    b"\\",
    b"@",
    b"=",
    b"%",
    b"\xff",
    b"9" * 30,
)


@st.composite
def spoilt(draw: Any, site: Site) -> bytes:
    """A message of either side, or an answer to one, that something was cut out of or put into."""
    inward = draw(st.booleans())
    message = draw(partner_requests(site.outer) if inward else requests(site.inner, leaky=True)).data
    if draw(st.booleans()):
        _, sent, _, _ = site.back(message) if inward else site.out(message)
        message = b"SIP/2.0 200 OK" + (sent or message)[(sent or message).index(b"\r\n") :]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(message)))
        piece = draw(st.one_of(st.sampled_from(_PIECES), st.binary(max_size=8)))
        message = message[:at] + piece + message[at + draw(st.integers(0, 20)) :]
    return bytes(message)


@EVERY_WAY
@PROFILE
@given(data=st.data())
def test_nothing_raises_and_nothing_leaks(way: str, data: st.DataObject) -> None:
    site, compiled = SITES[way], _compiled(way)
    message = data.draw(spoilt(site))
    for proxy, same in ((site.out, compiled.out), (site.back, compiled.back)):
        outcome = proxy(message)
        _judge(outcome)
        assert same(message) == outcome
    kind, sent, _, _ = site.out(message)
    if kind in (REQUEST, RESPONSE):
        head = (sent or b"").partition(b"\r\n\r\n")[0]
        assert not shown(head)


def _judge(outcome: Tuple[Any, ...]) -> None:
    kind, sent, target, token = outcome
    if kind in (REQUEST, RESPONSE):
        assert isinstance(sent, bytes)
        assert isinstance(target, Target)
        assert (token is None) == (kind == REQUEST)
    elif kind == REPLY:
        assert isinstance(sent, bytes)
        assert re.match(rb"SIP/2\.0 [2-6]\d\d [^\r]+\r\n", sent)
        assert target is None
    else:
        assert kind in (DROP, CLOSE)
        assert isinstance(target, str)
        assert target
