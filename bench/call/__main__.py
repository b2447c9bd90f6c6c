"""`python -m bench.call`: sessions through a deployed lab for a while, then one load more for each of those killed."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.call import report
from bench.call.load import Load
from bench.call.place import NotDeployed, Place
from bench.call.victims import VICTIMS, killed
from lab.settings import REPOSITORY


def main() -> int:
    """Measure, print, write JSON; 1 if sessions were lost although nothing was killed, 2 without a lab."""
    parser = argparse.ArgumentParser(prog="python -m bench.call", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--rate", type=int, default=200, help="sessions a second")
    parser.add_argument("--hold", type=float, default=1.0, help="seconds from MESSAGE to BYE")
    parser.add_argument("--kill-seconds", type=float, default=200, help="each load with a kill in its middle; 0: none")
    parser.add_argument("--kill-rate", type=int, default=100, help="sessions a second there")
    parser.add_argument("--target", default="9.42.124.45:5062", help="where the partner dials")
    parser.add_argument("--domain", default="partner.example", help="the partner's")
    parser.add_argument("--recipient", default="alice@rtp.example", help="somebody who is online")
    parser.add_argument("--json", type=Path, default=REPOSITORY / "build/bench/call/result.json")
    options = parser.parse_args()
    options.json.parent.mkdir(parents=True, exist_ok=True)
    # What was started is ended on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        place = Place()
        place.check_limit()
    except NotDeployed as missing:
        print(missing, file=sys.stderr)
        return 2
    try:
        return _measure(place, options)
    finally:
        place.clear(options.json.parent)


def _measure(place: Place, options: argparse.Namespace) -> int:
    load = Load(place, options.target, options.domain, options.recipient, options.rate, options.hold)

    before = place.cpu_s()
    steady = load.run("steady", options.seconds)
    print(
        "\n".join([*report.lines("steady", steady), *report.costs(before, place.cpu_s(), steady.started)]), flush=True
    )
    result: dict[str, Any] = {
        "machine": f"{platform.platform()}, {os.cpu_count()} processors", "rate": options.rate,
        "hold_s": options.hold, "steady": report.as_json(steady),
    }  # fmt: skip
    for victim in VICTIMS if options.kill_seconds else ():
        with killed(victim, place, options.kill_seconds / 2):
            outcome = replace(load, rate=options.kill_rate).run(victim.name.replace(" ", "-"), options.kill_seconds)
        print("\n".join(report.lines(f"{victim.name} killed", outcome)), flush=True)
        result[f"{victim.name} killed"] = report.as_json(outcome)
    options.json.write_text(json.dumps(result, indent=1))
    return 0 if steady.flawless else 1


if __name__ == "__main__":
    sys.exit(main())
