"""What was promised, and whether it came true."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.proxy.contenders import COMPILED, FLOOR, FULL, FULL_SINGLE, LEAN, LEAN_SINGLE, PURE
from bench.proxy.idle import Memory
from bench.proxy.measure import Series

# (transport, contender, measured against, limit). What was promised holds against the Kamailio that does the same work
# with its workers, as people run it. The others stand beside it without a limit.
RATIOS: tuple[tuple[str, str, str, float | None], ...] = (
    *(
        (transport, own.name, other.name, limit if other is FULL else None)
        for transport, own, limit in (
            ("udp", PURE, 1.4), ("udp", COMPILED, 0.5),
            ("tcp", PURE, 0.95), ("tcp", COMPILED, 0.35),
            ("tls", PURE, 0.95), ("tls", COMPILED, 0.45),
        )
        for other in (FULL, LEAN, FULL_SINGLE, LEAN_SINGLE)
        if transport in other.transports
    ),
    ("udp", COMPILED.name, FLOOR.name, 1.9),
)  # fmt: skip
# (transport, connections, KiB each)
MEMORY = (("tcp", 10000, 1.0), ("tls", 2000, 16.0))


@dataclass(frozen=True)
class Verdict:
    """One figure and its limit."""

    what: str
    found: float
    limit: float | None  # None: only to be known
    spread: str = ""

    @property
    def passed(self) -> bool:
        """Rounded as it is printed."""
        return self.limit is None or round(self.found, 2) <= self.limit

    def __str__(self) -> str:
        if self.limit is None:
            return f"      {self.what:<58} {self.found:6.2f}{self.spread}"
        word = "PASS" if self.passed else "FAIL"
        return f"{word}  {self.what:<58} {self.found:6.2f}  (target {self.limit:g}){self.spread}"


def judge(series: Sequence[Series], memories: Iterable[Memory]) -> list[Verdict]:
    """Every target, and the same ratio for everybody else it can be measured against."""
    table = {(each.transport, each.contender, each.kind): each.cpu_us for each in series}
    verdicts = []
    for transport, own, other, limit in RATIOS:
        for kind in ("invite", "message"):
            mine, theirs = table.get((transport, own, kind)), table.get((transport, other, kind))
            if mine and theirs:
                each = [a / b for a, b in zip(mine, theirs, strict=True)]
                verdicts.append(Verdict(
                    f"{transport} {kind}: {own} / {other}", statistics.median(mine) / statistics.median(theirs), limit,
                    f"  rounds {min(each):.2f} to {max(each):.2f}",
                ))  # fmt: skip
    for memory in memories:
        for transport, connections, limit in MEMORY:
            if (memory.transport, memory.connections) == (transport, connections) and memory.contender in (
                PURE.name, COMPILED.name,
            ):  # fmt: skip
                verdicts.append(Verdict(
                    f"{transport} KiB for each of {connections} idle connections: {memory.contender}",
                    memory.each_kib, limit,
                ))  # fmt: skip
    return verdicts
