"""SIPp at a steady rate: what became of its sessions, and how long their answers took."""

from __future__ import annotations

import csv
import shlex
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.call import scenario
from bench.call.place import PARTNER, PARTNER_ADDRESS, Place

_PORT = 5070
# Longer than a gateway waits itself: its 408 shall be seen.
_ANSWER_WITHIN_S = 12
_GRACE_S = 30
_AGAIN_AFTER_S = 0.2


@dataclass
class Outcome:
    """Sessions of one load, of `offered` that were wanted. `failed` is by SIPp's names of reasons, `cut` were under way
    when a connection ended; in `failing_s` of the seconds sessions failed."""

    seconds: float
    offered: int
    started: int = 0
    done: int = 0
    cut: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    waits_ms: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in scenario.STEPS})
    connections: int = 0
    failing_s: int = 0

    @property
    def lost(self) -> int:
        """Sessions that were begun and did not come to their end."""
        return self.started - self.done

    @property
    def flawless(self) -> bool:
        """Whether all went well; the last second may be cut short."""
        return not self.lost and self.started >= self.offered * (1 - 1 / self.seconds)


@dataclass(frozen=True)
class Load:
    """`rate` sessions a second, each `hold_s` long, to `target` (address and port)."""

    place: Place
    target: str
    domain: str
    recipient: str
    rate: int
    hold_s: float

    def run(self, name: str, seconds: float) -> Outcome:
        """One connection carries all, as between two gateways; when it ends a new one is made."""
        outcome = Outcome(seconds, int(self.rate * seconds))
        number, end = 0, time.monotonic() + seconds
        while (left := end - time.monotonic()) > _AGAIN_AFTER_S:
            if number:
                time.sleep(_AGAIN_AFTER_S)
            number += 1
            self._connection(f"{name}-{number}", left, outcome)
            outcome.connections += 1
        return outcome

    def _connection(self, name: str, seconds: float, outcome: Outcome) -> None:
        folder = self.place.folder
        for old in folder.glob(f"{name}*"):
            old.unlink()
        file = folder / name
        file.with_suffix(".xml").write_text(scenario.text(self.domain, self.recipient))
        limit_s = int(seconds + self.hold_s + _ANSWER_WITHIN_S + _GRACE_S)
        argv = ["/usr/bin/sipp", "-sf", f"{file}.xml", "-i", PARTNER_ADDRESS, "-p", str(_PORT), "-t", "t1"]
        argv += ["-r", str(self.rate), "-m", str(int(self.rate * seconds)), "-d", str(int(self.hold_s * 1000))]
        # Those that wait for an answer do not keep others from beginning.
        argv += ["-l", str(int(self.rate * (self.hold_s + 4 * _ANSWER_WITHIN_S)))]
        argv += ["-recv_timeout", str(_ANSWER_WITHIN_S * 1000), "-timeout", str(limit_s), "-nostdin"]
        argv += ["-default_behaviors", "all,-bye"]
        argv += ["-timer_resol", "1", "-trace_stat", "-stf", f"{file}.csv", "-fd", "1"]
        argv += ["-trace_rtt", "-rtt_freq", str(self.rate), "-trace_err", "-error_file", f"{file}.err", self.target]
        # The file of response times has no option for its place.
        words = ["/usr/bin/sh", "-c", f"cd {shlex.quote(str(folder))} && exec {shlex.join(argv)}"]
        process = self.place.start(PARTNER, words, file.with_suffix(".out"))
        try:
            process.wait(limit_s + _GRACE_S)
        finally:
            process.terminate()
            process.wait(_GRACE_S)
        _read(file, outcome)


def _read(file: Path, outcome: Outcome) -> None:
    """Add what a SIPp has written."""
    rows = _rows(file.with_suffix(".csv"))
    last = rows[-1] if rows else {}
    outcome.failing_s += sum(row["FailedCall(P)"] != "0" for row in rows)
    started, done = int(last.get("TotalCallCreated", 0)), int(last.get("SuccessfulCall(C)", 0))
    failed = {
        key.removeprefix("Failed").removesuffix("(C)"): int(value)
        for key, value in last.items()
        if key.startswith("Failed") and key.endswith("(C)") and key != "FailedCall(C)" and int(value)
    }
    outcome.started += started
    outcome.done += done
    outcome.cut += max(started - done - sum(failed.values()), 0)
    for reason, count in failed.items():
        outcome.failed[reason] = outcome.failed.get(reason, 0) + count
    for waits in file.parent.glob(f"{file.name}_*_rtt.csv"):
        for row in csv.reader(waits.read_text().splitlines()[1:], delimiter=";"):
            outcome.waits_ms[row[2]].append(float(row[1]))


def _rows(file: Path) -> list[dict[str, str]]:
    """What SIPp has noted each second, and at its end."""
    return list(csv.DictReader(file.read_text().splitlines(), delimiter=";")) if file.exists() else []
