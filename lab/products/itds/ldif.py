"""LDIF as ITDS uses it: for data, for `ibmslapd.conf` and for its list of instances."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass
class Entry:
    """A DN and its attributes, in order; names are compared without regard to case."""

    dn: str
    attributes: list[tuple[str, str]] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key.lower() == name.lower()]

    def get(self, name: str, default: str = "") -> str:
        return (self.all(name) or [default])[0]

    def set(self, name: str, *values: str) -> None:
        """Give `name` these values and no other; a new name goes to the end."""
        places = [place for place, (key, _) in enumerate(self.attributes) if key.lower() == name.lower()]
        position = places[0] if places else len(self.attributes)
        kept = [pair for pair in self.attributes if pair[0].lower() != name.lower()]
        self.attributes = kept[:position] + [(name, value) for value in values] + kept[position:]


def parse(text: str) -> list[Entry]:
    """The entries of a text; comments and a version line are skipped. Raises `ValueError` with the line's number."""
    entries: list[Entry] = []
    current: Entry | None = None
    for number, line in _unfolded(text):
        if not line.strip():
            current = None
            continue
        if line.startswith(("#", "version:")):
            continue
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise ValueError(f"line {number}: no attribute: {line}")
        value = base64.b64decode(value[1:]).decode("utf-8") if value.startswith(":") else value.strip()
        if name.lower() == "dn":
            current = Entry(value)
            entries.append(current)
        elif current is None:
            raise ValueError(f"line {number}: an entry starts with dn: {line}")
        else:
            current.attributes.append((name, value))
    return entries


def _unfolded(text: str) -> Iterable[tuple[int, str]]:
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(" ") and lines:
            lines[-1] = (lines[-1][0], lines[-1][1] + line[1:])
        else:
            lines.append((number, line))
    return lines


def render(entries: Sequence[Entry]) -> str:
    """The text of entries, each followed by an empty line."""
    return "".join(
        "\n".join([f"dn: {entry.dn}", *(f"{name}: {value}" for name, value in entry.attributes), "", ""])
        for entry in entries
    )


def same_dn(one: str, other: str) -> bool:
    """Whether two DNs are the same but for case and blanks around commas and equal signs."""
    return normal_dn(one) == normal_dn(other)


def normal_dn(dn: str) -> str:
    return ",".join("=".join(part.strip() for part in rdn.split("=")) for rdn in dn.split(",")).lower()
