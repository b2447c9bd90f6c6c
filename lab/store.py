"""A host's memory outside its file systems: one JSON mapping per subject, shared by all its processes and users."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_held = threading.local()


class Store:
    """The JSON mappings below `directory`, which every user of the host may write (a simulator's program runs as the
    product's user)."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @contextmanager
    def open(self, name: str) -> Iterator[MutableMapping[str, Any]]:
        """Subject `name`, locked while the context is open and saved at its end unless an exception ends it."""
        file = self.directory / f"{name}.json"
        held: set[Path] = _held.__dict__.setdefault("files", set())
        if file in held:
            raise RuntimeError(f"store {name} is open already in this thread; waiting for it would never end")
        descriptor = os.open(file.with_suffix(".lock"), os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
        held.add(file)
        try:
            self._share(descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            before = _text(file)
            content: dict[str, Any] = json.loads(before) if before else {}
            yield content
            after = json.dumps(content, indent=1)
            if after != before:
                self._write(file, after)
        finally:
            held.discard(file)
            os.close(descriptor)

    def read(self, name: str) -> dict[str, Any]:
        """A copy of subject `name` as it is now."""
        text = _text(self.directory / f"{name}.json")
        content: dict[str, Any] = json.loads(text) if text else {}
        return content

    def _write(self, file: Path, text: str) -> None:
        # Renamed into place: a reader, or a writer killed half-way, never meets half a file.
        written = file.with_suffix(".new")
        written.unlink(missing_ok=True)
        descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        with os.fdopen(descriptor, "w", encoding="utf-8") as new:
            self._share(descriptor)
            new.write(text)
        written.rename(file)

    @staticmethod
    def _share(descriptor: int) -> None:
        """Let every user write the file, whatever the umask of the program that made it."""
        status = os.fstat(descriptor)
        if status.st_mode & 0o666 != 0o666 and status.st_uid == os.geteuid():
            os.fchmod(descriptor, 0o666)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return ""
