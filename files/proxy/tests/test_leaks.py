# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The guard: no inside address leaves in a header block, and what the other side sends back is recognised."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Callable

import pytest
from configs import EVERYTHING, changed, loaded
from hypothesis import given
from hypothesis import strategies as st

from sipnat.rewriting.leaks import Guard

# Inside: 192.0.2.0/24 and 2001:db8:1::/64; the public address is 203.0.113.45.
CONFIG = loaded(EVERYTHING)


def _head(*fields: bytes) -> bytes:
    return b"\r\n".join((b"MESSAGE sip:bob@away.example SIP/2.0", *fields, b"", b""))


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"User-Agent: node/1 (192.0.2.11)", b"User-Agent: node/1 (203.0.113.45)"),
        (b"Warning: 399 192.0.2.11:5060 \"at 192.0.2.11.\"", b"Warning: 399 203.0.113.45:5060 \"at 203.0.113.45.\""),
        (b'From: "at 192.0.2.11" <sip:a@b>;tag=1', b'From: "at 203.0.113.45" <sip:a@b>;tag=1'),
        (b"X-Folded: a\r\n 192.0.2.200,\r\n\t192.0.2.11", b"X-Folded: a\r\n 203.0.113.45,\r\n\t203.0.113.45"),
        (b"X-Router:192.0.2.1", b"X-Router:203.0.113.45"),
        (b"X-Name: ip-192.0.2.11.home.example", b"X-Name: ip-203.0.113.45.home.example"),
        (b"X-Six: [2001:db8:1::11]:5060 2001:DB8:1:0::11.", b"X-Six: 203.0.113.45:5060 203.0.113.45."),
        (b"X-Six:2001:db8:1::11%eth0, 2001:0db8:0001::7", b"X-Six:203.0.113.45%eth0, 203.0.113.45"),
        (b"X-Six: ::ffff:192.0.2.11 ::192.0.2.11", b"X-Six: 203.0.113.45 ::203.0.113.45"),
        (b"X-Six: 2001:db8:1::11: [2001:db8:1::11:Gateway", b"X-Six: 203.0.113.45: 203.0.113.45:Gateway"),
        (b"192.0.2.11 without colon", b"203.0.113.45 without colon"),
        (b"X: %%%192.0.2.11 %40192.0.2.11 %a192.0.2.11", b"X: %%%203.0.113.45 %40203.0.113.45 %a203.0.113.45"),
        (b"2001:db8:1::11", b"203.0.113.45"),
        (b"X-2001:db8:1::11-Y: 1", b"X-203.0.113.45-Y: 1"),
        (b"X-Code:2001:db8:1::11", b"X-Code:203.0.113.45"),
        (b"Contact: <sip:a@192.0.2.77;maddr = 192.0.2.78>", b"Contact: <sip:a@203.0.113.45;maddr = 203.0.113.45>"),
        (b"Contact: <sip:[2001:db8:1::77]:5060>", b"Contact: <sip:203.0.113.45:5060>"),
    ],
)  # fmt: skip
def test_what_nobody_routes_by_shows_the_public_address(field: bytes, expected: bytes) -> None:
    guard = Guard(CONFIG)
    assert guard.mask(_head(field)) == _head(expected)
    assert guard.restore(_head(expected)) == _head(expected)


