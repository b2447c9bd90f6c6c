"""Messages out of a stream (RFC 3261 18.3)."""

from __future__ import annotations

from collections.abc import Iterator

from lab.sip.message import content_length

_LARGEST = 1 << 20
_END = b"\r\n\r\n"


class BrokenStream(ValueError):
    """It cannot be told where the next message begins; `.data` is what could not be read."""

    def __init__(self, data: bytes, reason: str) -> None:
        super().__init__(reason)
        self.data = data


class Frames:
    """What a connection received, cut into messages."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that are complete now. Raises BrokenStream."""
        data = self._rest + data
        begin = 0
        while True:
            # Lines between messages keep a connection open (RFC 3261 7.5).
            while data.startswith(b"\r\n", begin):
                begin += 2
            end = data.find(_END, begin)
            if end < 0:
                break
            end += len(_END)
            length = content_length(data[begin:end])
            if length is None:
                raise BrokenStream(data[begin:], "no Content-Length in a message over a stream")
            if length > _LARGEST:
                raise BrokenStream(data[begin:end], f"Content-Length {length}")
            if len(data) < end + length:
                break
            yield data[begin : end + length]
            begin = end + length
        self._rest = data[begin:]
        if len(self._rest) > 2 * _LARGEST:
            raise BrokenStream(self._rest, "no end of the header")
