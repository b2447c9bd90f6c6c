"""`python -m bench.converge [ROUNDS]`: alternate the ways on a lab of its own; print CPU, launches and ratios."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab import state
from lab.settings import REPOSITORY, Settings

HERE = Path(__file__).parent
HOST = "stgdm1"
PROFILE = "/usr/IBM/WebSphere/STgateway/profiles/Bench"
TICKS = os.sysconf("SC_CLK_TCK")
WAYS = {"ours": "ours.yml", "ours, nothing to do": "ours.yml", "peers": "peers.yml"}


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU of controller and machine together, seconds of the clock, launches of wsadmin."""

    cpu_s: float
    wall_s: float
    launches: int


class Bench:
    """A lab of one machine with a deployment manager."""

    def __init__(self, folder: Path) -> None:
        self._environment = {
            **os.environ,
            "LAB_STATE": str(folder / "state"),
            "LAB_OVERLAY": str(folder / "overlay"),
            "LAB_INVENTORY": str(HERE / "hosts.yml"),
            "LAB_SUBNET": "11",
        }
        self._settings = Settings.from_environment(self._environment)

    def lab(self, *words: str) -> None:
        """A command of the lab."""
        self._run([sys.executable, "-m", "lab", *words])

    def play(self, playbook: str, value: str) -> Cost:
        """What one `ansible-playbook` costs."""
        cpu, launches, began = self._cpu(), self._launches(), time.monotonic()
        self._run(
            [
                str(Path(sys.executable).with_name("ansible-playbook")), str(HERE / playbook),
                "-i", str(HERE / "hosts.yml"), "-i", self._environment["LAB_OVERLAY"],
                "-e", json.dumps({"profile": PROFILE, "value": value}),
            ]
        )  # fmt: skip
        return Cost(self._cpu() - cpu, time.monotonic() - began, self._launches() - launches)

    def _run(self, argv: list[str]) -> None:
        done = subprocess.run(
            argv, cwd=REPOSITORY, env=self._environment, check=False, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"{' '.join(argv)}\n{done.stdout}")

    def _cpu(self) -> float:
        """Seconds of CPU that our children and the machine have used until now."""
        mine = resource.getrusage(resource.RUSAGE_CHILDREN)
        running = state.running(self._settings)
        theirs = sum(_ticks(pid) for pid in _family(running.pids[HOST])) if running else 0
        return mine.ru_utime + mine.ru_stime + theirs / TICKS

    def _launches(self) -> int:
        counter = self._settings.hosts / HOST / "disk/.lab/state/wsadmin.json"
        return int(json.loads(counter.read_text())["launches"]) if counter.exists() else 0


def _family(first: int) -> Iterator[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    waiting = [first]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, [])


def _ticks(pid: int) -> int:
    """Clock ticks of a process and of the children that it has seen end."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(field) for field in fields[11:15])


@contextmanager
def _bench() -> Iterator[Bench]:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        try:
            bench.lab("up")
            bench.play("prepare.yml", "")
            yield bench
        finally:
            bench.lab("clean")


def main(rounds: int) -> None:
    """Measure and print."""
    costs: dict[str, list[Cost]] = {way: [] for way in WAYS}
    with _bench() as bench:
        for number in range(rounds):
            for way, playbook in WAYS.items():
                # The second play of ours finds what the first has set.
                value = f"peers{number}" if way == "peers" else f"ours{number}"
                costs[way].append(bench.play(playbook, value))
    print(f"twenty properties, median of {rounds} rounds; CPU of controller and machine together")
    for way, seen in costs.items():
        cpu, wall = statistics.median(each.cpu_s for each in seen), statistics.median(each.wall_s for each in seen)
        print(f"  {way:<20} {cpu:6.1f} s CPU  {wall:6.1f} s  {seen[-1].launches:3} launches")
    for way in ("ours", "ours, nothing to do"):
        ratios = [peer.cpu_s / own.cpu_s for own, peer in zip(costs[way], costs["peers"], strict=True)]
        print(
            f"  peers / {way}: {statistics.median(ratios):.1f} times the CPU ({min(ratios):.1f} to {max(ratios):.1f})"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
