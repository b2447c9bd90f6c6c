# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tables of one process: connections and UDP sockets, and how long they may take."""

from __future__ import annotations

import errno
import itertools
import random
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Protocol, Tuple

from ..flow import Flow
from ..kernel import Pump, Take
from ..model import Config
from ..neighbours.peers import Peers
from ..neighbours.upstreams import Upstreams
from ..operation.log import Log
from ..operation.metrics import Counters, Metrics
from ..operation.trace import Tracer
from ..outcome import Outcome, Target
from .connection import Connection
from .reactor import Reactor
from .reading import OPEN
from .timers import Deadlines
from .tls import Contexts

HOLD = 0.1  # seconds that a connection which sends too much is not read
LINGER = 2.0  # seconds that a peer has to read our last words

Send = Callable[[bytes, Tuple[str, int]], int]


class Rewriter(Counters, Protocol):
    """What decides about messages: the one of `rewriting`, or the kernel before it."""

    def process(self, data: bytes, flow: Flow) -> Outcome: ...

    def refuse(self, data: bytes, flow: Flow, status: int, reason: str) -> Optional[bytes]: ...


class Parts(NamedTuple):
    """What a loop works with. Upstreams and metrics are shared with sibling processes."""

    config: Config
    rewriter: Rewriter
    upstreams: Upstreams
    guard: Peers
    metrics: Metrics
    tracer: Tracer
    log: Log


class Connections(Reactor):
    """Which connections there are. What is done with them is in the classes made of this one."""

    def __init__(self, parts: Parts, process: int) -> None:
        super().__init__(parts.log)
        self.config, self.rewriter, self.upstreams, self.guard, self.metrics, self.tracer = parts[:6]
        self.limits = self.config.limits
        self.contexts = Contexts(self.config)
        # As outcome.py says it; what it may hold is known where it is called, once for every message.
        self.process: Callable[[bytes, Flow], Tuple[int, Any, Any, Any]] = self.rewriter.process
        self.pump: Optional[Pump] = getattr(self.rewriter, "pump", None)
        self.take: Optional[Take] = getattr(self.rewriter, "take", None)
        self.classify = self.guard.classify
        self.allow = self.guard.allow
        self.draining = False
        self.connections: Dict[bytes, Connection] = {}  # by the token of their flow
        self.pool: Dict[Target, Connection] = {}  # those made by us
        self.reusable: Dict[Tuple[str, str], Connection] = {}  # by transport and partner: made by the partner
        self.homes = {partner.name: partner.endpoint.address for partner in self.config.partners}
        self.dirty: List[Connection] = []  # have something to send
        self.failures: List[Tuple[Connection, OSError]] = []  # could not be made
        self.senders: Dict[bytes, Send] = {}  # of UDP listeners, by token
        # Of connected UDP sockets: by the token of the listener with their port, for requests by None; then by the
        # first three of a target.
        self.ways: Dict[Optional[bytes], Dict[Tuple[str, str, int], Callable[[bytes], int]]] = {}
        self.descriptors: Dict[bytes, Dict[Target, int]] = {}  # the same sockets, as the compiled kernel wants them
        self.routes: Dict[str, Send] = {}  # of UDP listeners, by destination
        self.dials = Deadlines(self.timers, self.limits.connect, self._too_slow)
        self.handshakes = Deadlines(self.timers, self.limits.handshake, self._too_slow)
        self.partials = Deadlines(self.timers, self.limits.partial, self._incomplete)
        self.held = Deadlines(self.timers, HOLD, Connection.resume)
        self.lingering = Deadlines(self.timers, LINGER, Connection.close)
        # A successor must not take this one's tokens for its own: answers would reach strangers.
        self._tokens = map(b"c%x.%x".__mod__, zip(itertools.repeat(process), itertools.count(random.getrandbits(32))))

    @property
    def full(self) -> bool:
        """The system cannot wait for more sockets."""
        return len(self.poller.handlers) >= self.poller.capacity

    def new_token(self) -> bytes:
        """For the flow of a connection."""
        return next(self._tokens)

    def adopt(self, connection: Connection, events: int) -> None:
        """A new connection."""
        flow = connection.flow
        self.connections[flow.token] = connection
        self.metrics.connections[flow.transport][flow.outward] += 1
        self.poller.add(connection.sock.fileno(), events, connection)
        if connection.target is not None:
            self.pool[connection.target] = connection
        else:
            self.metrics.event("accepted")
            if connection.state == OPEN:
                self.offer(connection)

    def offer(self, connection: Connection) -> None:
        """An accepted connection is open; requests to its partner may go that way if the configuration allows it."""
        peer = connection.peer
        if peer.reuse and not peer.outward and connection.proven():
            self.reusable[connection.flow.transport, peer.name] = connection

    def forget(self, connection: Connection) -> None:
        """Nothing more is to be sent by it."""
        self.connections.pop(connection.flow.token, None)
        target = connection.target
        if target is not None:
            if self.pool.get(target) is connection:
                del self.pool[target]
        elif connection.peer.reuse:
            key = (connection.flow.transport, connection.peer.name)
            if self.reusable.get(key) is connection:
                del self.reusable[key]

    def release(self, connection: Connection) -> None:
        """A connection has ended."""
        for deadlines in (self.dials, self.handshakes, self.partials, self.held, self.lingering):
            deadlines.stop(connection)
        self.poller.remove(connection.sock.fileno())
        connection.sock.close()
        if connection.target is None:
            self.guard.disconnect(connection.peer)
        flow = connection.flow
        self.metrics.connections[flow.transport][flow.outward] -= 1
        if not self.connections and not self.lingering:
            self.emptied()

    def emptied(self) -> None:
        """The last connection has ended."""

    def _too_slow(self, connection: Connection) -> None:
        self.failures.append((connection, TimeoutError(errno.ETIMEDOUT, "takes too long")))

    def _incomplete(self, connection: Connection) -> None:
        self.metrics.event("closed_partial")
        self.refused("partial", connection.flow.address)
        connection.close()

    def refused(self, reason: str, address: str) -> None:
        """Somebody may not send, or not so much."""
        self.metrics.drop(reason)
        self.log.drop(reason, self.now, source=address)