@pytest.mark.parametrize(
    "field",
    [
        b"Via: SIP/2.0/UDP out.home.example:5070;rport;branch=z9hG4bKnpu0-13c4-1~192.0.2.11-1",
        b"Via: SIP/2.0/UDP 192.0.2.77:5060;received=192.0.2.78;maddr=2001:db8:1::1",
        b"Via: SIP/2.0/TCP [2001:db8:1::77]:5060;received=[2001:db8:1::78]",
        b"Via: SIP/2.0/TCP [::FFFF:192.0.2.11]:5060;received=2001:DB8:1::0078;maddr=[192.0.2.11",
        b"v: SIP/2.0/UDP out.home.example:5070;ibmsid = local.192.0.2.11_1;branch=z9hG4bK2",
        b"From: <sip:a@b>;tag=192.0.2.11-1",
        b"Call-ID: 192.0.2.11-1@192.0.2.11:5060",
        b"i: [2001:db8:1::11]1@x",
        b"i: 2001:db8:1::11:@x",
        b"Replaces: 1@192.0.2.11;to-tag=192.0.2.11;from-tag=1",
        b"In-Reply-To: 1@192.0.2.11,2@192.0.2.200",
        b"Refer-To: <sip:a@b?Replaces=1%40192.0.2.11%3Bto-tag%3D7>",
        b"Contact: <sip:%%%192.0.2.11@b;x=%192.0.2.1;y=%a1192.0.2.1>",
        b"Contact: <sip:192.0.2.11-a:192.0.2.12@out.home.example;x=192.0.2.11>",
        b"Event: dialog;id=192.0.2.11",
        b"SIP-ETag: x=192.0.2.11",
    ],
)
def test_what_comes_back_is_recognised(field: bytes) -> None:
    guard = Guard(CONFIG)
    outside = guard.mask(_head(field))
    assert b"192.0.2." not in outside
    assert b"2001:" not in outside
    assert guard.restore(outside) == _head(field)


@pytest.mark.parametrize(
    "field",
    [
        b"User-Agent: 1192.0.2.11 192.0.2.111.1 1.192.0.2.11 192.0.2 192.0.2.256 192.0.2.1111",
        b"X: 203.0.113.45 0.0.0.0 198.51.100.7 2001:db8:2::7 2001:db8:1 02001:db8:1::7",
        b"Date: Sat, 13 Nov 2010 23:29:00 GMT",
        b"X: np-x0-b-z np-x",
        b"Via: np-x0-b np-x0-zz-z np-x0-0b-z np-x00-b-z np-x9-0-z np-x0-100-z np-xy-z np-xx0-b-z",
        b"Via: np-xh-z np-xh61-z np-xh3139322e302e322e3131-z np-xh203139322e302e322e3131-z np-xh7878-z",
    ],
)
def test_what_is_no_inside_address_stays(field: bytes) -> None:
    guard = Guard(CONFIG)
    head = _head(field)
    assert guard.mask(head) is head
    assert guard.restore(head) == head
    assert guard.counters == {}


@pytest.mark.parametrize(
    "field",
    [
        b"Via: SIP/2.0/UDP 192.0.2.11:5060;branch=z9hG4bK192.0.2.11",
        b"v: SIP/2.0/TCP [2001:db8:1::77]:5060;received=2001:db8:1::78",
        b"From: <sip:192.0.2.11@away.example>;tag=192.0.2.11",
        b"Call-ID: 17@192.0.2.11:5060",
        b"Call-ID: np-x1-11-z@192.0.2.11-np-x0-b-z",
        b"Record-Route: <sip:192.0.2.11@away.example;x=192.0.2.12>",
        b"Contact: Bob <sip:b@192.0.2.11:5070;transport=tcp>, <sips:[2001:db8:1::77]>",
        b"From: sip:192.0.2.99;tag=1",
        b"Contact: <sip:b@away.example:5070;maddr=192.0.2.11;transport=tcp>",
    ],
)
def test_what_comes_from_outside_goes_back_as_it_was(field: bytes) -> None:
    """The other side has the same private addresses, or somebody there plays with our tokens."""
    guard = Guard(CONFIG)
    inside = guard.restore(_head(field))
    assert inside != _head(field)
    assert guard.mask(inside) == _head(field)


@pytest.mark.parametrize("field", [b"X: 192.0.2.11 np-x0-b-z", b'To: "at 192.0.2.11" <sip:a@b>'])
def test_where_nothing_comes_back_the_outside_is_left_alone(field: bytes) -> None:
    head = _head(field)
    assert Guard(CONFIG).restore(head) is head


def test_whom_the_outside_calls_is_left_alone_and_may_be_called_back() -> None:
    head = b"BYE sip:192.0.2.11@192.0.2.12:5060;transport=tcp SIP/2.0\r\n\r\n"
    inside = Guard(CONFIG).restore(head)
    assert b"@192.0.2.12:5060" in inside
    called = b"BYE sip:a@np-x0-c-z;x=1 SIP/2.0\r\n\r\n"
    assert Guard(CONFIG).mask(called) == called.replace(b"np-x0-c-z", b"192.0.2.12")


