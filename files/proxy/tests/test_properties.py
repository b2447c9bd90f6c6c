# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds for every message: there and back nothing is lost, outside nothing of the inside shows, nothing raises."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Tuple

import pytest
from generated import DIALLED, Request, contacts, partner_requests, requests, world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sip_text import Message, parse, without

from sipnat import kernel
from sipnat.flow import Flow
from sipnat.outcome import CLOSE, DROP, REPLY, REQUEST, RESPONSE, Outcome, Target
from sipnat.rewrite import Rewriter
from sipnat.rules import Rules

# The transports inside and outside.
WAYS = ("udp-udp", "tcp-tcp", "tcp-tls", "udp-tcp")
WORLDS = {way: world(*way.split("-")) for way in WAYS}
INSIDE_ADDRESS = re.compile(rb"(?<![0-9.])9\.42\.111\.[0-9]{1,3}(?![0-9])|2001:0?db8:0?0?0?1:", re.IGNORECASE)


def _shown(text: bytes) -> List[bytes]:
    """Inside addresses in a text, escaped ones too."""
    return INSIDE_ADDRESS.findall(text + b"\n" + text.replace(b"%40", b"@"))


# The same examples in every run: a failure is one of the change, not of the day.
PROFILE = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
every_way = pytest.mark.parametrize("way", WAYS)


class Site:
    """A proxy, and those who talk through it."""

    def __init__(self, way: str, *, compiled: bool = False) -> None:
        config = WORLDS[way]
        self.inner, self.outer = way.split("-")
        rules = Rules(config, lambda call_id: config.upstreams[0])
        self.rewriter = kernel.rewriter(rules) if compiled else Rewriter(rules)
        self.node = Flow(True, self.inner, _token(self.inner, 0), "9.42.111.2", 5060)
        self.partner = Flow(False, self.outer, _token(self.outer, 1), "9.42.124.60", 40123)

    def out(self, data: bytes) -> Outcome:
        """What a node sends."""
        return self.rewriter.process(data, self.node)

    def back(self, data: bytes) -> Outcome:
        """What the partner sends."""
        return self.rewriter.process(data, self.partner)

    def sent(self, data: bytes) -> bytes:
        """A request of a node as the partner gets it."""
        kind, sent, target, _ = self.out(data)
        assert kind == REQUEST, (kind, sent, target)
        assert sent is not None
        assert target.peer == "partner"
        return sent


def _token(transport: str, number: int) -> bytes:
    return b"%b%d" % (b"u" if transport == "udp" else b"c1.", number)


# One of each, so that memory of earlier messages is part of the trial.
SITES = {way: Site(way) for way in WAYS}


@every_way
@PROFILE
@given(data=st.data())
def test_an_answer_finds_everything_as_it_was(way: str, data: st.DataObject) -> None:
    site = SITES[way]
    request = data.draw(requests(site.inner))
    sent = parse(site.sent(request.data))
    copied = [field.raw for field in sent.fields if field.name in _COPIED]
    answer = b"SIP/2.0 183 On its way\r\n" + b"".join(copied) + b"Content-Length: 0\r\n\r\n"
    kind, back, target, token = site.back(answer)
    assert (kind, token) == (RESPONSE, site.node.token)
    assert isinstance(target, Target)
    assert target.inside
    before = [field for field in parse(request.data).fields if field.name in _COPIED]
    after = [field for field in parse(back or b"").fields if field.name in _COPIED]
    # Our own Record-Route is there for the dialog: by now as the node reaches us.
    records = [field for field in after if field.name == b"record-route"]
    if len(after) > len(before):
        assert re.fullmatch(rb"<sip:9\.42\.111\.5:5062(;transport=tcp)?;lr>", records[0].value)
        after.remove(records[0])
    assert [_unreceived(field.raw) for field in after] == [_unreceived(field.raw) for field in before]


