"""Locks on whole tables, `LOCK TABLE ... MODE`: others wait until the unit of work that holds one ends. Rows are not
locked here, and those who read over the network do not wait.

By default a DB2 waits for ever (LOCKTIMEOUT -1); the lab gives up in the end.
"""

from __future__ import annotations

import re
import time
from collections.abc import MutableMapping, Sequence
from pathlib import Path
from typing import Any

from lab.host import Host
from lab.products.db2 import memory
from lab.products.db2.database import SqlError

PATIENCE_S = 60.0
_LOOK_S = 0.1
_LOCK = re.compile(r"lock\s+table\s+\S+\s+in\s+(share|exclusive)\s+mode", re.IGNORECASE)
_TIMEOUT = (
    "SQL0911N  The current transaction has been rolled back because of a deadlock \n"
    'or timeout.  Reason code "68".  SQLSTATE=40001'
)


def acquire(host: Host, database: str, session: str, text: str, tables: Sequence[str]) -> None:
    """Wait until nobody else's lock is in the way of a statement on `tables`, and take the lock that it asks for.

    Raises `SqlError` when that takes too long.
    """
    asked = _LOCK.fullmatch(text.strip())
    mode = asked[1].lower() if asked else ""
    reads = mode == "share" or re.match(r"(?i)(select|values|with)\b", text.strip()) is not None
    until = time.monotonic() + PATIENCE_S
    while True:
        with host.store(memory.STORE) as store:
            held = _held(store)
            places = [held.setdefault(f"{database}.{table}", {}) for table in tables]
            others = {mode for place in places for owner, mode in place.items() if owner != session}
            if not others or (reads and others == {"share"}):
                for place in places if asked else ():
                    place[session] = mode
                return
        if time.monotonic() >= until:
            raise SqlError(_TIMEOUT)
        time.sleep(_LOOK_S)


def release(store: MutableMapping[str, Any], session: str) -> None:
    """The unit of work of a session has ended."""
    for owners in store.get("locks", {}).values():
        owners.pop(session, None)


def _held(store: MutableMapping[str, Any]) -> dict[str, dict[str, str]]:
    """By table, sessions and modes. A session, which has the number of its parent process, ends with that."""
    held: dict[str, dict[str, str]] = store.setdefault("locks", {})
    for owners in held.values():
        for session in [each for each in owners if not Path("/proc", each.rpartition(":")[2]).exists()]:
            del owners[session]
    return held
