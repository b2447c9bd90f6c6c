# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where a message ends on a stream (RFC 3261, 18.3)."""

from __future__ import annotations

from .headers import LENGTH, kind, unfolded
from .model import Limits
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
    if end < 0:
        if len(buffer) - start > limits.header:
            raise FramingError(513, "Message Too Large")
        return 0
    if end - start > limits.header:
        raise FramingError(513, "Message Too Large")
    place = buffer.find(b"\r\nContent-Length:", start, end)
    if place >= 0:
        line_end = buffer.find(b"\r\n", place + 2, end + 2)
        digits = buffer[place + 17 : line_end].strip(b" \t")
        if not digits.isdigit() or buffer[line_end + 2 : line_end + 3] in (b" ", b"\t"):
            digits = _length(buffer[start:end])
    else:
        digits = _length(buffer[start:end])
    size = number(digits, 2**31 - 1)
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
