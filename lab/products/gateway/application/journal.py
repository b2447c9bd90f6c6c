"""What an operator reads in SystemOut.log about the gateway. The vendor's message ids are not public: these are the
lab's own and begin with LABGW."""

from __future__ import annotations

from typing import Literal

from lab.products.was.servers.logs import SystemOut
from lab.products.was.sip.notices import Notices

Level = Literal["A", "I", "W", "E"]


class Journal:
    """Writes events; the same one again soon is counted and not written, so that a flood of refusals neither fills the
    disk nor slows anything down."""

    def __init__(self, log: SystemOut) -> None:
        self._notices = Notices(log, "RTCGateway")

    def tell(self, number: int, level: Level, text: str) -> None:
        """One event: its number, its level (`A` audit, `I`, `W`, `E`), and what happened."""
        line = f"LABGW{number:04d}{level}: {text}"
        self._notices.warn(line, line, level)
