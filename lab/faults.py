"""One-shot faults: ordered from outside by `python3 -m lab fail`, met by a simulated program at a named step."""

from __future__ import annotations

from typing import Literal, get_args

from lab.store import Store

Kind = Literal["disk-full", "licence-refused", "start-fails", "killed", "connection-lost", "conflict"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_SUBJECT = "faults"


def order(store: Store, step: str, kind: str) -> None:
    """Let `kind` strike the next time a program of the store's host reaches `step`, after what was ordered before."""
    with store.open(_SUBJECT) as faults:
        faults[step] = [*faults.get(step, []), kind]


def take(store: Store, step: str) -> str | None:
    """The kind ordered for `step`, which is thereby used up."""
    # Looked at without a lock first: most steps have no order, and every program passes many.
    if step not in store.read(_SUBJECT):
        return None
    with store.open(_SUBJECT) as faults:
        kinds: list[str] = faults.pop(step, [])
        if kinds[1:]:
            faults[step] = kinds[1:]
    return kinds[0] if kinds else None


def ordered(store: Store) -> dict[str, list[str]]:
    """The orders that have not struck yet: step, and kinds in the order in which they strike."""
    return store.read(_SUBJECT)
