"""Which member of a cluster a request goes to: a tag that a member made names it, else the Call-ID decides."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import NamedTuple

_PREFIX = "local."


class LogicalName(NamedTuple):
    """A member since its start: one that starts again knows nothing of its earlier dialogs."""

    started: int
    member: str


def tag(name: LogicalName, number: int) -> str:
    """A tag of From or To that leads back to the member."""
    return f"{_PREFIX}{name.started}_{number}_{name.member}"


def owner(tag: str | None) -> LogicalName | None:
    """Who made a tag, None when no member of a cluster did."""
    if not tag or not tag.startswith(_PREFIX):
        return None
    started, _, rest = tag[len(_PREFIX) :].partition("_")
    member = rest.partition("_")[2]
    return LogicalName(int(started), member) if member and started.isdigit() else None


def choose(living: Mapping[str, int], call_id: str, tag: str | None) -> str | None:
    """A member out of those that live (name and start), None when none does.

    The dialogs of one that died, or has started again since, go to the others: one of them has them if they were
    replicated. Members that come and go move no more than their own calls (highest random weight).
    """
    made_by = owner(tag)
    others = living
    if made_by:
        if living.get(made_by.member) == made_by.started:
            return made_by.member
        others = {name: started for name, started in living.items() if name != made_by.member} or living
    return max(others, key=lambda name: zlib.crc32(f"{name} {call_id}".encode()), default=None)