def test_routes_over_machines_that_nobody_configured_come_back() -> None:
    head = _head(b"Record-Route: <sip:192.0.2.77;lr>,<sip:192.0.2.78:5070;transport=tcp;lr>")
    outside = Guard(CONFIG).mask(head)
    assert outside == _head(b"Record-Route: <sip:np-x0-4d-z;lr>,<sip:np-x0-4e-z:5070;transport=tcp;lr>")
    back = outside.replace(b"Record-Route", b"Route")
    assert Guard(CONFIG).restore(back) == head.replace(b"Record-Route", b"Route")


def test_public_addresses_within_an_inside_network_stay() -> None:
    guard = Guard(replace(CONFIG, networks=("203.0.113.0/24",)))
    head = _head(b"X: 203.0.113.45 203.0.113.46 203.0.113.52")
    assert guard.mask(head) is head
    assert guard.mask(_head(b"X: 203.0.113.47")) == _head(b"X: 203.0.113.45")


def test_an_address_of_the_other_family_gets_brackets() -> None:
    guard = Guard(loaded(changed(EVERYTHING, "public.address", "2001:db8:9::45")))
    assert guard.mask(_head(b"X: sip:a@192.0.2.99:5060")) == _head(b"X: sip:a@[2001:db8:9::45]:5060")
    assert guard.mask(_head(b"X: sip:a@[2001:db8:1::99]")) == _head(b"X: sip:a@[2001:db8:9::45]")


def test_inside_and_outside_addresses_in_one_network_of_a_class() -> None:
    guard = Guard(replace(CONFIG, networks=("203.0.113.64/26", "2001:db8:1::/64"), hosts=()))
    head = _head(
        b"Via: SIP/2.0/TCP 203.0.113.45:5060;received=203.0.113.1", b"X: [2001:db8:2::7]:5060, 2001:db8:1:1::1."
    )
    assert guard.mask(head) is head
    assert guard.restore(head) is head
    for hidden in (b"203.0.113.65", b"1203.0.113.45 203.0.113.66x", b"2001:db8:1:0::1", b"%40203.0.113.127"):
        masked = guard.mask(head[:-4] + b"\r\nX: " + hidden + b"\r\n\r\n")
        assert masked.startswith(head[:-4])
        assert b"203.0.113.45" in masked[len(head) :]
        assert not re.search(rb"203\.0\.113\.(6|127)|8:1:0", masked)


@pytest.mark.parametrize(
    ("network", "inside", "outside"),
    [
        ("10.0.0.0/8", b"10.9.8.7", b"11.9.8.7"),
        ("172.16.0.0/12", b"172.31.255.255", b"172.32.0.0"),
        ("10.1.128.0/17", b"10.1.128.1", b"10.1.127.255"),
        ("192.0.2.64/26", b"192.0.2.127", b"192.0.2.128"),
        ("192.0.2.64/32", b"192.0.2.64", b"192.0.2.65"),
        ("128.0.0.0/2", b"191.255.0.1", b"192.0.0.1"),
        ("fc00::/7", b"fdff::1", b"fe00::1"),
        ("2000::/3", b"3fff::1", b"4000::1"),
        ("2001:db8::/32", b"2001:0DB8:FFFF::", b"2001:db9::"),
        ("100::/16", b"0100::1", b"101::1"),
        ("::1:0:0/96", b"0:0::1:0:9", b"::2:0:9"),
        ("0a00::/12", b"a0f::1", b"a10::1"),
    ],
)
def test_networks_of_any_size(network: str, inside: bytes, outside: bytes) -> None:
    guard = Guard(replace(CONFIG, networks=(network,), hosts=(), firewall=()))
    assert guard.mask(_head(b"X: <" + inside + b">")) == _head(b"X: <203.0.113.45>")
    head = _head(b"X: <" + outside + b">")
    assert guard.mask(head) is head


