# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From the outcome of a message to the socket it leaves by, and what happens when it cannot."""

from __future__ import annotations

import errno
from typing import Any, Optional, Tuple

from ..flow import Flow
from ..neighbours.health import Health
from ..outcome import CLOSE, DROP, REPLY, REQUEST, RESPONSE, Target
from . import listeners
from .connection import Connection
from .connections import Connections, Parts, Send
from .reading import CLOSED, HANDSHAKE
from .siblings import Siblings
from .streams import dial

UNAVAILABLE = (503, "Service Unavailable")
TOO_LARGE = (513, "Message Too Large")
ROUTES = 4096  # destinations of datagrams whose socket is remembered
# Why a datagram does not leave now; the next one may.
_PASSING = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR, errno.ENOBUFS, errno.ENOMEM, errno.ECONNREFUSED)
CONGESTED = 1300  # bytes; longer requests should go by a stream (RFC 3261 18.1.1), see `Delivery.datagram`


class Delivery(Connections):
    """The ways of messages."""

    def __init__(self, parts: Parts, process: int) -> None:
        super().__init__(parts, process)
        self.siblings = Siblings(self, process)
        self.health: Optional[Health] = None

    def dispatch(self, outcome: Tuple[int, Any, Any, Any], data: bytes, flow: Flow) -> None:
        """Do what was decided about `data`."""
        kind, out, target, token = outcome
        if kind == REQUEST:
            self.request(target, out, data, flow, 0)
        elif kind == RESPONSE:
            self.respond(token, target, out, flow.outward)
        elif kind == REPLY:
            if self.draining and out.startswith(b"SIP/2.0 200 "):  # only OPTIONS to us are answered so
                refusal = self.rewriter.refuse(data, flow, *UNAVAILABLE)
                out = out if refusal is None else refusal
            if out[8:9] != b"2":
                status = out[8:11].decode("ascii", "replace")
                self.log.drop(f"status {status}", self.now, call_id=_call_id(data), source=flow.address)
            self.reply(flow, out)
        elif kind == DROP and target == "own" and self.health is not None:
            self.health.answer(data)
        elif kind in (DROP, CLOSE):
            self.dropped(target, data, flow)
            if kind == CLOSE:
                if out is not None:
                    self.reply(flow, out)
                connection = self.connections.get(flow.token)
                if connection is not None:
                    connection.finish()

    def send(self, target: Target, data: bytes) -> None:
        """Send something of our own."""
        if target.transport == "udp":
            self.datagram(target, data)
            return
        connection = self.connection(target)
        if connection is not None:
            connection.write(data)

    def request(self, target: Target, out: bytes, data: bytes, flow: Flow, tries: int) -> None:
        """Send a request; `data` is what it was made of, in case that it has to be made anew."""
        if target.transport == "udp":
            if len(out) > CONGESTED:
                self.metrics.event("oversize")
            error = self.datagram(target, out)
            if error is not None and (flow.transport != "udp" or error.errno not in _PASSING):
                # A repetition would not help, or there will be none.
                self.answer(data, flow, *(TOO_LARGE if error.errno == errno.EMSGSIZE else UNAVAILABLE))
            return
        if target not in self.pool and target.inside and self.down(target):
            # It may not even refuse: nobody shall wait for that.
            target = self.substitute(out, target) or target
        connection = self.connection(target)
        if connection is None:
            self.undeliverable(data, flow)
            return
        if connection.originals is not None:
            connection.originals.append((data, flow, tries))
        connection.write(out)

    def respond(self, token: bytes, target: Optional[Target], out: bytes, outward: bool) -> None:
        """Send a response where its request came from, or else where the Via says (RFC 3261 18.2.2).

        It was made for the other side than the one that it came from. A forged Via may name a connection of the same
        side, which would get addresses of the other one to see.
        """
        connection = self.connections.get(token)
        if connection is not None and connection.flow.outward is outward:
            self.metrics.drop("side")
            return
        send = self.senders.get(token)
        if connection is None and send is None:
            if self.siblings.hand_over(token, target, out, outward):
                return
            if target is not None and target.transport != "udp":
                connection = self.connection(target)
        if connection is not None:
            if connection.originals is not None:
                connection.originals.append(None)
            connection.write(out)
        elif target is None or target.transport != "udp":
            self.metrics.drop("gone")
        elif send is not None:
            self.transmit(send, target, out)
        else:
            self.datagram(target, out)

    def reply(self, flow: Flow, out: bytes) -> None:
        """Answer on the way that the message came."""
        connection = self.connections.get(flow.token)
        if connection is not None:
            connection.write(out)
            return
        send = self.senders.get(flow.token)
        if send is not None:
            self.transmit(send, Target("udp", flow.address, flow.port, "", flow.outward), out)

    def datagram(self, target: Target, out: bytes) -> Optional[OSError]:
        """Send a datagram from the socket that belongs to its destination; why it did not leave.

        It goes by UDP whatever its size, because the configuration says that this peer talks UDP. RFC 3261 18.1.1 wants
        long requests on a stream; a proxy without state would then send an INVITE there, and its CANCEL, which is
        short, by UDP, to a peer that takes the two for strangers. Long ones are counted instead.
        """
        send = self.routes.get(target.address)
        if send is None:
            listener = listeners.source(self.config, target.address, target.inside, "udp")
            if listener is None:
                self.metrics.drop("no_listener")
                return OSError(errno.EADDRNOTAVAIL, "no listener")
            if len(self.routes) >= ROUTES:
                self.routes.clear()
            send = self.routes[target.address] = self.senders[b"u%d" % self.config.listeners.index(listener)]
        return self.transmit(send, target, out)

    def transmit(self, send: Send, target: Target, out: bytes) -> Optional[OSError]:
        """Why a datagram did not leave: a full buffer, a rule of the firewall; None: it did."""
        try:
            send(out, (target.address, target.port))
        except OSError as error:
            reason = "send_" + errno.errorcode.get(error.errno or 0, "failed").lower()
            self.metrics.drop(reason)
            self.log.drop(reason, self.now, destination=target.address)
            return error
        return None

    def connection(self, target: Target) -> Optional[Connection]:
        """The connection to `target`, made if there is none; None: it may not be made."""
        found = self.pool.get(target)
        if found is not None:
            return found
        found = self.reusable.get((target.transport, target.peer))
        if found is not None and not target.inside and target.address in (found.flow.address, self.homes[target.peer]):
            return found
        if self.full or len(self.pool) >= self.limits.connections:
            self.metrics.drop("connections")
            return None
        return dial(self, target)

    # -- failures ------------------------------------------------------------------------------------------------

    def unreachable(self, connection: Connection, error: OSError) -> None:
        """A connection could not be made. Requests that wait for it go to another upstream at once, or are refused."""
        if connection.state == CLOSED:
            return
        flow, target, originals = connection.flow, connection.target, connection.originals
        if connection.state == HANDSHAKE:
            self.metrics.tls_failure(getattr(error, "reason", None) or errno.errorcode.get(error.errno or 0, "other"))
        if target is None:
            self.metrics.event("handshake_failed")
            self.log.drop("handshake", self.now, source=flow.address, error=error)
            connection.close()
            return
        self.metrics.event("dial_failed")
        connection.close()
        self.gone(target, error)
        for original in originals or ():
            if original is None:  # a response has no other way
                self.metrics.drop("gone")
            else:
                self.retry(*original, target)

    def gone(self, target: Target, error: OSError) -> None:
        """Nobody is at `target`; an upstream gets no more requests until its health is good."""
        self.log.drop("gone", self.now, destination=f"{target.transport}:{target.address}:{target.port}", error=error)
        if target.inside and self.upstreams.refused(target):
            self.log.warning("upstream down", host=target.peer, address=target.address, port=target.port, error=error)

    def retry(self, data: bytes, flow: Flow, tries: int, failed: Target) -> None:
        """A request did not reach `failed`: decide again, since that one is known to be down now."""
        outcome = self.process(data, flow)
        if outcome[0] != REQUEST:
            self.dispatch(outcome, data, flow)
            return
        target = outcome[2] if outcome[2] != failed else self.substitute(outcome[1], failed)
        if target is None or tries >= len(self.config.upstreams):
            self.undeliverable(data, flow)
        else:
            self.metrics.event("failover")
            self.request(target, outcome[1], data, flow, tries + 1)

    def substitute(self, out: bytes, failed: Target) -> Optional[Target]:
        """Another upstream for a request that names one which is gone: WebSphere takes its dialogs over (stable ones).

        None: there is none that is up and talks the transport that our Via in `out` says.
        """
        upstream = self.upstreams.choose(_call_id(out)) if failed.inside else None
        if upstream is None or upstream.endpoint.transport != failed.transport:
            return None
        place = upstream.endpoint
        target = Target(place.transport, place.address, place.port, upstream.host, True)
        return target if target != failed else None

    def down(self, target: Target) -> bool:
        """Whether it is an upstream that is known to be down."""
        return any(
            not up and (one.endpoint.transport, one.endpoint.address, one.endpoint.port) == target[:3]
            for one, up, _drained in self.upstreams.status()
        )

    def undeliverable(self, data: bytes, flow: Flow) -> None:
        """No way to send a request on: say so, its sender would wait (RFC 3261 16.9)."""
        self.dropped("undeliverable", data, flow)
        self.answer(data, flow, *UNAVAILABLE)

    def answer(self, data: bytes, flow: Flow, status: int, phrase: str) -> None:
        """Answer a request ourselves, if it may be answered."""
        reply = self.rewriter.refuse(data, flow, status, phrase)
        if reply is not None:
            self.reply(flow, reply)

    def dropped(self, reason: str, data: bytes, flow: Flow) -> None:
        """A message is not sent on."""
        self.metrics.drop(reason)
        self.log.drop(reason, self.now, call_id=_call_id(data), source=flow.address, transport=flow.transport)


def _call_id(data: bytes) -> bytes:
    """For the log, from whatever this is."""
    for line in data.partition(b"\r\n\r\n")[0].split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        if name.strip().lower() in (b"call-id", b"i"):
            return value.strip()
    return b""
