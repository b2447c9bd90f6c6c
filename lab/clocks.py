"""Clocks that are wrong: how many seconds a host's own clock is ahead of this machine's."""

from __future__ import annotations

import time

from lab.store import Store

_SUBJECT = "clock"


def set_off(store: Store, seconds: int) -> None:
    """Let the clock of the store's host be `seconds` ahead, or behind when negative; 0 sets it right."""
    with store.open(_SUBJECT) as clock:
        clock["ahead"] = seconds
    # For what is no Python: the host's `date`.
    (store.directory / "clock").write_text(f"{seconds}\n", "ascii")


def now(store: Store) -> float:
    """Seconds since 1970 by the host's clock."""
    return time.time() + int(store.read(_SUBJECT).get("ahead", 0))
