"""Captures of a running lab: a pcap file for each segment of its network, from a start to a stop."""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lab import recorder, state
from lab.errors import LabError
from lab.settings import REPOSITORY, Settings

_ENDS_WITHIN_S = 10.0


@dataclass(frozen=True)
class Captured:
    """What a capture holds; `counts` by segment, whose file is `<segment>.pcap`."""

    folder: Path
    counts: Mapping[str, recorder.Counts]

    @property
    def complete(self) -> bool:
        """Whether nothing that passed is missing."""
        return all(count.lost == count.over_limit == 0 for count in self.counts.values())


def start(settings: Settings, folder: Path, segments: Iterable[str], megabytes: int) -> None:
    """Write all packets from here on into `folder`, at most so many megabytes for each segment; raises `LabError`."""
    running = state.running(settings)
    if running is None:
        raise LabError("the lab is down; python3 -m lab up brings it up")
    with settings.capture_file.open("a+", encoding="utf-8") as claim:
        if not _lock(claim):
            raise LabError("a capture is running; python3 -m lab capture stop ends it")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LabError(f"cannot make the folder {folder}: {error.strerror}") from None
        words = [sys.executable, "-m", "lab.recorder", str(running.supervisor), str(folder.absolute())]
        process = subprocess.Popen(
            [*words, str(megabytes << 20), *segments],
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # The lock is the recorder's as long as it lives.
            pass_fds=[claim.fileno()],
            start_new_session=True,
        )
        assert process.stdout
        if not process.stdout.readline():
            raise LabError(f"the capture has not begun: {process.communicate()[1].strip().rpartition(chr(10))[2]}")
        claim.truncate(0)
        json.dump({"recorder": process.pid, "folder": str(folder.absolute())}, claim)


def stop(settings: Settings) -> Captured:
    """End the capture, or look at what it has when it ended with the lab; raises `LabError`."""
    try:
        with settings.capture_file.open("r+", encoding="utf-8") as claim:
            begun = json.loads(claim.read() or "null")
            if begun is None:
                raise FileNotFoundError
            if not _lock(claim):
                _end(begun["recorder"])
    except FileNotFoundError:
        raise LabError("there is no capture; python3 -m lab capture start FOLDER begins one") from None
    settings.capture_file.unlink()
    folder = Path(begun["folder"])
    try:
        counts = json.loads((folder / recorder.COUNTS).read_text("utf-8"))
    except (OSError, ValueError):
        raise LabError(
            f"the capture in {folder} has not come to its end: it was killed, or its folder is gone"
        ) from None
    return Captured(folder, {segment: recorder.Counts(**count) for segment, count in counts.items()})


def _end(process: int) -> None:
    with suppress(ProcessLookupError):
        watch = os.pidfd_open(process)
        try:
            signal.pidfd_send_signal(watch, signal.SIGTERM)
            if not select.select([watch], [], [], _ENDS_WITHIN_S)[0]:
                signal.pidfd_send_signal(watch, signal.SIGKILL)
                select.select([watch], [], [])
        finally:
            os.close(watch)


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
