"""What a SIP proxy or container writes to SystemOut.log about traffic: not once for every message."""

from __future__ import annotations

import time
from collections.abc import Hashable

from lab.products.was.servers.logs import SystemOut

_QUIET_S = 30.0
_KEPT = 1000


class Notices:
    """The log of one component; the same thing is said again after half a minute at the earliest."""

    def __init__(self, log: SystemOut, component: str) -> None:
        self._log, self._component = log, component
        self._said: dict[Hashable, tuple[float, int]] = {}

    def say(self, level: str, text: str) -> None:
        """An event that does not come by the thousand."""
        self._log.write(self._component, level, text)

    def warn(self, key: Hashable, text: str, level: str = "W") -> None:
        """Say `text`, unless `key` was lately."""
        now = time.monotonic()
        said, swallowed = self._said.get(key, (0.0, 0))
        if key in self._said and now - said < _QUIET_S:
            self._said[key] = said, swallowed + 1
            return
        if len(self._said) >= _KEPT:
            self._said.clear()
        self._said[key] = now, 0
        self._log.write(self._component, level, f"{text} (repeated {swallowed} times before)" if swallowed else text)
