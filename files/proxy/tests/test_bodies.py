# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bodies: which addresses are replaced, that nothing else is, and that it takes any bytes in linear time."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Callable

import pytest
from configs import EVERYTHING, SCENARIO, changed, loaded
from hypothesis import given
from hypothesis import strategies as st

from sipnat.rewriting.body import Bodies

SDP = b"application/sdp"
# node1: 192.0.2.11 and 2001:db8:1::11, public 203.0.113.45; node2: 192.0.2.12, media address 203.0.113.52.
BODIES = Bodies(loaded(EVERYTHING))
# The same where the outside speaks IPv6 only.
SIX = Bodies(loaded(changed(EVERYTHING, "public.address", "2001:db8:9::45")))

INVITE = (
    b"v=0\r\no=alice 3404 3404 IN IP4 192.0.2.11\r\ns=Sametime 192.0.2.11\r\nc=IN IP4 192.0.2.11\r\nt=0 0\r\n"
    b"m=audio 40000 RTP/AVP 0\r\na=rtcp:40001 IN IP4 192.0.2.11\r\n"
    b"m=video 40002 RTP/AVP 31\r\nc=IN IP4 192.0.2.12\r\na=rtcp:40003\r\na=sendrecv\r\n"
)


def test_an_offer_of_several_streams() -> None:
    assert BODIES.convert(SDP, INVITE, True) == (
        b"v=0\r\no=alice 3404 3404 IN IP4 203.0.113.45\r\ns=Sametime 192.0.2.11\r\nc=IN IP4 203.0.113.45\r\nt=0 0\r\n"
        b"m=audio 40000 RTP/AVP 0\r\na=rtcp:40001 IN IP4 203.0.113.45\r\n"
        b"m=video 40002 RTP/AVP 31\r\nc=IN IP4 203.0.113.52\r\na=rtcp:40003\r\na=sendrecv\r\n"
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"o=- 0 0 IN IP4 192.0.2.11", b"o=- 0 0 IN IP4 203.0.113.45"),
        (b"o=- 0 0  IN  IP4\t192.0.2.11 ", b"o=- 0 0  IN  IP4\t203.0.113.45 "),
        (b"c=IN IP4 192.0.2.12", b"c=IN IP4 203.0.113.52"),
        (b"c=IN IP4 192.0.2.12/127", b"c=IN IP4 203.0.113.52/127"),
        (b"c=IN IP6 2001:db8:1::11", b"c=IN IP4 203.0.113.45"),
        (b"c=IN IP6 2001:0DB8:1:0::11", b"c=IN IP4 203.0.113.45"),
        (b"c=IN IP6 ::ffff:192.0.2.12", b"c=IN IP4 203.0.113.52"),
        (b"c=IN IP4 node1.home.example", b"c=IN IP4 203.0.113.45"),
        (b"c=IN IP4 Node1.Home.Example", b"c=IN IP4 203.0.113.45"),
        (b"a=rtcp:53020 IN IP4 192.0.2.11", b"a=rtcp:53020 IN IP4 203.0.113.45"),
        (b"c=IN IP4 192.0.2.77", b"c=IN IP4 203.0.113.45"),  # nobody we know, but of the inside
        (b"c=IN IP4 192.0.2.1", b"c=IN IP4 203.0.113.45"),  # the router's inside address
        (
            b"a=candidate:1 1 UDP 2130706431 192.0.2.11 5000 typ host",
            b"a=candidate:1 1 UDP 2130706431 203.0.113.45 5000 typ host",
        ),
        (
            b"a=candidate:2 1 UDP 1694498815 198.51.100.3 45664 typ srflx raddr 192.0.2.12 rport 8998 generation 0",
            b"a=candidate:2 1 UDP 1694498815 198.51.100.3 45664 typ srflx raddr 203.0.113.52 rport 8998 generation 0",
        ),
        (
            b"a=candidate:Yk8 1 x/2kG UDP 0.830 192.0.2.11 32776 ",
            b"a=candidate:Yk8 1 x/2kG UDP 0.830 203.0.113.45 32776 ",
        ),
        (
            b"a=alt:1 2 : 8sYR SCLf 192.0.2.12 32776",
            b"a=alt:1 2 : 8sYR SCLf 203.0.113.52 32776",
        ),
        (
            b"a=remote-candidates:1 192.0.2.11 5000 2 192.0.2.12 5001",
            b"a=remote-candidates:1 203.0.113.45 5000 2 203.0.113.52 5001",
        ),
        (
            b"a=path:msrp://192.0.2.11:7394/2s93i9;tcp msrps://alice@[2001:db8:1::11]:9892/98cjs;tcp msrp://192.0.2.12/a;tcp",
            b"a=path:msrp://203.0.113.45:7394/2s93i9;tcp msrps://alice@203.0.113.45:9892/98cjs;tcp msrp://203.0.113.52/a;tcp",
        ),
        (
            b"a=source-filter: incl IN IP4 232.3.4.5 192.0.2.11 192.0.2.12",
            b"a=source-filter: incl IN IP4 232.3.4.5 203.0.113.45 203.0.113.52",
        ),
    ],
)
def test_a_line_with_an_inside_address(line: bytes, expected: bytes) -> None:
    for end in (b"", b"\r\n", b"\n", b"\r\nt=0 0\r\n"):
        assert BODIES.convert(SDP, b"v=0\r\n" + line + end, True) == b"v=0\r\n" + expected + end