_COPIED = (b"via", b"record-route", b"from", b"to", b"call-id", b"cseq")


def _unreceived(raw: bytes) -> bytes:
    """What RFC 3261, 18.2.1, and RFC 3581 have the proxy add to the Via that it received."""
    return re.sub(rb";received=9\.42\.111\.2\b|(?<=rport)=5060\b", b"", raw)


@every_way
@PROFILE
@given(data=st.data())
def test_what_the_partner_returns_comes_back_as_it_was(way: str, data: st.DataObject) -> None:
    """Addresses that the partner learnt and uses in a request of its own, and the body too."""
    site = SITES[way]
    request = data.draw(requests(site.inner))
    sent = parse(site.sent(request.data))
    kept = [field for field in sent.fields if field.name not in _HOP_BY_HOP]
    via = b"Via: SIP/2.0/%b 9.42.124.60:5060;branch=z9hG4bKback\r\n" % site.outer.upper().encode()
    head = b"%b sip:carol@rtp_nat.ibm.com:5060 SIP/2.0\r\n" % request.method + via + b"Max-Forwards: 70\r\n"
    kind, back, _, _ = site.back(head + b"".join(field.raw for field in kept) + b"\r\n" + sent.body)
    assert kind == REQUEST, (kind, back)
    got = parse(back or b"")
    expected = [raw for name, raw in request.fields if name not in _HOP_BY_HOP + _NEVER_OUTSIDE]
    returned = [field.raw for field in got.fields if field.name not in _HOP_BY_HOP]
    if site.outer != "udp" and not parse(request.data).values(b"content-length"):
        # A stream needs it (RFC 3261, 18.3).
        assert returned.pop() == b"Content-Length: %d\r\n" % len(got.body)
    assert _but_the_length(returned) == _but_the_length(expected)
    assert got.body == request.body


_HOP_BY_HOP = (b"via", b"max-forwards", b"route", b"record-route")
_NEVER_OUTSIDE = (b"ibm-po", b"outboundiflist")


def _but_the_length(raws: List[bytes]) -> List[bytes]:
    return [
        re.sub(rb"\d+(?=\r\n$)", b"", raw) if re.match(rb"(?i)content-length|l[ \t]*:", raw) else raw for raw in raws
    ]


@every_way
@PROFILE
@given(data=st.data())
def test_what_the_partner_dials_is_what_the_node_called_itself(way: str, data: st.DataObject) -> None:
    """A request inside the dialog: to the URI of Contact, by way of Record-Route."""
    site = SITES[way]
    contact = data.draw(contacts())
    request: Request = data.draw(requests(site.inner, method="INVITE", contact=contact))
    sent = parse(site.sent(request.data))
    dialled = _uri(next(value for value in sent.each(b"contact") if b"tag-of-contact" in value))
    route = next(value for value in sent.each(b"record-route") if value.startswith(b"<sip:rtp_nat.ibm.com:5060"))
    lines = [b"Via: SIP/2.0/%b 9.42.124.60;branch=z9hG4bKbye" % site.outer.upper().encode(), b"Route: " + route]
    lines += [b"Max-Forwards: 70", b"From: <sip:b@partner.example>;tag=b2", b"To: <sip:a@rtp.example>;tag=a1"]
    lines += [b"Call-ID: 1", b"CSeq: 1 BYE", b"Content-Length: 0", b"", b""]
    kind, back, target, _ = site.back(b"BYE %b SIP/2.0\r\n" % dialled + b"\r\n".join(lines))
    assert (kind, target.inside) == (REQUEST, True)
    assert parse(back or b"").start == b"BYE %b SIP/2.0" % _uri(contact.encode())
    assert not parse(back or b"").values(b"route")


def _uri(value: bytes) -> bytes:
    """What is dialled of a value of Contact: the URI without its headers (RFC 3261, 19.1.1)."""
    # The last one: a display name in quotes may hold others.
    _, bracket, rest = value.rpartition(b"<")
    uri = rest.partition(b">")[0] if bracket else value.partition(b";")[0]
    return uri.partition(b"?")[0].strip()


