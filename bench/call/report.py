"""Loads as text and as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from bench.call.load import Outcome

PERCENTILES = (50, 90, 99, 99.9)


def percentile(values: Sequence[float], percent: float) -> float:
    """Of sorted values, by nearest rank; not a number if there are none."""
    return values[max(math.ceil(len(values) * percent / 100) - 1, 0)] if values else math.nan


def lines(title: str, outcome: Outcome) -> list[str]:
    """A load for a person."""
    reasons = {"cut with their connection": outcome.cut, **outcome.failed}
    shown = ", ".join(f"{reason} {count}" for reason, count in reasons.items() if count)
    text = [f"{title}: {outcome.started} of {outcome.offered} sessions in {outcome.seconds:g} s, {outcome.lost} lost"]
    if outcome.lost:
        text.append(f"  {shown}; within {outcome.failing_s} s, over {outcome.connections} connections")
    for step, waits in outcome.waits_ms.items():
        ordered = sorted(waits)
        figures = "  ".join(f"p{percent:g} {percentile(ordered, percent):7.1f}" for percent in PERCENTILES)
        text.append(f"  {step:<8} ms  {figures}  max {percentile(ordered, 100):7.1f}")
    return text


def as_json(outcome: Outcome) -> Mapping[str, Any]:
    """A load for a program."""
    return {
        "seconds": outcome.seconds, "offered": outcome.offered, "sessions": outcome.started, "lost": outcome.lost,
        "cut": outcome.cut, "failed": outcome.failed, "failing_s": outcome.failing_s,
        "connections": outcome.connections,
        "ms": {
            step: {f"p{percent:g}": percentile(sorted(waits), percent) for percent in (*PERCENTILES, 100)}
            for step, waits in outcome.waits_ms.items() if waits
        },
    }  # fmt: skip


def costs(before: Mapping[str, float], after: Mapping[str, float], sessions: int) -> list[str]:
    """CPU of each machine that had something to do."""
    used = {name: after[name] - before[name] for name in before}
    return [
        f"  {name:<12} {seconds:7.1f} s CPU, {seconds / max(sessions, 1) * 1000:6.2f} ms a session"
        for name, seconds in sorted(used.items(), key=lambda each: -each[1])
        if seconds > 0.1
    ]
