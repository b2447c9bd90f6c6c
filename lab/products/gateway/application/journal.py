"""What an operator reads in SystemOut.log about the gateway. The vendor's message ids are not public: these are the
lab's own and begin with LABGW."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

EVERY_S = 10.0
_KEPT = 1000

Level = Literal["A", "I", "W", "E"]


class Journal:
    """Writes events; the same one again within ten seconds is counted and not written, so that a flood of refusals
    neither fills the disk nor slows anything down. `write` takes component, level and text."""

    def __init__(self, write: Callable[[str, str, str], None], now: Callable[[], float] = time.monotonic) -> None:
        self._write, self._now = write, now
        self._told: dict[str, tuple[float, int]] = {}

    def tell(self, number: int, level: Level, text: str) -> None:
        """One event: its number, its level (`A` audit, `I`, `W`, `E`), and what happened."""
        line = f"LABGW{number:04d}{level}: {text}"
        now = self._now()
        at, silent = self._told.get(line, (-EVERY_S, 0))
        if now - at < EVERY_S:
            self._told[line] = (at, silent + 1)
            return
        if len(self._told) >= _KEPT:
            self._told.clear()
        self._told[line] = (now, 0)
        self._write("RTCGateway", level, f"{line} ({silent} times more in between)" if silent else line)
