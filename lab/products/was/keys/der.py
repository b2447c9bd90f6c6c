"""The little of ASN.1's DER that a PKCS #12 file needs beyond what `cryptography` reads and writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

INTEGER, OCTETS, NULL, OID, BMP, SEQUENCE, SET, EXPLICIT = 0x02, 0x04, 0x05, 0x06, 0x1E, 0x30, 0x31, 0xA0


class NotDer(ValueError):
    """Bytes that are no DER."""


@dataclass(frozen=True)
class Piece:
    """One element: its tag, what is in it, and itself as it was written."""

    tag: int
    content: bytes
    whole: bytes

    def parts(self) -> list[Piece]:
        """The elements in it."""
        return list(pieces(self.content))


def pieces(data: bytes) -> Iterator[Piece]:
    """The elements of `data`, one behind the other. Raises `NotDer`."""
    at = 0
    while at < len(data):
        if len(data) < at + 2:
            raise NotDer("it ends in an element's head")
        length, start = data[at + 1], at + 2
        if length & 0x80:
            digits = length & 0x7F
            if not 1 <= digits <= 4 or len(data) < start + digits:
                raise NotDer("a length cannot be read")
            length, start = int.from_bytes(data[start : start + digits], "big"), start + digits
        if len(data) < start + length:
            raise NotDer("it ends in an element")
        yield Piece(data[at], data[start : start + length], data[at : start + length])
        at = start + length


def element(tag: int, *contents: bytes) -> bytes:
    """An element of these contents."""
    content = b"".join(contents)
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    digits = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(digits))) + digits + content


def oid(text: str) -> bytes:
    """An object identifier."""
    first, second, *rest = map(int, text.split("."))
    encoded = bytearray([40 * first + second])
    for number in rest:
        septets = [number & 0x7F]
        while number := number >> 7:
            septets.append(number & 0x7F | 0x80)
        encoded += bytes(reversed(septets))
    return element(OID, bytes(encoded))


def integer(number: int) -> bytes:
    """A whole number that is not negative."""
    return element(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))
