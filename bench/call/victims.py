"""What is killed in the middle: a member of the cluster, the SIP proxy, an instance of the SIP NAT proxy."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.call.place import Place

_PIDS = "/usr/IBM/WebSphere/*/profiles/*/logs/{server}/{server}.pid"


@dataclass(frozen=True)
class Victim:
    """`pids` prints the processes to kill; `again` starts them, empty where the machine does that itself."""

    name: str
    host: str
    pids: str
    again: str

    def kill(self, place: Place) -> None:
        """Kill it, as a fault does, and see that it comes back."""
        place.order(self.host, f"kill -9 $({self.pids})")
        if self.again:
            place.order(self.host, self.again)


def _server(name: str, host: str, server: str) -> Victim:
    file = _PIDS.format(server=server)
    start = f"for file in {file}; do ${{file%/logs/*}}/bin/startServer.sh {server} >/dev/null; done"
    return Victim(name, host, f"cat {file}", start)


VICTIMS = (
    _server("node", "stgpn1", "RTCGWServer"),
    _server("SIP proxy", "sipproxy1", "SIPProxyServer"),
    # The System Resource Controller starts it again by itself.
    Victim("SIP NAT proxy", "sipproxy1", "lssrc -s sipnat | sed -n '2s/.* \\([0-9][0-9]*\\) .*/\\1/p'", ""),
)
"""Each is killed in a load of its own."""


@contextmanager
def killed(victim: Victim, place: Place, after_s: float) -> Iterator[None]:
    """Kill it that long after now, while the block runs."""
    called_off = threading.Event()
    failures: list[subprocess.CalledProcessError] = []

    def strike() -> None:
        if called_off.wait(after_s):
            return
        try:
            victim.kill(place)
        except subprocess.CalledProcessError as error:
            failures.append(error)

    thread = threading.Thread(target=strike)
    thread.start()
    try:
        yield
    finally:
        called_off.set()
        thread.join()
    for error in failures:
        raise RuntimeError(f"{victim.name} on {victim.host}: {error.stdout}{error.stderr}") from error
