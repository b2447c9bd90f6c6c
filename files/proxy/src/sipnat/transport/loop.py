# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The event loop of one process: listeners, time limits, reload, drain and stop around the delivery of messages."""

from __future__ import annotations

import socket
from time import monotonic
from typing import Optional

from ..flow import Flow
from ..model import Config
from ..neighbours.peers import Peer
from ..operation.trace import Tracer, obstacle
from . import associations, listeners
from .connection import Connection
from .connections import Parts, Rewriter
from .datagrams import Datagrams
from .delivery import Delivery
from .poller import READ, Handler
from .reading import OPEN
from .streams import Acceptor
from .tls import Contexts
from .tracing import Tracing

TICK = 1.0  # seconds between looks at what is not urgent
PAUSE = 0.5  # seconds without accepting after the system had nothing left
SAMPLE = 64  # one wake-up of so many is measured


class Loop(Delivery):
    """Runs in one thread; nothing in it waits for one peer."""

    def __init__(self, parts: Parts, sockets: Optional[listeners.Sockets] = None, process: int = 0) -> None:
        """`sockets`: opened before, else opened here (OSError); `process`: its number among those of the host."""
        super().__init__(parts, process)
        self._stopping = False
        self._ending = False
        self._sockets: listeners.Sockets = {}
        self._wakeups = 0
        self._messages = 0
        self._listen(sockets if sockets is not None else associations.open_all(self.config))
        self.metrics.follow(self.rewriter)
        self._tick()

    # -- configuration -------------------------------------------------------------------------------------------

    def reload(self, config: Config, rewriter: Rewriter, sockets: Optional[listeners.Sockets] = None) -> None:
        """Take over a new configuration in one go; connections stay unless their peer is no longer permitted.

        Raises OSError (a listener) or ValueError (TLS); then everything is as it was.
        """
        contexts = Contexts(config)
        if sockets is None:
            sockets = associations.open_all(config, self._sockets)
        self.upstreams.configure(config)
        self.guard.configure(config)
        tracing = self.tracer.on
        if config.trace != self.config.trace:
            self.tracer.close()
            self.tracer = Tracer(config.trace)
        self.config, self.limits, self.contexts = config, config.limits, contexts
        self.homes = {partner.name: partner.endpoint.address for partner in config.partners}
        self.rewriter = rewriter
        self.metrics.follow(rewriter)
        problem = self.trace(tracing)
        if problem:
            self.trace(False)
            self.log.warning("trace is off", why=problem)
        for deadlines, seconds in (
            (self.dials, config.limits.connect),
            (self.handshakes, config.limits.handshake),
            (self.partials, config.limits.partial),
        ):
            deadlines.seconds = seconds
        self._listen(sockets)
        self.reusable.clear()
        for connection in list(self.connections.values()):
            flow, peer = connection.flow, connection.peer
            flow.prefixes = None  # they were of the former rewriter
            if not peer.permitted or peer.outward != flow.outward:
                connection.close()
            elif connection.target is None and connection.state == OPEN:
                self.offer(connection)

    def trace(self, on: bool) -> str:
        """Write messages to the trace, or not; why that cannot be, "" if it is done.

        While it is off it costs nothing: `process` itself is called.
        """
        problem = obstacle(self.config.trace) if on else ""
        if problem:
            return problem
        self.tracer.on = on
        if not on:
            self.tracer.close()  # the file may be moved away now
        self.process = Tracing(self).process if on else self.rewriter.process
        self.pump = None if on else getattr(self.rewriter, "pump", None)
        self.take = None if on else getattr(self.rewriter, "take", None)
        return ""

    # -- listeners -----------------------------------------------------------------------------------------------

    def _listen(self, sockets: listeners.Sockets) -> None:
        """Listen at these and at no others."""
        for name, sock in self._sockets.items():
            self.poller.remove(sock.fileno())
            if sockets.get(name) is not sock:
                sock.close()
        self._sockets = sockets
        for table in (self.senders, self.routes, self.ways, self.descriptors):
            table.clear()
        for index, listener in enumerate(self.config.listeners):
            sock = sockets[listeners.key(listener)]
            handler: Handler
            if listener.transport == "udp":
                token = b"u%d" % index
                self.senders[token] = sock.sendto
                handler = Datagrams(self, sock, listener, token)
            else:
                handler = Acceptor(self, sock, listener)
            self.poller.add(sock.fileno(), READ, handler)
        for pair in associations.pairs(self.config):
            found = sockets.get(pair.key)
            peer = self.classify(pair.endpoint.address)
            if found is not None and peer is not None:
                self._associate(found, pair, peer)

    def _associate(self, sock: socket.socket, pair: associations.Pair, peer: Peer) -> None:
        token = b"u%d" % self.config.listeners.index(pair.listener)
        flow = Flow(peer.outward, "udp", token, peer.address, pair.endpoint.port)
        association = associations.Association(self, sock, pair, flow, peer)
        self.poller.add(sock.fileno(), READ, association)
        target = association.target
        self.ways.setdefault(token, {})[target[:3]] = sock.send
        self.descriptors.setdefault(token, {})[target] = sock.fileno()
        if listeners.source(self.config, target.address, target.inside, "udp") == pair.listener:
            self.ways.setdefault(None, {})[target[:3]] = sock.send
            self.descriptors.setdefault(b"", {})[target] = sock.fileno()

    def pause(self, acceptor: Acceptor) -> None:
        """Accept nothing for a moment."""
        self.metrics.event("exhausted")
        self.poller.change(acceptor.sock.fileno(), 0)
        self.later(PAUSE, lambda: self._unpause(acceptor))

    def _unpause(self, acceptor: Acceptor) -> None:
        descriptor = acceptor.sock.fileno()
        if self.poller.handlers.get(descriptor) is acceptor:
            self.poller.change(descriptor, READ)

    # -- the end of a wake-up ------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Send what was collected, and see to connections that could not be made; both can give the other work."""
        dirty, failures = self.dirty, self.failures
        while dirty or failures:
            while dirty:
                dirty.pop().flush()
            while failures:
                self.unreachable(*failures.pop())
        self._wakeups += 1
        if self._wakeups >= SAMPLE - 1:
            self._sample()

    def _sample(self) -> None:
        """What one message took in one wake-up of many."""
        messages = sum(self.metrics.messages[0]) + sum(self.metrics.messages[1])
        if self._wakeups == SAMPLE:
            self._wakeups = 0
            if messages > self._messages:
                self.metrics.observe((monotonic() - self.now) / (messages - self._messages))
        self._messages = messages

    def fault(self, handler: Optional[Handler], error: Exception) -> None:
        super().fault(handler, error)
        self.metrics.event("internal")
        if isinstance(handler, Connection):
            handler.close()

    # -- time ----------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        self.now = monotonic()
        idle = self.limits.idle
        self.later(min(TICK, idle / 4) if idle else TICK, self._tick)
        self.upstreams.tick(self.now)
        self.metrics.publish()
        if idle:
            late = self.now - idle
            for connection in [one for one in self.connections.values() if one.used < late and one.state == OPEN]:
                self.metrics.event("closed_idle")
                connection.finish()

    # -- the end -------------------------------------------------------------------------------------------------

    def drain(self) -> None:
        """Tell those who ask by OPTIONS to go elsewhere; everything else goes on."""
        self.draining = True

    def undrain(self) -> None:
        self.draining = False

    def stop(self) -> None:
        """Take no new connections, serve what is under way for ``limits.drain`` seconds, then end.

        Called again: end at once.
        """
        if self._stopping:
            self._finish_all()
            return
        self._stopping = True
        self.draining = True
        for sock in self._sockets.values():
            if isinstance(self.poller.handlers.get(sock.fileno()), Acceptor):
                self.poller.remove(sock.fileno())
                sock.close()
        self.later(self.limits.drain, self._finish_all)

    def _finish_all(self) -> None:
        self._ending = True
        for connection in list(self.connections.values()):
            connection.finish()
            if connection.queue is None:
                connection.close()  # nobody is in the midst of anything: there is nothing to linger for
        if not self.connections and not self.lingering:
            self.quit()

    def emptied(self) -> None:
        if self._ending:
            self.quit()

    def close(self) -> None:
        """After `run`: every socket."""
        for connection in list(self.connections.values()):
            connection.close()
        for sock in self._sockets.values():
            sock.close()
        super().close()
