"""`/etc/inittab`: which entries of run level 2 are to be started now, and when a respawned one may start again."""

from __future__ import annotations

import shlex
import time
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

_FILE = Path("/etc/inittab")
_RUN_LEVEL = "2"
_ACTIONS = ("once", "respawn", "wait")
# init's own limit: an entry that ended so often within the period is left alone for a while.
_LIMIT, _PERIOD_S, _PAUSE_S = 5, 225.0, 300.0


@dataclass(frozen=True)
class Entry:
    """A line `identifier:run levels:action:command`."""

    identifier: str
    levels: str
    action: str
    command: str

    @classmethod
    def parse(cls, line: str) -> Entry | None:
        """The entry of a line; None for a comment (it starts with a colon) and for what is no entry."""
        parts = line.split(":", 3)
        return cls(*parts) if len(parts) == 4 and parts[0] else None

    def runs_here(self) -> bool:
        """Whether init starts it in this run level; the lab has no program for some of AIX's own entries."""
        wanted = self.action in _ACTIONS and (not self.levels or _RUN_LEVEL in self.levels)
        return wanted and _program_exists(self.command)


class Inittab:
    """What init remembers of the entries it has started."""

    def __init__(self, file: Path = _FILE) -> None:
        self._file = file
        self._started: set[Entry] = set()
        self._ends: dict[Entry, list[float]] = {}

    def _entries(self) -> list[Entry]:
        text = self._file.read_text("utf-8") if self._file.exists() else ""
        return [entry for line in text.splitlines() if (entry := Entry.parse(line)) and entry.runs_here()]

    def over(self, running: AbstractSet[Entry]) -> list[Entry]:
        """The running entries to end now: their line was removed, changed or set to `off`."""
        entries = self._entries()
        return [entry for entry in running if entry not in entries]

    def due(self, running: AbstractSet[Entry]) -> list[Entry]:
        """The entries to start now."""
        entries = self._entries()
        self._started.intersection_update(entries)
        due = [entry for entry in entries if entry not in running and self._may_start(entry)]
        self._started.update(due)
        return due

    def ended(self, entry: Entry) -> None:
        """Note that a started entry has ended."""
        now = time.monotonic()
        recent = [moment for moment in self._ends.get(entry, []) if now - moment < _PERIOD_S]
        self._ends[entry] = [*recent, now]

    def next_start_in(self) -> float | None:
        """Seconds until a paused entry may start again; None when none is paused."""
        pauses = [self._paused_for(entry) for entry in self._ends if entry in self._started]
        return min((pause for pause in pauses if pause > 0), default=None)

    def _may_start(self, entry: Entry) -> bool:
        if entry not in self._started:
            return True
        return entry.action == "respawn" and self._paused_for(entry) <= 0

    def _paused_for(self, entry: Entry) -> float:
        ends = self._ends.get(entry, [])
        if len(ends) < _LIMIT:
            return 0.0
        return ends[-1] + _PAUSE_S - time.monotonic()


def _program_exists(command: str) -> bool:
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        return False
    return bool(words) and Path(words[0]).exists()
