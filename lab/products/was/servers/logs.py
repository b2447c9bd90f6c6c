"""The log files of a server: their lines have the product's form, times are the host's."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from lab.host import Host
from lab.products.was.layout import Profile, join

_writing = threading.Lock()


def folder(profile: Profile, server: str) -> Path:
    """Where a server's logs lie."""
    return profile.file("logs", server)


def native(profile: Profile, *parts: str) -> str:
    """A file below the profile's `logs`, as the host names it."""
    return join(profile.host, profile.path, "logs", *parts)


def stamp(host: Host) -> str:
    """The time in a log's line: `11/25/26 17:53:32:006 UTC`."""
    now = host.now()
    milliseconds = int(now * 1000) % 1000
    moment = time.gmtime(now)
    return f"{time.strftime('%m/%d/%y', moment)} {time.strftime('%H:%M:%S', moment)}:{milliseconds:03d} UTC"


class SystemOut:
    """`SystemOut.log` of a running server."""

    def __init__(self, host: Host, profile: Profile, server: str) -> None:
        self._host = host
        self._file = folder(profile, server) / "SystemOut.log"
        self._file.parent.mkdir(parents=True, exist_ok=True)

    def banner(self, lines: list[str]) -> None:
        """What a server writes about itself before anything else."""
        head = "************ Start Display Current Environment ************"
        tail = "************* End Display Current Environment *************"
        with _writing, self._file.open("a", encoding="utf-8") as log:
            log.write("\n".join([head, *lines, tail, ""]))

    def write(self, component: str, level: str, text: str) -> None:
        """One event: the component's short name, its level (A, I, W, E), the message with its id."""
        line = f"[{stamp(self._host)}] {threading.get_ident() & 0xFFFFFFFF:08x} {component:<13} {level}   {text}\n"
        with _writing, self._file.open("a", encoding="utf-8") as log:
            log.write(line)
