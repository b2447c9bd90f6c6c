# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds for every message that went there and back: nobody finds anything but what it wrote."""

from __future__ import annotations

import re
from typing import List

from generated import DIALLED, Request, contacts, partner_requests, requests
from hypothesis import given
from hypothesis import strategies as st
from proxy_site import EVERY_WAY, NEVER_OUTSIDE, PROFILE, SITES
from sip_text import parse

from sipnat.outcome import REQUEST, RESPONSE, Target


@EVERY_WAY
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


@EVERY_WAY
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
    expected = [raw for name, raw in request.fields if name not in _HOP_BY_HOP + NEVER_OUTSIDE]
    returned = [field.raw for field in got.fields if field.name not in _HOP_BY_HOP]
    if site.outer != "udp" and not parse(request.data).values(b"content-length"):
        # A stream needs it (RFC 3261, 18.3).
        assert returned.pop() == b"Content-Length: %d\r\n" % len(got.body)
    assert _but_the_length(returned) == _but_the_length(expected)
    assert got.body == request.body


_HOP_BY_HOP = (b"via", b"max-forwards", b"route", b"record-route")


def _but_the_length(raws: List[bytes]) -> List[bytes]:
    return [
        re.sub(rb"\d+(?=\r\n$)", b"", raw) if re.match(rb"(?i)content-length|l[ \t]*:", raw) else raw for raw in raws
    ]


@EVERY_WAY
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


@EVERY_WAY
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
