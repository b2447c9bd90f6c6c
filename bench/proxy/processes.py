"""A program under test: started, watched in the kernel's accounting, stopped with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

LONGEST_RUN_S = 1200  # whatever happens to the bench, its programs end
_GONE_WITHIN_S = 10.0


class Running:
    """A program and its descendants."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self.log = log

    def ended(self) -> bool:
        """Whether the program has stopped by itself."""
        return self._process.poll() is not None

    def pids(self) -> list[int]:
        """The program and all below it, without the wrapper that limits its time."""
        return family(self._process.pid)[1:]

    def cpu_s(self) -> float:
        """Seconds that all threads have run until now, in user and system mode (nanoseconds in schedstat)."""
        return cpu_s(self.pids())

    def memory_kib(self) -> int:
        """Proportional set size: pages that several processes share count once."""
        return sum(_pss(pid) for pid in self.pids())

    def resident_kib(self) -> int:
        """Resident set size of all processes."""
        total = 0
        for pid in self.pids():
            words = _text(Path(f"/proc/{pid}/statm")).split()
            total += int(words[1]) * os.sysconf("SC_PAGE_SIZE") // 1024 if words else 0
        return total

    def stop(self) -> None:
        """End all of it, at first politely; its addresses are free afterwards."""
        pids = self.pids()
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
                self._process.wait(5)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        # Only the first of them is a child, for which `wait` waits.
        deadline = time.monotonic() + _GONE_WITHIN_S
        while any(map(_runs, pids)):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.log}: still runs after SIGKILL")
            time.sleep(0.01)


@contextmanager
def running(
    argv: Sequence[str], log: Path, environment: Mapping[str, str] | None = None, cpu: int | None = None
) -> Iterator[Running]:
    """A program for the time of a `with` block; its output goes into `log`."""
    pinned = ["taskset", "-c", str(cpu)] if cpu is not None else []
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["timeout", "-k", "5", str(LONGEST_RUN_S), *pinned, *argv],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            env={**os.environ, **(environment or {})},
        )  # fmt: skip
    program = Running(process, log)
    try:
        yield program
    finally:
        program.stop()


def cpu_s(pids: Iterable[int]) -> float:
    """Seconds that all threads of these processes have run until now."""
    total = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            total += int(_text(task).partition(" ")[0] or 0)
    return total / 1e9


def family(first: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            fields = _text(entry / "stat").rpartition(")")[2].split()
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [first]
    for pid in found:
        found += children.get(pid, [])
    return found


def _runs(pid: int) -> bool:
    """Whether it has its files open: it is there, and not only until its parent asks for its end."""
    fields = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return bool(fields) and fields[0] not in "ZX"


def _pss(pid: int) -> int:
    for line in _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended meanwhile
        return ""
