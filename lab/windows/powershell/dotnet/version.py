"""System.Version."""

from __future__ import annotations

from typing import Any

from lab.windows.powershell.dotnet.core import NetObject, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure


class Version(NetObject):
    """Two to four numbers."""

    type_name = "System.Version"

    def __init__(self, text: str) -> None:
        parts = text.split(".")
        if not 2 <= len(parts) <= 4 or not all(part.isdigit() for part in parts):
            raise NetFailure("System.ArgumentException", "Version string portion was too short or too long.")
        self.parts = tuple(int(part) for part in parts)

    def _part(self, place: int) -> int:
        return self.parts[place] if place < len(self.parts) else -1

    @prop("Major")
    def get_major(self) -> int:
        return self._part(0)

    @prop("Minor")
    def get_minor(self) -> int:
        return self._part(1)

    @prop("Build")
    def get_build(self) -> int:
        return self._part(2)

    @prop("Revision")
    def get_revision(self) -> int:
        return self._part(3)

    def to_string(self) -> str:
        return ".".join(map(str, self.parts))

    def equals(self, other: Any) -> bool:
        """Of `-eq`."""
        return self.compare_to(other) == 0

    def compare_to(self, other: Any) -> int:
        """Of `-lt` and its kin; the other side may be a text."""
        theirs = other.parts if isinstance(other, Version) else Version(str(other)).parts
        mine = [*self.parts, -1, -1][:4]
        others = [*theirs, -1, -1][:4]
        return (mine > others) - (mine < others)


@net_type("System.Version")
class VersionType:
    """Static members."""

    @staticmethod
    def create(_: Any, text: str) -> Version:
        return Version(text)
