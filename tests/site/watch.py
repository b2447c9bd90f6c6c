"""Look over every process of this machine, and so of every simulated host, while something runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

_PAUSE_S = 0.004


class ArgumentWatch:
    """Collects, while open, the command lines of all processes that hold a secret."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = {name: value.encode() for name, value in secrets.items()}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.exposed: set[str] = set()
        """`variable: command line`, with the secret left out."""
        self.seen = 0
        """How many command lines were read."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        # A process is read until its command line stays the same: it may still be the copy of its parent.
        known: dict[str, bytes] = {}
        while not self._stop.is_set():
            alive = {entry.name: entry for entry in Path("/proc").iterdir() if entry.name.isdigit()}
            for name, entry in alive.items():
                try:
                    line = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                if known.get(name) != line:
                    known[name] = line
                    self._judge(line)
            known = {name: line for name, line in known.items() if name in alive}
            time.sleep(_PAUSE_S)

    def _judge(self, line: bytes) -> None:
        self.seen += 1
        for name, secret in self._secrets.items():
            if secret in line:
                self.exposed.add(
                    f"{name}: {line.replace(secret, b'...').replace(bytes(1), b' ').decode('utf-8', 'replace')}"
                )
