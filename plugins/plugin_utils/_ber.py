# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The basic encoding rules of ASN.1 (X.690), with lengths that are known."""

from __future__ import annotations

_INTEGER, _BOOLEAN, _OCTETS, _ENUMERATED, _SEQUENCE = 0x02, 0x01, 0x04, 0x0A, 0x30
_LONG = 0x80


def tagged(tag: int, content: bytes) -> bytes:
    """An element."""
    length = len(content)
    if length < _LONG:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, _LONG | len(size)]) + size + content


def integer(value: int, tag: int = _INTEGER) -> bytes:
    """A whole number that is not negative."""
    return tagged(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def enumerated(value: int) -> bytes:
    """One of a list."""
    return integer(value, _ENUMERATED)


def boolean(value: bool) -> bytes:
    """Yes or no."""
    return tagged(_BOOLEAN, b"\xff" if value else b"\x00")


def octets(value: str) -> bytes:
    """A text."""
    return tagged(_OCTETS, value.encode())


def sequence(*elements: bytes) -> bytes:
    """Elements in one."""
    return tagged(_SEQUENCE, b"".join(elements))


class Reader:
    """Elements one after the other. Everything raises `ValueError` for what is not encoded so."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._data)

    def element(self) -> tuple[int, bytes]:
        """The next element: tag and content."""
        tag, length = self._take(1)[0], self._take(1)[0]
        if length >= _LONG:
            length = int.from_bytes(self._take(length - _LONG), "big")
        return tag, self._take(length)

    def nested(self) -> Reader:
        """What the next element holds."""
        return Reader(self.element()[1])

    def integer(self) -> int:
        """The next element as a number."""
        return int.from_bytes(self.element()[1], "big", signed=True)

    def text(self) -> str:
        """The next element as a text."""
        return self.element()[1].decode("utf-8", "replace")

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) < count:
            raise ValueError("the message ends too early")
        self._at += count
        return taken
