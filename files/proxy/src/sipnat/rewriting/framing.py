# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where a message ends on a stream (RFC 3261, 18.3)."""

from __future__ import annotations

from ..model import Limits
from .headers import LENGTH, kind, unfolded
from .syntax import LWS, number


class FramingError(Exception):
    """The stream cannot be read on: status and phrase of the answer, if one is possible."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(status, reason)
        self.status = status
        self.reason = reason


def frame(buffer: bytes, start: int, limits: Limits) -> int:
    """The end of the message that begins at `start` (a start line: line breaks before it are taken away already).

    0: its header block is not complete; negative: only its body is not, and it will end at that place without the sign.
    """
    end = buffer.find(b"\r\n\r\n", start)
    place = buffer.find(b"\r\nContent-Length: ", start, end) if end >= 0 else -1
    if place >= 0 and end - start <= limits.header:
        # As nearly everybody writes it.
        stop = buffer.find(b"\r\n", place + 18, end + 2)
        digits = buffer[place + 18 : stop]
        if digits.isdigit() and len(digits) < 10 and buffer[stop + 2] not in b" \t":
            stop = end + 4 + int(digits)
            if stop - start <= limits.message:
                return stop if stop <= len(buffer) else -stop
    return _frame(buffer, start, end, limits)


def _frame(buffer: bytes, start: int, end: int, limits: Limits) -> int:
    """The same for everything else: `end` is that of the header block, negative if there is none."""
    if (len(buffer) if end < 0 else end) - start > limits.header:
        raise FramingError(513, "Message Too Large")
    if end < 0:
        return 0
    size = number(_length(buffer[start:end]), 2**31 - 1)
    if size is None:
        raise FramingError(400, "Malformed Content-Length")
    end += 4 + size
    if end - start > limits.message:
        raise FramingError(413, "Request Entity Too Large")
    return end if end <= len(buffer) else -end


def _length(head: bytes) -> bytes:
    """The value of Content-Length, however it is written; refuses a header block without one."""
    for line in unfolded(head.split(b"\r\n"))[1:]:
        name, _colon, value = line.partition(b":")
        try:
            if kind(name) == LENGTH:
                return value.strip(LWS)
        except ValueError:
            continue  # no header field: process() says what is wrong
    raise FramingError(400, "Missing Content-Length")
