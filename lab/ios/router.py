"""The router's two configurations, and the kernel that does what the running one says."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lab import faults
from lab.ios import editor, packets
from lab.ios.configuration import Configuration
from lab.store import Store

HOME = ".lab/ios"
"""The folder of a router's own disk, below its root."""

_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin"}


class Router:
    """`folder` holds `startup-config`, which a start reads, `running-config`, which a start overwrites, and
    `devices.json`, the devices of the interfaces by name."""

    def __init__(self, folder: Path) -> None:
        self._running = folder / "running-config"
        self._startup = folder / "startup-config"
        self._lock = folder / "lock"
        self._memory = Store(folder.parent / "state")
        self._devices: Mapping[str, str] = json.loads((folder / "devices.json").read_text("utf-8"))

    def start(self) -> None:
        """As after power came: with what was saved."""
        text = self._startup.read_text("utf-8")
        self._replace(self._running, text)
        self.translate(editor.read(text))

    def configuration(self) -> Configuration:
        """The running one."""
        return editor.read(self._running.read_text("utf-8"))

    def startup(self) -> str:
        """The text of what was saved."""
        return self._startup.read_text("utf-8")

    @contextmanager
    def change(self) -> Iterator[Configuration]:
        """The running configuration, which nobody else changes meanwhile; what it becomes takes effect at once."""
        with self._lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            before = self._running.read_text("utf-8")
            configuration = editor.read(before)
            yield configuration
            after = configuration.text()
            if after != before:
                self._replace(self._running, after)
                self.translate(configuration)

    def fault(self, step: str) -> str | None:
        """The kind of fault that was ordered for `step`, which is thereby used up."""
        return faults.take(self._memory, step)

    def save(self) -> None:
        """Have the running configuration at the next start too."""
        self._replace(self._startup, self._running.read_text("utf-8"))

    def translate(self, configuration: Configuration) -> None:
        """Have the kernel do what the configuration says."""
        subprocess.run(
            ["/usr/sbin/nft", "-f", "-"],
            input=packets.rules(configuration, self._devices),
            text=True,
            env=_ENVIRONMENT,
            check=True,
        )

    @staticmethod
    def _replace(file: Path, text: str) -> None:
        new = file.with_suffix(".new")
        with new.open("w", encoding="utf-8") as written:
            written.write(text)
            written.flush()
            os.fsync(written.fileno())
        new.replace(file)
