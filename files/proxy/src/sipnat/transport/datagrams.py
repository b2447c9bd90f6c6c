# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A UDP socket of ours: the whole way of a message from one datagram to the next."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Dict, Optional, Tuple

from ..flow import Flow
from ..model import Listener
from ..neighbours.peers import Peer
from ..outcome import REQUEST, RESPONSE
from .delivery import CONGESTED

if TYPE_CHECKING:
    from .loop import Loop

RECEIVE = 65535
BATCH = range(64)  # datagrams of one wake-up: others get their turn, and a batch costs one question to the kernel

Known = Tuple[Flow, Peer]


class Datagrams:
    """A UDP listener. What comes in by it is answered by it: a router may have made the mapping for this very port."""

    def __init__(self, loop: Loop, sock: socket.socket, listener: Listener, token: bytes) -> None:
        self.loop = loop
        self.sock = sock
        self.listener = listener
        self.token = token
        self.flows: Dict[Tuple[object, ...], Known] = {}  # by source address

    def ready(self, events: int) -> None:  # noqa: ARG002 - what a handler is given
        """Datagrams have come."""
        loop = self.loop
        recvfrom = self.sock.recvfrom
        flows, senders, routes = self.flows, loop.senders, loop.routes
        process, allow, now = loop.process, loop.allow, loop.now
        counts = loop.metrics.messages
        try:
            for _unused in BATCH:
                data, source = recvfrom(RECEIVE)
                known = flows.get(source)
                if known is None:
                    known = self.newcomer(source)
                    if known is None:
                        continue
                flow, peer = known
                if peer.limited and not allow(peer, now):
                    loop.refused("rate", peer.address)
                    continue
                outcome = process(data, flow)
                kind, out, target, token = outcome
                counts[flow.outward][kind] += 1
                if kind == REQUEST:
                    send = routes.get(target.address) if target.transport == "udp" and len(out) <= CONGESTED else None
                elif kind == RESPONSE:
                    send = senders.get(token)
                else:
                    send = None
                if send is not None:
                    try:
                        send(out, target[1:3])
                        continue
                    except OSError:
                        pass  # `dispatch` tries again, and tells
                loop.dispatch(outcome, data, flow)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            # Windows tells here that something sent before was not wanted there. The rest comes with the next wake-up.
            loop.metrics.event("receive_failed")

    def newcomer(self, source: Tuple[object, ...]) -> Optional[Known]:
        """A sender that is not remembered; None: it may not send."""
        loop = self.loop
        address, port = str(source[0]), int(str(source[1]))
        peer = loop.classify(address)
        if peer is None or self.listener.leg == ("outside" if peer.outward else "inside"):
            loop.refused("refused", address)
            return None
        if len(self.flows) >= loop.limits.flows:
            del self.flows[next(iter(self.flows))]
        known = (Flow(peer.outward, "udp", self.token, peer.address, port), peer)
        self.flows[source] = known
        return known
