# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Timers: a heap for the few that differ, and queues for the many that are alike.

All waits of one kind take equally long, so the order in which they begin is the order in which they end: a dict is the
queue, starting and stopping one costs a dict entry, and each queue has one timer in the heap.
"""

from __future__ import annotations

import heapq
from time import monotonic
from typing import Any, Callable, Dict, Hashable, List, Optional, Tuple

FAR = float("inf")


class Timer:
    """One call that is to come."""

    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Optional[Callable[[], None]] = callback

    def cancel(self) -> None:
        self.callback = None


class Timers:
    """Calls that are to come, in their order."""

    def __init__(self) -> None:
        self.next = FAR  # when the first of them is due, or before: asked in every wake-up
        self._heap: List[Tuple[float, int, Timer]] = []
        self._count = 0  # keeps those of the same time in their order

    def later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        timer = Timer(callback)
        self._count += 1
        heapq.heappush(self._heap, (monotonic() + seconds, self._count, timer))
        self.next = self._heap[0][0]
        return timer

    def run(self, now: float) -> None:
        """Make the calls that are due."""
        heap = self._heap
        while heap and heap[0][0] <= now:
            callback = heapq.heappop(heap)[2].callback
            self.next = heap[0][0] if heap else FAR
            if callback is not None:
                callback()


class Deadlines:
    """Things that must not take longer than `seconds`; `missed` is called with each that does."""

    def __init__(self, timers: Timers, seconds: float, missed: Callable[[Any], None]) -> None:
        self.seconds = seconds
        self._timers = timers
        self._missed = missed
        self._ends: Dict[Hashable, float] = {}
        self._armed = False

    def __contains__(self, item: Hashable) -> bool:
        return item in self._ends

    def __len__(self) -> int:
        return len(self._ends)

    def start(self, item: Hashable) -> None:
        """Begin, or begin anew."""
        self._ends.pop(item, None)
        self._ends[item] = monotonic() + self.seconds
        if not self._armed:
            self._arm(self.seconds)

    def stop(self, item: Hashable) -> None:
        self._ends.pop(item, None)

    def _arm(self, seconds: float) -> None:
        self._armed = True
        self._timers.later(seconds, self._sweep)

    def _sweep(self) -> None:
        self._armed = False
        now = monotonic()
        late = []
        for item, end in self._ends.items():
            if end > now:
                break
            late.append(item)
        try:
            for item in late:
                # One that is missed may have stopped another.
                if self._ends.pop(item, None) is not None:
                    self._missed(item)
        finally:
            if self._ends and not self._armed:
                self._arm(max(next(iter(self._ends.values())) - now, 0.0))