def test_the_leaks_are_counted_by_field() -> None:
    guard = Guard(CONFIG)
    guard.mask(_head(b"X-A : 192.0.2.11 192.0.2.12", b"i: 192.0.2.11", b"Server: 192.0.2.11", b"x-a:192.0.2.13"))
    assert guard.counters == {"x-a": 3, "call-id": 1, "server": 1}
    for number in range(1000):
        guard.mask(_head(b"X-%d: 192.0.2.11" % number))
    assert len(guard.counters) < 200
    assert sum(guard.counters.values()) == 1005


_pieces = st.sampled_from(
    b"192.0.2.11|2001:db8:1::11|203.0.113.45|::ffff:192.0.2.11|[|]|:|;|=|@|<|>|\"|,|%40|1|.|a|Via:|Call-ID:|X:|tag"
    .split(b"|")
)  # fmt: skip
_ends = st.sampled_from([b"\r\n", b"\n", b" ", b"", b"\r\n ", b"\xff", b"\0"])
_anything = st.one_of(
    st.binary(max_size=200),
    st.lists(st.tuples(_pieces, _ends).map(b"".join), max_size=30).map(b"".join),
)


@given(_anything)
def test_no_address_is_left_in_any_bytes(head: bytes) -> None:
    guard = Guard(CONFIG)
    masked = guard.mask(head)
    assert not re.search(rb"(?<![0-9.])192\.0\.2\.11(?![0-9.])|(?<![0-9a-f:])2001:db8:1::11(?!:?[0-9a-f]|::)", masked)
    assert (masked is head) == (not guard.counters)
    guard.restore(head)


_literals = st.sampled_from([b"192.0.2.11", b"192.0.2.1", b"192.0.2.255", b"192.0.2.0", b"2001:db8:1::11"])
_tokens = st.sampled_from([b"np-x0-b-z", b"np-xy1-11-z", b"np-x0-0b-z", b"[2001:db8:1::11]", b"192.0.2.999"])
_between = st.sampled_from([b"-", b"_1~", b"!", b".x"])
_fields = st.sampled_from(
    [
        b"Call-ID: %s",
        b"i: a@%s",
        b"v: SIP/2.0/UDP %s:5060;branch=1",
        b"In-Reply-To: a@b, %s",
        b"From: <sip:%s@away.example>;tag=1",
        b"To: sip:a@away.example;tag=%s",
        b"Contact: <sip:a@away.example;x=%s>",
    ]
)


def _text(pieces: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    return st.lists(st.tuples(pieces, _between).map(b"".join), max_size=6).map(b"".join)


@given(_fields, _text(_literals))
def test_what_goes_out_comes_back(field: bytes, text: bytes) -> None:
    guard = Guard(CONFIG)
    head = _head(field % text)
    masked = guard.mask(head)
    assert b"192.0.2." not in masked
    assert b"2001:db8:1:" not in masked
    assert guard.restore(masked) == head


@given(_fields, _text(_literals | _tokens))
def test_what_comes_in_goes_back(field: bytes, text: bytes) -> None:
    guard = Guard(CONFIG)
    head = _head(field % text)
    assert guard.mask(guard.restore(head)) == head


def _fastest(call: Callable[[], object]) -> float:
    """The least time of the processor that it takes, whatever else runs on the machine."""
    best = float("inf")
    for _unused in range(5):
        before = time.process_time()
        call()
        best = min(best, time.process_time() - before)
    return best


@pytest.mark.parametrize("name", [b"Via", b"Contact"])
@pytest.mark.parametrize(
    "piece",
    b"192.0.2.11,|192.0.2.|1|1.|a:|::|[|%40|np-xh61|tag=|a@|;a=192.0.2.11-|2001:db8:1::1|f|.1.2.3:|\r\n ".split(b"|"),
)
def test_the_time_grows_with_the_size(name: bytes, piece: bytes) -> None:
    """Sixteen times the size: what is quadratic takes 256 times as long."""
    guard = Guard(CONFIG)
    small, large = (_head(name + b": 192.0.2.11" + piece * (size // len(piece))) for size in (4096, 65536))
    for check in (guard.mask, guard.restore):
        assert _fastest(lambda: check(large)) < 100 * _fastest(lambda: check(small))  # noqa: B023 - called at once
