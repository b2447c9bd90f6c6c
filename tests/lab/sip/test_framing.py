"""Messages out of a stream."""

from __future__ import annotations

import pytest

from lab.sip.framing import BrokenStream, Frames

FIRST = b"OPTIONS sip:a SIP/2.0\r\nl: 5\r\n\r\nhello"
SECOND = b"BYE sip:a SIP/2.0\r\nContent-Length : 0\r\n\r\n"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_messages_come_whole_however_the_stream_is_cut(size: int) -> None:
    stream = b"\r\n\r\n" + FIRST + SECOND + b"\r\n" + FIRST
    frames = Frames()
    found = [each for at in range(0, len(stream), size) for each in frames.feed(stream[at : at + size])]
    assert found == [FIRST, SECOND, FIRST]


def test_a_message_of_unknown_length_ends_the_stream_after_those_before_it() -> None:
    messages = Frames().feed(FIRST + b"BYE sip:a SIP/2.0\r\n\r\n" + SECOND)
    assert next(messages) == FIRST
    with pytest.raises(BrokenStream, match="no Content-Length") as broken:
        next(messages)
    assert broken.value.data.startswith(b"BYE")


def test_what_never_ends_is_not_kept() -> None:
    frames = Frames()
    with pytest.raises(BrokenStream):
        for _ in range(100):
            list(frames.feed(b"x" * 65536))
    with pytest.raises(BrokenStream):
        list(Frames().feed(b"BYE sip:a SIP/2.0\r\nContent-Length: 99999999\r\n\r\n"))
