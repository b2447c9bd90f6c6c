"""taskkill and tasklist."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from lab.host import Host
from lab.windows.host import WindowsHost


def tasklist(host: Host, arguments: Sequence[str]) -> int:
    """What runs."""
    if arguments:
        print("lab: tasklist is imitated without options only", file=sys.stderr)
        return 1
    assert isinstance(host, WindowsHost)
    print(f"\n{'Image Name':<25} {'PID':>8} Session Name        Session#    Mem Usage\n{'=' * 25} {'=' * 8}")
    for process in host.machine.processes.list():
        print(f"{process.name[:25]:<25} {process.pid:>8} Services                   0      4,096 K")
    return 0


def taskkill(host: Host, arguments: Sequence[str]) -> int:
    """End processes by id (`/PID`) or image name (`/IM`), with their children (`/T`), by force (`/F`)."""
    assert isinstance(host, WindowsHost)
    wanted: list[tuple[str, str]] = []
    words = list(arguments)
    tree = False
    while words:
        word = words.pop(0).casefold()
        if word in ("/pid", "/im") and words:
            wanted.append((word, words.pop(0)))
        elif word == "/t":
            tree = True
        elif word != "/f":
            print(f"ERROR: Invalid argument/option - '{word}'.\nType \"TASKKILL /?\" for usage.", file=sys.stderr)
            return 1
    code = 0
    for kind, name in wanted:
        listed = host.machine.processes.list()
        found = [p for p in listed if str(p.pid) == name or (kind == "/im" and p.name.casefold() == name.casefold())]
        if not found:
            print(f'ERROR: The process "{name}" not found.', file=sys.stderr)
            code = 128
        for process in found:
            for pid in [*(_children(process.pid) if tree else []), process.pid]:
                host.machine.processes.kill(pid)
                print(f"SUCCESS: The process with PID {pid} has been terminated.")
    return code


def _children(pid: int) -> list[int]:
    """All processes below one, the lowest first."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found: list[int] = []
    level = [pid]
    while level:
        level = [child for child, parent in parents.items() if parent in level]
        found = level + found
    return found
