"""Values on the pipes between wsadmin and its Jython; the other end is `java/Parent.java`."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import IO

Value = str | int | float | None | Sequence["Value"]

_COUNT, _INTEGER, _FLOAT = struct.Struct(">i"), struct.Struct(">q"), struct.Struct(">d")


def encode(value: Value) -> bytes:
    """A value as bytes."""
    if value is None:
        return b"N"
    if isinstance(value, str):
        text = value.encode("utf-8", "surrogatepass")
        return b"S" + _COUNT.pack(len(text)) + text
    if isinstance(value, int):
        return b"I" + _INTEGER.pack(value)
    if isinstance(value, float):
        return b"F" + _FLOAT.pack(value)
    return b"L" + _COUNT.pack(len(value)) + b"".join(encode(each) for each in value)


def read(source: IO[bytes]) -> Value:
    """The next value; raises `EOFError` when the other end is gone."""
    tag = _exactly(source, 1)
    if tag == b"N":
        return None
    if tag == b"I":
        return int(_INTEGER.unpack(_exactly(source, 8))[0])
    if tag == b"F":
        return float(_FLOAT.unpack(_exactly(source, 8))[0])
    count = int(_COUNT.unpack(_exactly(source, 4))[0])
    if tag == b"L":
        return [read(source) for _ in range(count)]
    return _exactly(source, count).decode("utf-8")


def _exactly(source: IO[bytes], count: int) -> bytes:
    content = source.read(count)
    if len(content) < count:
        raise EOFError
    return content
