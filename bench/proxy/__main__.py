"""`python -m bench.proxy`: the whole table in about ten minutes."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from bench.proxy import build, idle, measure, report, targets
from bench.proxy.contenders import COMPILED, CONTENDERS, FULL, FULL_SINGLE, PURE
from bench.proxy.scene import DIRECTIONS, TRANSPORTS, WORK

PARTS = ("rounds", "memory", "start")


def main() -> int:
    """Measure, print, write JSON; 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.proxy", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.8, help="of each measurement")
    parser.add_argument("--transports", default=",".join(TRANSPORTS))
    parser.add_argument("--contenders", default="", help="parts of names, with commas; all by default")
    parser.add_argument("--users", type=int, default=1000, help="different ones in the messages")
    parser.add_argument("--direction", choices=DIRECTIONS, default="out", help="who sends the requests")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--json", type=Path, default=WORK / "result.json")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped on the way out
    build.everything()
    words = options.contenders.split(",")
    chosen = [each for each in CONTENDERS if any(word in each.name for word in words)]
    transports, parts = options.transports.split(","), options.parts.split(",")

    plan = measure.Plan(options.rounds, options.seconds, DIRECTIONS[options.direction], options.users)
    series, memories, start_ups = [], [], {}
    if "rounds" in parts:
        for transport in transports:
            series += measure.rounds(plan, transport, [each for each in chosen if transport in each.transports])
    if "memory" in parts:
        for transport in set(transports) & set(idle.TARGETS):
            for contender in {FULL, FULL_SINGLE, PURE, COMPILED} & set(chosen):
                memories += idle.memory(contender, transport)
        memories.sort(key=lambda each: (each.transport, each.contender, each.connections))
    if "start" in parts:
        start_ups = idle.start_ups([each for each in chosen if each in (FULL, PURE, COMPILED)], options.rounds)

    verdicts = targets.judge(series, memories)
    print(report.everything(series, memories, start_ups, verdicts))
    options.json.write_text(json.dumps({
        "machine": f"{platform.platform()}, {os.cpu_count()} processors",
        "direction": options.direction, "users": options.users,
        "rounds": options.rounds, "series": [each.as_json() for each in series],
        "memory": [asdict(each) for each in memories], "start_s": start_ups,
        "targets": [{**asdict(each), "passed": each.passed} for each in verdicts],
    }, indent=1))  # fmt: skip
    return 0 if all(each.passed for each in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
