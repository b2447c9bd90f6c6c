"""Environment variables: names without regard to case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, MutableMapping


class Environment(MutableMapping[str, str]):
    """A process's environment."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._entries: dict[str, tuple[str, str]] = {}
        self.update(values)

    def __getitem__(self, name: str) -> str:
        return self._entries[name.casefold()][1]

    def __setitem__(self, name: str, value: str) -> None:
        old = self._entries.get(name.casefold())
        self._entries[name.casefold()] = (old[0] if old else name, value)

    def __delitem__(self, name: str) -> None:
        del self._entries[name.casefold()]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def expand(self, text: str) -> str:
        """`%NAME%` replaced; unknown names stay as they are."""
        return re.sub(r"%([^%=]+)%", lambda found: self.get(found[1], found[0]), text)
