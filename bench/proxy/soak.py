"""`python -m bench.proxy.soak`: many messages, and whether memory grows.

The messages come in portions; each opens its connections anew. The resident size is read between portions, when nothing
is under way. Many users, so that whatever is remembered of messages reaches its bound.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import sys
import time

from bench.proxy import build
from bench.proxy.contenders import COMPILED, PURE, Contender
from bench.proxy.load import Load
from bench.proxy.scene import TYPES

# In the first quarter more connections come and go than a memory of them holds (4096), so that it is full from then on.
PORTIONS = 600
SETTLED = 0.05  # seconds after the last answer
USERS = 100_000
# From the second quarter to the last; the first fills what is bounded.
GROWTH_SHARE = 0.01


def soak(contender: Contender, transport: str, messages: int) -> bool:
    """Send so many messages through; print the sizes; whether it did not grow and lost nothing."""
    sizes, forwarded, failed = [], 0, 0
    with contender.started(transport) as program:
        for number in range(PORTIONS):
            load = Load(
                transport, TYPES[number % 2], seconds=600, requests=messages // 2 // PORTIONS, users=USERS
            )  # fmt: skip
            result = load.run()
            forwarded += result.forwarded
            failed += result.sent - result.answered
            time.sleep(SETTLED)
            sizes.append(program.resident_kib())
    quarter = PORTIONS // 4
    early, late = statistics.median(sizes[quarter : 2 * quarter]), statistics.median(sizes[-quarter:])
    passed = late - early <= early * GROWTH_SHARE and not failed
    print(
        f"{'PASS' if passed else 'FAIL'}  {contender.name} {transport}: {forwarded} messages, {failed} requests failed;"
        f" resident KiB: first {sizes[0]}, second quarter {early:.0f}, last quarter {late:.0f}, most {max(sizes)};"
        f" growth {(late - early) * 1024 / (forwarded * 5 / 8):+.4f} bytes a message",
        flush=True,
    )
    return passed


def main() -> int:
    """1 if anything grew or was lost."""
    parser = argparse.ArgumentParser(prog="python -m bench.proxy.soak")
    parser.add_argument("--messages", type=float, default=20e6, help="in all, shared by the transports")
    parser.add_argument("--transports", default="udp,tcp")
    parser.add_argument("--pure", action="store_true", help="without the compiled kernel")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    build.everything()
    transports = options.transports.split(",")
    contender = PURE if options.pure else COMPILED
    passed = [soak(contender, transport, int(options.messages / len(transports))) for transport in transports]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
