"""The rounds: every contender in turn, each time started anew: what else the machine does meets all alike."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bench.proxy.contenders import Contender
from bench.proxy.load import Load, Result
from bench.proxy.scene import TYPES, Direction

WARM_UP_REQUESTS = 2000  # more than there are users, usually


@dataclass
class Series:
    """What the rounds have shown of one contender with one transport and one type of message."""

    contender: str
    transport: str
    kind: str
    cpu_us: list[float] = field(default_factory=list)  # for a forwarded message, user and system, all processes
    rate: list[float] = field(default_factory=list)  # messages a second on one processor
    half_rate: list[float] = field(default_factory=list)  # requests a second at half load
    p50_us: list[float] = field(default_factory=list)  # from a request to its answer at half load
    p99_us: list[float] = field(default_factory=list)
    failed: float = 0.0  # worst share of requests without a 200
    cipher: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the file."""
        return asdict(self)


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int
    seconds: float  # of each measurement
    direction: Direction
    users: int


def rounds(plan: Plan, transport: str, contenders: Sequence[Contender]) -> list[Series]:
    """All contenders with one transport, and the generator alone ("direct") for the times."""
    table = {(each.name, kind): Series(each.name, transport, kind) for each in contenders for kind in TYPES}
    for number in range(plan.rounds):
        # Another one begins each time.
        first = number % len(contenders)
        for contender in (*contenders[first:], *contenders[:first]):
            print(f"\r{transport} round {number + 1} {contender.name:<24}", end="", file=sys.stderr, flush=True)
            _measure(plan, transport, contender, table)
    print(file=sys.stderr)
    return list(table.values())


def _measure(plan: Plan, transport: str, contender: Contender, table: dict[tuple[str, str], Series]) -> None:
    with contender.started(transport) as program:
        for kind in TYPES:
            series = table[contender.name, kind]
            load = Load(transport, kind, plan.direction, plan.seconds, users=plan.users)
            replace(load, seconds=5, requests=WARM_UP_REQUESTS).run()
            before = program.cpu_s()
            result = load.run()
            used = program.cpu_s() - before
            _note(series, result)
            series.cpu_us.append(used / max(result.forwarded, 1) * 1e6)
            series.rate.append(result.forwarded / result.seconds)
            _half_load(plan, series)


def _half_load(plan: Plan, series: Series) -> None:
    # A request and its answer are two messages.
    rate = series.rate[-1] / 4
    through = _times(plan, series, rate, through_proxy=True)
    direct = _times(plan, series, rate, through_proxy=False)
    _note(series, through)
    series.half_rate.append(rate)
    series.p50_us.append(through.p50_us - direct.p50_us)
    series.p99_us.append(through.p99_us - direct.p50_us)


def _times(plan: Plan, series: Series, rate: float, *, through_proxy: bool) -> Result:
    seconds = plan.seconds if through_proxy else plan.seconds / 4
    load = Load(series.transport, series.kind, plan.direction, seconds, rate, users=plan.users)
    return replace(load, through_proxy=through_proxy).run()


def _note(series: Series, result: Result) -> None:
    series.failed = max(series.failed, result.failed_share)
    series.cipher = result.cipher