@every_way
@PROFILE
@given(data=st.data())
def test_the_partner_finds_its_own_values_as_they_were(way: str, data: st.DataObject) -> None:
    """What it wrote into a request is in the answer byte for byte, and inside its Request-URI is what NAT hid."""
    site = SITES[way]
    request = data.draw(partner_requests(site.outer))
    kind, inside, target, _ = site.back(request.data)
    assert kind == REQUEST, (kind, inside)
    assert target.inside
    asked = parse(inside or b"")
    assert asked.start == b"%b %b SIP/2.0" % (request.method, DIALLED[request.uri.decode()].encode())
    copied = [field.raw for field in asked.fields if field.name in _COPIED]
    answer = b"SIP/2.0 200 OK\r\n" + b"".join(copied) + b"Content-Length: 0\r\n\r\n"
    kind, back, _, token = site.out(answer)
    assert (kind, token) == (RESPONSE, site.partner.token), back
    before = [raw for name, raw in request.fields if name in _COPIED]
    after = [field.raw for field in parse(back or b"").fields if field.name in _COPIED]
    if len(after) > len(before):
        after.remove(next(raw for raw in after if raw.startswith(b"Record-Route: <sip:rtp_nat.ibm.com:5060")))
    assert [re.sub(rb";received=9\.42\.124\.60|(?<=rport)=40123", b"", raw) for raw in after] == before


@every_way
@PROFILE
@given(data=st.data())
def test_nothing_of_the_inside_shows_outside(way: str, data: st.DataObject) -> None:
    site = SITES[way]
    sent = site.sent(data.draw(requests(site.inner, leaky=True)).data)
    message = parse(sent)
    head = sent[: len(sent) - len(message.body)]
    assert not _shown(head)
    for field in message.fields:
        assert field.name not in _NEVER_OUTSIDE
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
            assert not _shown(line), line


@every_way
@PROFILE
@given(data=st.data())
def test_the_length_is_that_of_the_body(way: str, data: st.DataObject) -> None:
    site = SITES[way]
    message = parse(site.sent(data.draw(requests(site.inner)).data))
    lengths = message.values(b"content-length")
    assert len(lengths) <= 1
    assert [int(length) for length in lengths] == [len(message.body)] * len(lengths)
    assert lengths or site.outer == "udp"


@every_way
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
    expected = [(name, raw) for name, raw in request.fields if name not in _NEVER_OUTSIDE]
    own_route = [raw for name, raw in expected if name == b"route" and b"9.42.111.5:5062" in raw]
    if own_route and len(got) == len(expected) - 1:
        expected.remove((b"route", own_route[0]))
    assert len(got) == len(expected)
    for raw, (name, before) in zip(got, expected):
        if name in (b"max-forwards", b"content-length"):
            assert re.sub(rb"\d+", b"", raw) == re.sub(rb"\d+", b"", before)
        elif not (_shown(before) or b"rtp.example" in before):
            assert raw == before
    if b"sdp" not in request.body + b"".join(raw for _, raw in request.fields).lower():
        assert parse(sent).body == request.body


@every_way
@PROFILE
@given(data=st.data())
def test_a_repetition_is_the_same_to_everybody(way: str, data: st.DataObject) -> None:
    """Sent again, through this process or another one, it has the same bytes and the same target (RFC 3261, 16.11)."""
    site = SITES[way]
    message = data.draw(requests(site.inner, leaky=True)).data
    first = site.out(message)
    assert site.out(message) == first
    assert Site(way).out(message) == first


@every_way
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


@pytest.mark.skipif(kernel.name() != "compiled", reason="no compiled kernel: make kernel")
@every_way
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


@every_way
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
        assert not _shown(head)


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
