"""What wsadmin says: on standard output, and in its trace."""

from __future__ import annotations

import sys
import time
from pathlib import Path


class Messages:
    """The messages of one run; `trace` is the file that also gets them."""

    def __init__(self, trace: Path, *, append: bool) -> None:
        self._trace: Path | None = trace
        try:
            trace.parent.mkdir(parents=True, exist_ok=True)
            trace.open("a" if append else "w").close()
        except OSError as error:
            # Somebody else's profile can be read all the same.
            print(f"wsadmin: no trace in {trace}: {error.strerror}", file=sys.stderr)
            self._trace = None

    def say(self, text: str) -> None:
        """One message."""
        print(text, flush=True)
        if self._trace:
            with self._trace.open("a", encoding="utf-8") as trace:
                trace.write(f'{_stamp()} 00000001 AbstractShell A   WASX7093I: Issuing message: "{text}"\n')


def _stamp() -> str:
    now = time.time()
    local = time.localtime(now)
    return f"[{time.strftime('%m/%d/%y %H:%M:%S', local)}:{int(now * 1000) % 1000:03d} {local.tm_zone}]"
