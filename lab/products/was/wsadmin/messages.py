"""What wsadmin says: on standard output, and in its trace."""

from __future__ import annotations

import time
from pathlib import Path


class Messages:
    """The messages of one run; `trace` is the file that also gets them."""

    def __init__(self, trace: Path, *, append: bool) -> None:
        self._trace = trace
        trace.parent.mkdir(parents=True, exist_ok=True)
        if not append:
            trace.write_text("")

    def say(self, text: str) -> None:
        """One message."""
        print(text, flush=True)
        with self._trace.open("a", encoding="utf-8") as trace:
            trace.write(f'{_stamp()} 00000001 AbstractShell A   WASX7093I: Issuing message: "{text}"\n')


def _stamp() -> str:
    now = time.time()
    local = time.localtime(now)
    return f"[{time.strftime('%m/%d/%y %H:%M:%S', local)}:{int(now * 1000) % 1000:03d} {local.tm_zone}]"
