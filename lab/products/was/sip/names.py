"""Host names of SIP messages, by the host's own resolver."""

from __future__ import annotations

import time

from lab.host import Host
from lab.sip.address import is_literal

_KEPT_S = 30.0
_LARGEST = 1000


class Names:
    """Addresses by host name; an answer is kept for half a minute, so that no message waits for the same one again."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._known: dict[str, tuple[float, str | None]] = {}

    def address(self, name: str) -> str | None:
        """The address of a name, or of an address itself; None for a name that the host does not know."""
        if is_literal(name):
            return name
        now = time.monotonic()
        asked, address = self._known.get(name, (0.0, None))
        if name not in self._known or now - asked > _KEPT_S:
            if len(self._known) >= _LARGEST:
                self._known.clear()
            address = self._host.resolve(name)
            self._known[name] = now, address
        return address
