"""The host's object data base: what AIX keeps in binary files, here JSON mappings below `/.lab/state`.

The same files and locks as `Host.store(name)` (`lab.store`), so product simulators see what the commands see; written
again here because `lab.store` takes longer to import than most commands run.
"""

from __future__ import annotations

import json
import os

from lab.aix.userland.command import Locked, native, share

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def read(name: str) -> dict[str, Any]:
    """A mapping as it was last saved; empty when there is none. Needs no lock: files are replaced in one step."""
    try:
        with open(native(f"/.lab/state/{name}.json"), encoding="utf-8") as file:
            data: dict[str, Any] = json.load(file)
    except FileNotFoundError:
        return {}
    return data


def description() -> dict[str, Any]:
    """What the supervisor wrote about this host (`/.lab/host.json`)."""
    try:
        with open(native("/.lab/host.json"), encoding="utf-8") as file:
            data: dict[str, Any] = json.load(file)
    except FileNotFoundError:
        return {}
    return data


class Change:
    """A context that gives a mapping under lock and saves its changes at the end, unless an error left the context."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = Locked(name)
        self._data: dict[str, Any] = {}
        self._before = ""

    def __enter__(self) -> dict[str, Any]:
        self._lock.__enter__()
        self._data = read(self._name)
        self._before = json.dumps(self._data, indent=1)
        return self._data

    def __exit__(self, kind: object, *_: object) -> None:
        text = json.dumps(self._data, indent=1)
        if kind is None and text != self._before:
            place = native(f"/.lab/state/{self._name}.json")
            fresh = f"{place}.{os.getpid()}"
            with open(fresh, "w", encoding="utf-8") as file:
                share(file.fileno())
                file.write(text)
            os.rename(fresh, place)
        self._lock.__exit__()
