# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""UDP sockets that belong to one peer each: where upstreams and partners are known to be.

They have the address and port of a listener and are connected, so the kernel gives them what comes from that peer, and
neither it nor Python deals with addresses for every datagram: a fifth of the time of one. Everybody else, and the same
peer from another port, comes by the listener. A peer that listens no more is known at once (ICMP).
"""

from __future__ import annotations

import itertools
import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Callable, Iterator, Mapping, NamedTuple, Optional, Sequence

from ..flow import Flow
from ..kernel import Pump
from ..model import Config, Endpoint, Listener
from ..neighbours.peers import Peer
from ..outcome import REQUEST, RESPONSE, Target
from . import listeners
from .datagrams import BATCH, RECEIVE
from .delivery import CONGESTED
from .poller import READ

if TYPE_CHECKING:
    from .loop import Loop

MOST = 32  # the kernel looks through all of a port for every datagram
POSSIBLE = sys.platform == "linux"  # elsewhere the kernel may give datagrams to any socket of the port


class Pair(NamedTuple):
    """A listener and a peer that it talks to."""

    listener: Listener
    endpoint: Endpoint
    inside: bool
    name: str

    @property
    def key(self) -> listeners.Key:
        return (*listeners.key(self.listener)[:3], self.endpoint.address, self.endpoint.port)


def pairs(config: Config) -> Iterator[Pair]:
    """Those of a configuration."""
    if not POSSIBLE:
        return
    places = [(one.endpoint, True, one.host) for one in config.upstreams]
    places += [(one.endpoint, False, one.name) for one in config.partners]
    for listener in config.listeners:
        if listener.transport != "udp" or listener.address in listeners.WILDCARDS:
            continue
        for endpoint, inside, name in places:
            same = listeners.family(endpoint.address) == listeners.family(listener.address)
            if endpoint.transport == "udp" and same and listener.leg in ("both", "inside" if inside else "outside"):
                yield Pair(listener, endpoint, inside, name)


def open_all(config: Config, kept: Optional[Mapping[listeners.Key, socket.socket]] = None) -> listeners.Sockets:
    """Listeners as `listeners.open_all`, and their associations; one of these that cannot be opened is done without."""
    sockets = listeners.open_all(config, kept)
    wanted = {pair.key: pair for pair in itertools.islice(pairs(config), MOST)}
    for key in wanted:
        if kept is not None and key in kept:
            sockets[key] = kept[key]
    for key, pair in wanted.items():
        if key not in sockets:
            there = {**(kept or {}), **sockets}
            beside = [sock for other, sock in there.items() if other[:3] == key[:3]]
            with suppress(OSError):
                sockets[key] = _open(pair, beside)
    return sockets


def _open(pair: Pair, beside: Sequence[socket.socket]) -> socket.socket:
    """A socket of the port that those `beside` have already."""
    sock = socket.socket(listeners.family(pair.endpoint.address), socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        listeners.enlarge(sock)
        # A port may have several sockets if all of them say so; as soon as it has, nobody else shall join.
        for one in (sock, *beside):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((pair.listener.address, pair.listener.port))
        sock.connect((pair.endpoint.address, pair.endpoint.port))
        with suppress(BlockingIOError):
            while True:
                sock.recv(1)  # what others sent before it was connected
    except OSError:
        sock.close()
        raise
    finally:
        for one in beside:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    return sock


class Association:
    """The handler of one."""

    def __init__(self, loop: Loop, sock: socket.socket, pair: Pair, flow: Flow, peer: Peer) -> None:
        self.loop = loop
        self.sock = sock
        self.descriptor = sock.fileno()
        self.flow = flow
        self.peer = peer
        self.target = Target("udp", pair.endpoint.address, pair.endpoint.port, pair.name, pair.inside)

    def ready(self, events: int) -> None:
        """Datagrams have come, or news of a peer that does not take them."""
        if events & ~READ:
            code = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                self.loop.gone(self.target, OSError(code, os.strerror(code)))
        pump = self.loop.pump
        if pump is not None:
            self.pumped(pump)
        else:
            self.read()

    def pumped(self, pump: Pump) -> None:
        """The compiled kernel moves what it can; what it stops at goes the usual way."""
        loop, flow, peer = self.loop, self.flow, self.peer
        counts = loop.metrics.messages[flow.outward]
        room = len(BATCH)
        while room > 0:
            most = loop.guard.credit(peer, loop.now, room) if peer.limited else room
            if not most:
                self.read()  # which refuses what is too much
                return
            requests, responses, left = pump(self.descriptor, flow, loop.descriptors, most)
            counts[REQUEST] += requests
            counts[RESPONSE] += responses
            done = requests + responses + (left is not None)
            if peer.limited:
                loop.guard.spend(peer, loop.now, done)
            if left is None:
                return
            room -= done
            outcome = loop.process(left, flow)
            counts[outcome[0]] += 1
            loop.dispatch(outcome, left, flow)

    def read(self) -> None:
        """As `Datagrams.ready`, without addresses."""
        loop, flow, peer = self.loop, self.flow, self.peer
        recv = self.sock.recv
        ways, process, allow, now = loop.ways, loop.process, loop.allow, loop.now
        limited = peer.limited
        counts = loop.metrics.messages[flow.outward]
        # What one peer sends mostly goes the way of what it sent before.
        last: Optional[Target] = None
        mark: Optional[bytes] = None
        send: Optional[Callable[[bytes], int]] = None
        try:
            for _unused in BATCH:
                data = recv(RECEIVE)
                if limited and not allow(peer, now):
                    loop.refused("rate", peer.address)
                    continue
                outcome = process(data, flow)
                kind, out, target, token = outcome
                counts[kind] += 1
                if kind <= RESPONSE:
                    if target is not last or token != mark:
                        last, mark = target, token
                        way = ways.get(token)
                        send = way.get(target[:3]) if way and target else None
                    if send is not None and (len(out) <= CONGESTED or kind == RESPONSE):
                        try:
                            send(out)
                            continue
                        except OSError:
                            pass  # it may tell of one before: `dispatch` tries again by the listener
                loop.dispatch(outcome, data, flow)
        except (BlockingIOError, InterruptedError):
            return
        except ConnectionRefusedError as error:
            loop.gone(self.target, error)
        except OSError:
            loop.metrics.event("receive_failed")
