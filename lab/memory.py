"""How much memory a lab takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def of_this_lab() -> float:
    """The proportional set size, in MB, of all processes in this process's user namespace."""
    return sum(_proportional_kilobytes(process) for process in processes()) / 1024


def processes(of: str = "self") -> Iterator[Path]:
    """The /proc folders of all processes in the user namespace of process `of`."""
    namespace = Path("/proc", of, "ns/user").readlink()
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            with suppress(OSError):
                if (process / "ns/user").readlink() == namespace:
                    yield process


def _proportional_kilobytes(process: Path) -> int:
    with suppress(OSError):
        for line in (process / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
