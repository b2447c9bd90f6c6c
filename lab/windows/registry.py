"""The registry: keys and typed values, found without regard to case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lab.store import Store

HIVES = {
    "HKLM": "HKEY_LOCAL_MACHINE",
    "HKCU": "HKEY_CURRENT_USER",
    "HKU": "HKEY_USERS",
    "HKCR": "HKEY_CLASSES_ROOT",
}
KINDS = {
    "REG_SZ": "String",
    "REG_EXPAND_SZ": "ExpandString",
    "REG_MULTI_SZ": "MultiString",
    "REG_DWORD": "DWord",
    "REG_QWORD": "QWord",
    "REG_BINARY": "Binary",
}
"""The names of reg.exe and those of .NET's RegistryValueKind."""

Data = str | int | list[str] | list[int]


class NoSuchKey(Exception):
    """A key that does not exist; the message is its full name."""


@dataclass(frozen=True)
class Value:
    """A value: its name (empty for the default value), its kind (a key of `KINDS`) and its data.

    Data: text for the string kinds, a list of texts for REG_MULTI_SZ, an integer for REG_DWORD and REG_QWORD, a list
    of bytes as integers for REG_BINARY.
    """

    name: str
    kind: str
    data: Data


def full_name(key: str) -> str:
    """`HKLM\\x`, `HKLM:\\x` and `HKEY_LOCAL_MACHINE\\x` in the long form. Raises ValueError for an unknown hive."""
    hive, _, rest = key.replace("/", "\\").strip("\\").partition("\\")
    hive = hive.rstrip(":").upper()
    hive = HIVES.get(hive, hive)
    if hive not in HIVES.values():
        raise ValueError(key)
    return f"{hive}\\{rest}".rstrip("\\")


class Registry:
    """All keys of a host, in one mapping of folded full name to spelled name and values."""

    def __init__(self, state: Store) -> None:
        self._state = state

    def exists(self, key: str) -> bool:
        """Whether the key is there; the hives always are."""
        name = full_name(key)
        return name in HIVES.values() or name.casefold() in self._state.read("registry")

    def create(self, key: str) -> None:
        """Create a key and those above it."""
        with self._state.open("registry") as keys:
            parts = full_name(key).split("\\")
            for depth in range(2, len(parts) + 1):
                name = "\\".join(parts[:depth])
                keys.setdefault(name.casefold(), {"name": name, "values": {}})

    def delete(self, key: str) -> None:
        """Remove a key with all below it."""
        name = full_name(key).casefold()
        with self._state.open("registry") as keys:
            if name not in keys:
                raise NoSuchKey(full_name(key))
            for other in list(keys):
                if other == name or other.startswith(name + "\\"):
                    del keys[other]

    def spelled(self, key: str) -> str:
        """The full name in the case it was created with."""
        name = full_name(key)
        found = self._state.read("registry").get(name.casefold())
        return found["name"] if found else name

    def children(self, key: str) -> list[str]:
        """The names of the keys directly below, sorted."""
        prefix = full_name(key).casefold() + "\\"
        if not self.exists(key):
            raise NoSuchKey(full_name(key))
        return sorted(
            (
                entry["name"].rsplit("\\", 1)[1]
                for name, entry in self._state.read("registry").items()
                if name.startswith(prefix) and "\\" not in name[len(prefix) :]
            ),
            key=str.casefold,
        )

    def values(self, key: str) -> list[Value]:
        """The values of a key, in the order they were written."""
        return [Value(*entry) for entry in self._key(self._state.read("registry"), key)["values"].values()]

    def get(self, key: str, name: str) -> Value | None:
        """One value."""
        return next((value for value in self.values(key) if value.name.casefold() == name.casefold()), None)

    def set(self, key: str, value: Value) -> None:
        """Write one value of an existing key."""
        with self._state.open("registry") as keys:
            values = self._key(keys, key)["values"]
            old = values.get(value.name.casefold())
            values[value.name.casefold()] = [old[0] if old else value.name, value.kind, value.data]

    def delete_value(self, key: str, name: str) -> None:
        """Remove one value. Raises KeyError when it is not there."""
        with self._state.open("registry") as keys:
            del self._key(keys, key)["values"][name.casefold()]

    @staticmethod
    def _key(keys: Any, key: str) -> dict[str, Any]:
        name = full_name(key)
        if name in HIVES.values():
            return {"values": {}}
        try:
            entry: dict[str, Any] = keys[name.casefold()]
        except KeyError:
            raise NoSuchKey(name) from None
        return entry
