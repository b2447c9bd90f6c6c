# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The running configuration of an IOS router, as far as translations need it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class IosConfig:
    """Lines with single blanks: those of no section, and the sections by their first line."""

    lines: list[str] = field(default_factory=list)
    sections: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> IosConfig:
        """Of what `show running-config` printed, whole or filtered."""
        config = cls()
        section: list[str] = config.lines
        for line in text.splitlines():
            words = " ".join(line.split())
            if not words or words.startswith("!"):
                continue
            if not line.startswith(" "):
                section = config.lines
                config.lines.append(words)
                if words.startswith(("interface ", "ip access-list ", "route-map ")):
                    section = config.sections.setdefault(words, [])
                continue
            section.append(words)
        return config

    def starting(self, *beginnings: str) -> Iterator[str]:
        """The lines of no section that begin so."""
        return (line for line in self.lines if line.startswith(beginnings))

    def interface(self, name: str) -> list[str] | None:
        """The lines of an interface, None when there is no such interface."""
        return next(
            (lines for head, lines in self.sections.items() if head.lower() == f"interface {name}".lower()), None
        )

    @property
    def interfaces(self) -> list[str]:
        """The names of all interfaces."""
        return [head.partition(" ")[2] for head in self.sections if head.startswith("interface ")]

    def access_list(self, name: str) -> list[str] | None:
        """The entries of an access list, None when there is none of that name or number."""
        named = (
            lines
            for head, lines in self.sections.items()
            if head.split()[:2] == ["ip", "access-list"] and head.split()[3] == name
        )
        found = next(named, None)
        numbered = [line.split(None, 2)[2] for line in self.starting(f"access-list {name} ")]
        return numbered or None if found is None else found

    def matched_lists(self, route_map: str) -> list[str] | None:
        """The access lists that permit for a route map; None when one of its entries asks for no list, or there is no
        such map: then it is not known what it permits."""
        found: list[str] = []
        entries = [
            (head.split(), lines)
            for head, lines in self.sections.items()
            if head.split()[:2] == ["route-map", route_map]
        ]
        for head, lines in entries:
            matched = [name for line in lines if line.startswith("match ip address ") for name in line.split()[3:]]
            if not matched:
                return None
            found += matched if "deny" not in head[2:3] else []
        return found if entries else None