@pytest.mark.parametrize(
    "line",
    [
        b"c=IN IP4 0.0.0.0",
        b"c=IN IP6 ::",
        b"c=IN IP4 224.2.1.1/127/3",
        b"c=IN IP4 192.0.2.110.1",
        b"c=IN IP4 192.0.2.011",  # leading zeros: no address
        b"c=IN IP4 1192.0.2.11",
        b"c=IN IP4 x192.0.2.11",
        b"c=IN IP4 192.0.2.11.example.com",
        b"c=IN IP4 192.0.21.11",
        b"c=IN IP4 198.51.100.7",
        b"c=IN IP6 2001:db8:2::11",
        b"c=IN X 192.0.2.11",
        b"c=192.0.2.11",
        b"o=192.0.2.11 1 1 IN IP4 198.51.100.7",
        b"m=message 192.0.2.11 sip null",
        b"s=c=IN IP4 192.0.2.11",
        b"i=IN IP4 192.0.2.11",
        b"u=http://192.0.2.11/",
        b"a=rtcp:192.0.2.11",
        b"a=tool:IN IP4 192.0.2.11",
        b"a=path:sip:192.0.2.11",
        b"a=path:msrp://[192.0.2.11",
        b"a=candidate:192.0.2.11 1 UDP 2130706431",
        b"a=source-filter: 192.0.2.11",
        b"a=source-filter: incl IN IP6 ff0e::11a 192.0.2.11",
    ],
)
def test_a_line_that_stays(line: bytes) -> None:
    body = b"v=0\r\n" + line + b"\r\n"
    assert BODIES.convert(SDP, body, True) is body


def test_the_type_follows_the_address() -> None:
    assert SIX.convert(SDP, b"c=IN IP4 192.0.2.11\r\n", True) == b"c=IN IP6 2001:db8:9::45\r\n"
    assert SIX.convert(SDP, b"c=IN IP6 2001:DB8:9:0::45\r\n", False) == b"c=IN IP6 2001:db8:1::11\r\n"
    path = b"a=path:msrp://192.0.2.11:7394/a;tcp"
    assert SIX.convert(SDP, path, True) == b"a=path:msrp://[2001:db8:9::45]:7394/a;tcp"


def test_an_answer_that_names_our_addresses_on_the_way_in() -> None:
    body = b"a=remote-candidates:1 203.0.113.45 5000 2 203.0.113.52 5001\nc=IN IP4 203.0.113.46\nc=IN IP4 203.0.113.5\n"
    # 203.0.113.45 is the media address of node1 and of the proxy: the lowest id has it.
    assert BODIES.convert(SDP, body, False) == (
        b"a=remote-candidates:1 192.0.2.11 5000 2 192.0.2.12 5001\nc=IN IP4 203.0.113.46\nc=IN IP4 203.0.113.5\n"
    )


def test_what_comes_in_may_name_inside_addresses() -> None:
    assert BODIES.convert(SDP, INVITE, False) is INVITE


@pytest.mark.parametrize(
    ("content_type", "described"),
    [
        (b"application/sdp", True),
        (b" \r\n\tApplication / SDP ;\r\n charset=utf-8 ", True),
        (b"application/sdpx", False),
        (b"text/plain", False),
        (b"message/sipfrag", False),
        (b"application/pidf+xml", False),
        (b"", False),
        (b"multipart/mixed", False),
        (b"application/x;boundary=b", False),
    ],
)
def test_only_descriptions_are_converted(content_type: bytes, described: bool) -> None:
    assert (BODIES.convert(content_type, INVITE, True) is not INVITE) == described


