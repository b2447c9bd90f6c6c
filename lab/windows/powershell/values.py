"""The values a program handles, as Python objects.

`$null` is None; booleans, 32-bit integers, doubles and strings are Python's own; 64-bit integers, bytes and characters
are the subclasses below. Arrays are lists (`byte[]` a bytearray). Everything else is a `NetObject` or one of its kin.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

INT32 = range(-(2**31), 2**31)
INT64 = range(-(2**63), 2**63)


class _Void:
    """The result of a method or command that yields nothing at all."""

    def __bool__(self) -> bool:
        return False


VOID: Final = _Void()


class Long(int):
    """System.Int64."""


class Byte(int):
    """System.Byte."""


class Char(str):
    """System.Char."""

    __slots__ = ()


class Hashtable:
    """System.Collections.Hashtable with PowerShell's case-insensitive keys.

    PowerShell 2.0 has no ordered hashtable and programs must not rely on an order; entries come out in the order of
    their hash here, so that one who does is found out.
    """

    def __init__(self) -> None:
        self._entries: dict[Any, tuple[Any, Any]] = {}

    @staticmethod
    def _fold(key: Any) -> Any:
        return key.casefold() if isinstance(key, str) else key

    def __getitem__(self, key: Any) -> Any:
        entry = self._entries.get(self._fold(key))
        return entry[1] if entry else None

    def __setitem__(self, key: Any, value: Any) -> None:
        self._entries[self._fold(key)] = (key, value)

    def __contains__(self, key: Any) -> bool:
        return self._fold(key) in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def remove(self, key: Any) -> None:
        """Drop an entry, if it is there."""
        self._entries.pop(self._fold(key), None)

    def clear(self) -> None:
        """Drop all entries."""
        self._entries.clear()

    def items(self) -> Iterator[tuple[Any, Any]]:
        """Keys as they were written, and values."""
        order = sorted(self._entries, key=lambda key: (str(key)[::-1], str(type(key))))
        return iter([self._entries[key] for key in order])


class Record:
    """An object made of note properties: System.Management.Automation.PSCustomObject and what Select-Object makes."""

    def __init__(self, fields: dict[str, Any] | None = None, type_name: str = "PSCustomObject") -> None:
        self.type_name = type_name
        self.fields: dict[str, Any] = dict(fields or {})

    def name_of(self, wanted: str) -> str | None:
        """The property's own spelling."""
        folded = wanted.casefold()
        return next((name for name in self.fields if name.casefold() == folded), None)


def is_array(value: Any) -> bool:
    """Whether the pipeline takes the value apart."""
    return isinstance(value, (list, bytearray)) or getattr(value, "unrolls", False)


def items_of(value: Any) -> list[Any]:
    """The elements of an array, or the value alone."""
    if isinstance(value, bytearray):
        return [Byte(item) for item in value]
    if is_array(value):
        return list(value)
    return [value]


def collected(outputs: list[Any]) -> Any:
    """What a pipeline is worth as a value: nothing, the one thing, or an array."""
    if not outputs:
        return None
    return outputs[0] if len(outputs) == 1 else outputs
