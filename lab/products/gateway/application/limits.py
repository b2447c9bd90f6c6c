"""How many sessions the gateway and each community may have at a time. Each member of a cluster counts its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal

from lab.products.gateway.application.communities import Community, Directory
from lab.products.gateway.application.refusal import Refused

Kind = Literal["maxPresenceSessions", "maxIMSessions"]
PRESENCE: Kind = "maxPresenceSessions"
IM: Kind = "maxIMSessions"
DEFAULT, NONE = 1000, -1
_WHAT = {PRESENCE: "presence sessions", IM: "IM sessions"}
_UNAVAILABLE = 503


class Limits:
    """The sessions that there are. Those that exist keep working whatever becomes of the limits."""

    def __init__(self) -> None:
        self._all: Counter[Kind] = Counter()
        self._of: Counter[tuple[Kind, int]] = Counter()

    def take(self, directory: Directory, community: Community, kind: Kind) -> None:
        """Count one session more. Raises `Refused` when a limit is reached."""
        for owner, properties, used in (
            ("the gateway", directory.properties, self._all[kind]),
            (f"the community {community.name}", community.properties, self._of[kind, community.id]),
        ):
            limit = value(properties, kind)
            if limit != NONE and used >= limit:
                raise Refused(_UNAVAILABLE, f"{owner} has {used} {_WHAT[kind]}, and {kind} is {limit}")
        self.restore(community.id, kind)

    def restore(self, community: int, kind: Kind) -> None:
        """Count a session that existed already on another member."""
        self._all[kind] += 1
        self._of[kind, community] += 1

    def release(self, community: int, kind: Kind) -> None:
        """A session has ended."""
        self._all[kind] -= 1
        self._of[kind, community] -= 1

    def count(self, kind: Kind) -> int:
        """How many sessions there are."""
        return self._all[kind]


def value(properties: Mapping[str, str], kind: Kind) -> int:
    """A limit: -1 for none. What is no number of that kind counts as the default."""
    text = properties.get(kind, "").strip()
    number = int(text) if text.removeprefix("-").isdigit() else DEFAULT
    return number if number >= NONE else DEFAULT


def wrong(properties: Mapping[str, str]) -> list[str]:
    """The limits that are no number from -1 on."""
    return [
        f"{kind}={properties[kind]}"
        for kind in (PRESENCE, IM)
        if kind in properties and str(value(properties, kind)) != properties[kind].strip()
    ]
