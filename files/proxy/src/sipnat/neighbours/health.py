# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Asks each upstream by OPTIONS whether it takes messages, over the transport that it gets messages by.

Any final answer but 503 counts: one that refuses the method is alive too. An upstream is down when several answers in a
row are missing, and up again after some came; a connection that is refused puts it down at once, which the loop tells
`Upstreams` itself.
"""

from __future__ import annotations

from typing import Callable, Dict, Optional, Protocol

from ..model import Config, Endpoint, Listener, Upstream
from ..operation.log import Log
from ..operation.metrics import Metrics
from ..outcome import Target
from .upstreams import Upstreams

CALL_ID = "npcheck-"  # how the Call-ID of a question begins
LONGEST = 50  # characters of such a Call-ID
BRANCH = "z9hG4bKnphc~"  # with what the branches of this proxy begin, and no token of a flow


class Timer(Protocol):
    """What can be called off."""

    def cancel(self) -> object: ...


class Loop(Protocol):
    """What is needed of the loop."""

    @property
    def now(self) -> float: ...  # monotonic seconds, of this wake-up

    def send(self, target: Target, data: bytes) -> object: ...

    def later(self, seconds: float, callback: Callable[[], None]) -> Timer: ...


class _Check:
    """The questions to one upstream."""

    def __init__(self, upstream: Upstream) -> None:
        self.upstream = upstream
        self.asked = 0.0
        self.serial = 0  # of the question that is open; 0: none is
        self.missed = 0  # in a row
        self.answered = 0  # in a row
        self.rtt: Optional[float] = None


class Health:
    """The questions to all upstreams. One process of a host starts it; the others only hand over answers."""

    def __init__(self, config: Config, upstreams: Upstreams, metrics: Metrics, loop: Loop, log: Log) -> None:
        self._upstreams = upstreams
        self._metrics = metrics
        self._loop = loop
        self._log = log
        self._checks: Dict[int, _Check] = {}
        self._timer: Optional[Timer] = None
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Take over the upstreams and times of a configuration, after `Upstreams` has; what is known is kept."""
        self._config = config
        before = self._checks
        self._checks = {}
        for upstream in config.upstreams:
            slot = self._upstreams.slot(upstream.endpoint)
            if slot is not None:
                old = before.get(slot)
                kept = old is not None and old.upstream == upstream
                self._checks[slot] = old if old is not None and kept else _Check(upstream)

    def start(self) -> None:
        """Ask now, and from now on every `health.interval` seconds."""
        self.stop()
        self._ask()

    def stop(self) -> None:
        """Ask no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def answer(self, data: bytes) -> bool:
        """Take a response that the rewriting found to be for this proxy itself; false: it answers no open question."""
        lines = data.partition(b"\r\n\r\n")[0].split(b"\r\n")
        status = lines[0].split(b" ", 2)[1:2]
        call_id = ""
        for line in lines[1:]:
            name, _unused, value = line.partition(b":")
            if name.strip().lower() in (b"call-id", b"i"):
                call_id = value.strip().decode("ascii", "replace")
        prefix, slot, serial = (*call_id.rsplit("-", 2), "", "")[:3]
        if prefix != CALL_ID + self._upstreams.answers.salt or len(call_id) > LONGEST:
            return False
        if not (slot.isdigit() and serial.isdigit()):
            return False
        if not status or status[0] == b"503" or status[0].startswith(b"1"):
            return False
        heard = self._upstreams.answers.hear(int(slot), int(serial), self._loop.now)
        if heard and self._timer is not None:
            self._collect()
        return heard

    def _ask(self) -> None:
        for slot, check in self._checks.items():
            check.serial = self._upstreams.answers.ask(slot)
            check.asked = self._loop.now
            endpoint = check.upstream.endpoint
            target = Target(endpoint.transport, endpoint.address, endpoint.port, check.upstream.host, True)
            self._loop.send(target, self._options(slot, check))
        self._show()
        self._timer = self._loop.later(self._config.health.timeout, self._judge)

    def _judge(self) -> None:
        """Count those who have not answered in time, and plan the next questions."""
        self._collect()
        health = self._config.health
        for check in self._checks.values():
            if check.serial:
                check.serial = 0
                check.answered = 0
                check.missed += 1
                if check.missed >= health.down_after:
                    self._mark(check.upstream, False)
        self._show()
        self._timer = self._loop.later(max(health.interval - health.timeout, 0.1), self._ask)

    def _collect(self) -> None:
        """Count the answers that have come, to whichever process."""
        for slot, check in self._checks.items():
            serial, when = self._upstreams.answers.heard(slot)
            if check.serial and serial == check.serial:
                check.serial = 0
                check.rtt = when - check.asked
                check.missed = 0
                check.answered += 1
                if check.answered >= self._config.health.up_after:
                    self._mark(check.upstream, True)
        self._show()

    def _mark(self, upstream: Upstream, up: bool) -> None:
        if self._upstreams.mark(upstream, up):
            if up:
                self._log.info("upstream up", host=upstream.host, address=upstream.endpoint.address)
            else:
                self._log.warning("upstream down", host=upstream.host, address=upstream.endpoint.address)

    def _show(self) -> None:
        """Give the metrics what is known, of what others marked too."""
        rtts = {check.upstream: check.rtt for check in self._checks.values()}
        for upstream, up, _drained in self._upstreams.status():
            endpoint = upstream.endpoint
            self._metrics.node(f"{upstream.host}:{endpoint.port}/{endpoint.transport}", up, rtts.get(upstream))

    def _options(self, slot: int, check: _Check) -> bytes:
        listener = inner_listener(self._config, check.upstream.endpoint.transport)
        identity = f"{self._upstreams.answers.salt}-{slot}-{check.serial}"
        return options(check.upstream.endpoint, listener.address, listener.port, identity)


def options(endpoint: Endpoint, address: str, port: int, identity: str) -> bytes:
    """An OPTIONS request to an upstream, answered to `address` and `port`; `identity` makes branch, tag and Call-ID."""
    ours = f"{bracketed(address)}:{port}"
    uri = f"sip:{bracketed(endpoint.address)}:{endpoint.port}"
    if endpoint.transport != "udp":
        uri += f";transport={endpoint.transport}"
    return (
        f"OPTIONS {uri} SIP/2.0\r\n"
        f"Via: SIP/2.0/{endpoint.transport.upper()} {ours};rport;branch={BRANCH}{identity}\r\n"
        "Max-Forwards: 70\r\n"
        f"From: <sip:sipnat@{ours}>;tag={identity}\r\n"
        f"To: <{uri}>\r\n"
        f"Call-ID: {CALL_ID}{identity}\r\n"
        "CSeq: 1 OPTIONS\r\n"
        "Accept: application/sdp\r\n"
        "Content-Length: 0\r\n\r\n"
    ).encode()


def inner_listener(config: Config, transport: str) -> Listener:
    """The socket of ours that the inside knows for a transport; if there is none, the first of all."""
    fitting = [one for one in config.listeners if one.transport == transport and one.leg != "outside"]
    return (fitting or list(config.listeners))[0]


def bracketed(address: str) -> str:
    """An address as URIs write it."""
    return f"[{address}]" if ":" in address else address
