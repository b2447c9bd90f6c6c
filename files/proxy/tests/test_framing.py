# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where messages end on a stream."""

from __future__ import annotations

import pytest
from messages import request

from sipnat.model import Limits
from sipnat.rewriting.framing import FramingError, frame

LIMITS = Limits(message=600, header=400)
DATA = request("MESSAGE", "sip:x@y", ["SIP/2.0/TCP h;branch=z9hG4bKa"], body=b"hello")


@pytest.mark.parametrize(
    "length",
    [
        b"Content-Length: 5",
        b"content-length:5",
        b"CONTENT-LENGTH \t:   00005  ",
        b"l:5",
        b"L : 5",
        b"Content-Length:\r\n 5",
        b"Content-Length:\r\n\t \r\n  5 ",
        b"X-Content-Length: 7\r\nContent-Length: 5",
        b"X: y\r\n Content-Length: 9\r\nl: 5",
    ],
)
def test_the_end_is_found_wherever_the_stream_is_cut(length: bytes) -> None:
    data = DATA.replace(b"Content-Length: 5", length)
    buffer = b"\r\nxx" + data + b"NEXT sip:"
    end = 4 + len(data)
    assert frame(buffer, 4, LIMITS) == end
    head = buffer.index(b"\r\n\r\n") + 4
    for cut in range(4, end):
        assert frame(buffer[:cut], 4, LIMITS) == (0 if cut < head else -end)


@pytest.mark.parametrize(
    "length",
    [b"Content-Length: -5", b"Content-Length: 5x", b"Content-Length:", b"l: 1_0", b"l: +5", b"l: 99999999999999999999"],
)
def test_a_length_that_is_none_ends_the_stream(length: bytes) -> None:
    with pytest.raises(FramingError) as caught:
        frame(DATA.replace(b"Content-Length: 5", length), 0, LIMITS)
    assert caught.value.status == 400


def test_no_length_at_all_ends_the_stream() -> None:
    with pytest.raises(FramingError) as caught:
        frame(DATA.replace(b"Content-Length: 5\r\n", b""), 0, LIMITS)
    assert caught.value.status == 400


def test_what_is_too_large_ends_the_stream_as_soon_as_it_is_known() -> None:
    with pytest.raises(FramingError) as caught:
        frame(b"x" * 401, 0, LIMITS)
    assert caught.value.status == 513
    with pytest.raises(FramingError) as caught:
        frame(b"INVITE x\r\nX: " + b"x" * 400 + b"\r\n\r\n", 0, LIMITS)
    assert caught.value.status == 513
    with pytest.raises(FramingError) as caught:
        frame(DATA.replace(b"Length: 5", b"Length: 500"), 0, LIMITS)
    assert caught.value.status == 413
    assert frame(b"x" * 400, 0, LIMITS) == 0