# A certificate, so to speak: binary, with line breaks and with what looks like an address.
BINARY = b"\x00\xff\n\r\n--x c=IN IP4 192.0.2.11\r\x80\x00--bound"
PART = b"c=IN IP4 192.0.2.11\r\n"
CONVERTED = b"c=IN IP4 203.0.113.45\r\n"


def _mixed(part: bytes, boundary: bytes = b"bound", head: bytes = b"Content-Type: application/sdp\r\n") -> bytes:
    pieces = [
        b"c=IN IP4 192.0.2.11 is the preamble\r\n--%s\r\nContent-Type: application/octet-stream\r\n\r\n" % boundary,
        BINARY,
        b"\r\n--%s \t\r\n%s\r\n%s" % (boundary, head, part),
        b"\r\n--%s--\r\nc=IN IP4 192.0.2.11\r\n" % boundary,
    ]
    return b"".join(pieces)


@pytest.mark.parametrize(
    "content_type",
    [
        b"multipart/mixed;boundary=bound",
        b'Multipart/Mixed ; x="a;boundary=wrong" ;\r\n  Boundary = "b\\ound" ; charset=x',
        b"multipart/alternative; boundary=bound ",
        b'multipart/related; type="application/sdp"; boundary="bound"',
    ],
)
def test_only_the_description_among_the_parts(content_type: bytes) -> None:
    assert BODIES.convert(content_type, _mixed(PART), True) == _mixed(CONVERTED)


@pytest.mark.parametrize("boundary", [b"boun", b"ound", b"bound2", b'"bound', b""])
def test_another_boundary_finds_no_parts(boundary: bytes) -> None:
    body = _mixed(PART)
    assert BODIES.convert(b"multipart/mixed;boundary=" + boundary, body, True) is body


def test_a_boundary_of_strange_characters() -> None:
    boundary = b"a.b+c?'() ,-./:=$"
    content_type = b'multipart/mixed; boundary="' + boundary + b'"'
    assert BODIES.convert(content_type, _mixed(PART, boundary), True) == _mixed(CONVERTED, boundary)


@pytest.mark.parametrize(
    ("head", "length", "new"),
    [
        (b"content-length:  %s\r\nContent-Type: application/sdp\r\n", b"21", b"23"),
        (b"c: application/sdp\r\nl:\r\n %s \r\n", b"021", b"23"),
        (b"Content-Type: application/sdp\r\nContent-Length: %s\r\n", b"x", b"x"),
        (b"Content-Type:\r\n application/sdp;\r\n a=b\r\nContent-Length\t:%s\r\n", b"21", b"23"),
    ],
)
def test_the_length_of_a_part(head: bytes, length: bytes, new: bytes) -> None:
    body = BODIES.convert(b"multipart/mixed;boundary=bound", _mixed(PART, head=head % length), True)
    assert body == _mixed(CONVERTED, head=head % new)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"Content-Type: text/plain\r\n",
        b"Content-Type: application/sdp\r\nContent-Encoding: gzip\r\n",
        b"no colon\r\n",
    ],
)
def test_a_part_that_stays(head: bytes) -> None:
    body = _mixed(PART, head=head)
    assert BODIES.convert(b"multipart/mixed;boundary=bound", body, True) is body


def test_parts_within_parts_and_their_lengths() -> None:
    def nested(part: bytes) -> bytes:
        inner = b"--in\n\n--in\nContent-Type: application/sdp\nContent-Length: %d\n\n%s\n--in--" % (len(part), part)
        head = b"Content-Type: multipart/alternative;boundary=in\r\nContent-Length: %d\r\n\r\n" % len(inner)
        return b"--out\r\n" + head + inner + b"\r\n--out--"

    assert BODIES.convert(b"multipart/mixed;boundary=out", nested(PART), True) == nested(CONVERTED)


def test_a_last_part_without_end() -> None:
    head = b"--b\r\nContent-Type: application/sdp\r\n\r\n"
    assert BODIES.convert(b"multipart/mixed;boundary=b", head + PART, True) == head + CONVERTED


