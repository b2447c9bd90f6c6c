"""Tables for people."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from bench.proxy.idle import Memory
from bench.proxy.measure import Series
from bench.proxy.scene import TYPES
from bench.proxy.targets import Verdict

median = statistics.median


def costs(series: Sequence[Series]) -> str:
    """Medians of the rounds; times are what the proxy adds to a request and its answer together."""
    header = ("CPU us/message (range)", "messages/s", "half load", "added p50", "p99 us", "failed")
    widths = (26, 12, 11, 11, 9, 9)
    lines = [" " * 31 + "".join(f"{name:>{width}}" for name, width in zip(header, widths, strict=True))]
    for each in series:
        cpu = f"{median(each.cpu_us):.2f} ({min(each.cpu_us):.2f}-{max(each.cpu_us):.2f})"
        lines.append(
            f"{each.transport:<5}{each.contender:<26}{cpu:>26}{median(each.rate):>12.0f}"
            f"{2 * median(each.half_rate):>11.0f}{median(each.p50_us):>11.0f}{median(each.p99_us):>9.0f}"
            f"{each.failed:>9.2%}"
        )
    return "\n".join(lines)


def everything(
    series: Sequence[Series], memories: Sequence[Memory], start_ups: dict[str, list[float]], verdicts: Sequence[Verdict]
) -> str:
    """The whole report."""
    parts = [
        f"{kind.upper()} and its 200\n{costs([each for each in series if each.kind == kind])}"
        for kind in TYPES
        if series
    ]
    ciphers = sorted({each.cipher for each in series if each.cipher})
    if ciphers:
        parts.append(f"TLS cipher of all: {', '.join(ciphers)}")
    if memories:
        parts.append("\n".join(("Idle connections", *(
            f"{each.transport:<5}{each.contender:<26}{each.connections:>6} connections {each.each_kib:8.2f} KiB each,"
            f" {each.total_kib / 1024:7.1f} MiB in all" for each in memories
        ))))  # fmt: skip
    if start_ups:
        parts.append("\n".join(("Seconds from start to the first answer", *(
            f"     {name:<26}{median(values):6.3f} ({min(values):.3f}-{max(values):.3f})"
            for name, values in start_ups.items()
        ))))  # fmt: skip
    parts.append("\n".join(("Targets (CPU for a forwarded message, ratio of medians)", *map(str, verdicts))))
    return "\n\n".join(parts)
