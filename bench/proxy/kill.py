"""`python -m bench.proxy.kill`: kill -9 under load, with senders that repeat as RFC 3261 17.1.2 has it.

Two groups: two instances with addresses of their own, as behind an IP sprayer that finds one dead; and one instance
with two processes that share their sockets. A request is lost when all its repetitions stay without an answer.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass

from bench.proxy import build, messages
from bench.proxy.contenders import COMPILED, sipnat_configuration
from bench.proxy.endpoint import Endpoint, Sink
from bench.proxy.processes import Running, running
from bench.proxy.scene import INNER, NODE, OUT, OUTER, PARTNER, PORT, WORK

SECOND_INNER, SECOND_OUTER = "127.10.0.6", "127.20.0.47"
SENDERS = 24
START_S, KILL_AFTER_S, SEND_S = 1.0, 1.5, 4.0
T1_S, TIMER_F_S = 0.5, 32.0


@dataclass
class Count:
    """What the senders have seen."""

    requests: int = 0
    repeated: int = 0
    lost: int = 0
    longest_s: float = 0.0


async def _sender(
    endpoint: Endpoint, template: bytes, numbers: itertools.count[int], proxies: list[str], count: Count
) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + SEND_S
    while loop.time() < end:
        request = template.replace(b"##########", b"%010d" % next(numbers)).replace(b"%%%%%", b"00001")
        began, wait, count.requests = loop.time(), T1_S, count.requests + 1
        while not await endpoint.ask(request, proxies[0], wait):
            if loop.time() - began > TIMER_F_S:
                count.lost += 1
                break
            count.repeated += 1
            proxies.reverse()  # the sprayer has seen that this one does not answer
            wait = min(2 * wait, 4.0)
        count.longest_s = max(count.longest_s, loop.time() - began)


async def _load(transport: str, proxies: list[str], victim: Running, index: int) -> Count:
    """All senders at once; one process dies on the way."""
    request, _ = messages.write(WORK, OUT, transport, "message")
    count, numbers = Count(), itertools.count(1)
    sink = await Sink.opened(transport, PARTNER, PORT)
    endpoints = [await Endpoint.opened(transport, NODE) for _ in range(SENDERS)]
    senders = [
        asyncio.create_task(_sender(
            endpoint, request.read_bytes(), numbers, proxies[number % 2 :] + proxies[: number % 2], count
        ))
        for number, endpoint in enumerate(endpoints)
    ]  # fmt: skip
    await asyncio.sleep(KILL_AFTER_S)
    os.kill(victim.pids()[index], signal.SIGKILL)
    await asyncio.gather(*senders)
    for endpoint in endpoints:
        endpoint.close()
    sink.close()
    return count


def _start(stack: ExitStack, transport: str, inner: str, outer: str, processes: int) -> Running:
    file = sipnat_configuration(transport, processes=processes, inner=inner, outer=outer)
    environment = {"PYTHONPATH": str(build.source_tree(compiled=True))}
    argv = [build.PYTHON, "-m", "sipnat", "run", "-c", str(file)]
    return stack.enter_context(running(argv, WORK / f"kill-{inner}.log", environment))


def two_instances(transport: str) -> Count:
    """The first of two instances dies."""
    with ExitStack() as stack:
        first = _start(stack, transport, INNER, OUTER, 1)
        _start(stack, transport, SECOND_INNER, SECOND_OUTER, 1)
        time.sleep(START_S)
        return asyncio.run(_load(transport, [INNER, SECOND_INNER], first, 0))


def two_processes(transport: str) -> Count:
    """One of the processes of one instance dies."""
    with COMPILED.started(transport, processes=2) as program:
        return asyncio.run(_load(transport, [INNER, INNER], program, 1))


def main() -> int:
    """1 if a request was lost."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    build.everything()
    lost = 0
    for group in (two_instances, two_processes):
        for transport in ("udp", "tcp"):
            count = group(transport)
            lost += count.lost
            word, what = "FAIL" if count.lost else "PASS", f"{group.__name__.replace('_', ' ')} {transport}"
            seen = f"{count.requests} requests, {count.repeated} repetitions, {count.lost} lost"
            print(f"{word}  {what}: {seen}; longest until its answer {count.longest_s:.2f} s", flush=True)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
