"""Times of RFC 3261 17, in seconds, and what repeats a message by them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

T1 = 0.5
T2 = 4.0


class Repeat:
    """Calls `send` after T1, then at doubling intervals of at most `longest`, until it is stopped."""

    def __init__(self, send: Callable[[], None], longest: float = T2) -> None:
        self._send, self._longest, self._interval = send, longest, T1
        self._timer = asyncio.get_running_loop().call_later(T1, self._again)

    def _again(self) -> None:
        self._interval = min(2 * self._interval, self._longest)
        self._timer = asyncio.get_running_loop().call_later(self._interval, self._again)
        self._send()

    def stop(self) -> None:
        """No more."""
        self._timer.cancel()