def test_the_binary_parts_of_rfc_4475_stay() -> None:
    message = Path(__file__).with_name("torture").joinpath("mpart01.dat").read_bytes()
    body = message.partition(b"\r\n\r\n")[2]
    assert BODIES.convert(b"multipart/mixed;boundary=7a9cbec02ceef655", body, True) is body
    last = b"\r\n--7a9cbec02ceef655--"
    described = body.replace(last, last[:-2] + b"\r\nContent-Type: application/sdp\r\n\r\n" + PART + last)
    changed_body = BODIES.convert(b"multipart/mixed;boundary=7a9cbec02ceef655", described, True)
    assert changed_body == described.replace(PART, CONVERTED)


_pieces = st.sampled_from(
    rb"192.0.2.11|2001:db8:1::11|203.0.113.45|c=IN IP4 |o=- 1 1 IN IP6 |a=candidate:|a=remote-candidates:|raddr"
    rb"|a=path:msrp://|[|]|/|@|a=source-filter:|a=rtcp:1 IN IP4 |--b|--b--|Content-Length: 1"
    rb"|Content-Type: application/sdp|Content-Type: multipart/x;boundary=b".split(b"|")
)
_ends = st.sampled_from([b"\r\n", b"\n", b" ", b"", b"\r\n\r\n", b"\xff", b"\0"])
_anything = st.one_of(
    st.binary(max_size=200),
    st.lists(st.tuples(_pieces, _ends).map(b"".join), max_size=30).map(b"".join),
)


@given(
    content_type=st.one_of(st.sampled_from([SDP, b"multipart/mixed;boundary=b"]), _anything),
    body=_anything,
    outward=st.booleans(),
)
def test_any_bytes_are_taken(content_type: bytes, body: bytes, outward: bool) -> None:
    changed_body = BODIES.convert(content_type, body, outward)
    assert changed_body is body or changed_body != body
    assert BODIES.convert(content_type, changed_body, outward) is changed_body


_hosts = st.sampled_from(["192.0.2.11", "192.0.2.12", "198.51.100.7", "0.0.0.0", "224.2.1.1/127"])
_lines = st.sampled_from(
    [
        "o=- {number} 1 IN IP4 {host}",
        "c=IN IP4 {host}",
        "m=audio {number} RTP/AVP 0",
        "a=rtcp:{number} IN IP4 {host}",
        "a=candidate:1 1 UDP {number} {host} 5000 typ host",
        "a=remote-candidates:1 192.0.2.12 {number} 2 {host} 3",
        "a=path:msrp://198.51.100.7:{number}/a;tcp msrp://{host}/b;tcp",
    ]
)


@given(
    lines=st.lists(st.tuples(_lines, st.integers(1, 65535), _hosts), max_size=12), end=st.sampled_from(["\r\n", "\n"])
)
def test_out_and_in_gives_the_original(lines: list[tuple[str, int, str]], end: str) -> None:
    body = end.join(line.format(number=number, host=host) for line, number, host in lines).encode()
    outside = BODIES.convert(SDP, body, True)
    assert b"192.0.2." not in outside
    assert BODIES.convert(SDP, outside, False) == body


def _steps(call: Callable[[], Any]) -> int:
    """Lines of sipnat that are executed: it grows with the time, but does not depend on the machine."""
    count = 0

    def trace(frame: Any, event: str, unused: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace if "sipnat" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    ("content_type", "piece"),
    [
        (SDP, b"c=IN IP4 192.0.2.11\r\n"),
        (SDP, b"IN IP4 192.0.2.11 "),
        (b"multipart/mixed;boundary=b", b"--b\r\nContent-Type: application/sdp\r\n\r\nc=IN IP4 192.0.2.11\r\n"),
        (
            b"multipart/mixed;boundary=b",
            b"--b\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\nc=IN IP4 192.0.2.11\r\n",
        ),
        (b"multipart/mixed;boundary=b", b"--b\r\nX: 192.0.2.11"),
    ],
)
def test_the_work_grows_with_the_size(content_type: bytes, piece: bytes) -> None:
    small = _steps(lambda: BODIES.convert(content_type, piece * 50, True))
    large = _steps(lambda: BODIES.convert(content_type, piece * 500, True))
    assert large < 15 * max(small, 10)


def test_the_scenario_shares_one_address() -> None:
    bodies = Bodies(loaded(SCENARIO))
    outside = bodies.convert(SDP, b"c=IN IP4 9.42.111.3\n", True)
    assert outside == b"c=IN IP4 9.42.124.45\n"
    assert bodies.convert(SDP, outside, False) == b"c=IN IP4 9.42.111.2\n"
