# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who may send, from which side, how much, and over how many connections.

The side follows from the source address alone, never from the socket that a message came in by: one address of ours may
serve both sides, and with a router that translates sources too every message of the outside has its inside address.
"""

from __future__ import annotations

import socket
from typing import Dict, List, Optional, Tuple

from ..model import Config, Partner


class Peer:
    """One source address that may send."""

    __slots__ = (
        "address",
        "connections",
        "due",
        "interval",
        "limited",
        "name",
        "outward",
        "permitted",
        "reuse",
        "tolerance",
    )

    def __init__(self, address: str) -> None:
        self.address = address
        self.permitted = True  # False: a new configuration no longer lets it in
        self.outward = False  # True: inside, what it sends goes outside
        self.name = ""  # of the host or partner
        self.reuse = False  # requests may go to it on a connection that it opened
        self.limited = False  # False: `allow` need not be asked
        self.interval = 0.0  # seconds that one message costs
        self.tolerance = 0.0  # seconds that messages may run ahead of that
        self.due = 0.0  # when the next message would be in time
        self.connections = 0


class _Networks:
    """The partner of an address, by longest prefix, in as many look-ups as there are different prefix lengths."""

    def __init__(self, family: socket.AddressFamily, bits: int) -> None:
        self._family = family
        self._bits = bits
        self._lengths: List[Tuple[int, Dict[int, Partner]]] = []

    def fill(self, networks: Dict[int, Dict[int, Partner]]) -> None:
        self._lengths = [(self._bits - length, networks[length]) for length in sorted(networks, reverse=True)]

    def number(self, address: str) -> int:
        return int.from_bytes(socket.inet_pton(self._family, address), "big")

    def find(self, address: str) -> Optional[Partner]:
        try:
            number = self.number(address)
        except (OSError, ValueError):  # no address at all
            return None
        for shift, partners in self._lengths:
            partner = partners.get(number >> shift)
            if partner is not None:
                return partner
        return None


class Peers:
    """The access list. An address that is known costs one look-up, one that is not a few microseconds and no memory."""

    def __init__(self, config: Config) -> None:
        self._known: Dict[str, Peer] = {}
        self._ipv4 = _Networks(socket.AF_INET, 32)
        self._ipv6 = _Networks(socket.AF_INET6, 128)
        self._connections = [0, 0]  # from outside, from inside
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Take over a new configuration. Peers change in place; one that may no longer send gets `permitted` False."""
        self._limits = config.limits
        self._capacity = config.limits.flows + 2 * config.limits.connections  # more than can have connections
        names = {host.name: host for host in config.hosts}
        self._inside = {address: host.name for host in config.hosts for address in host.addresses}
        self._inside.update((upstream.endpoint.address, names[upstream.host].name) for upstream in config.upstreams)
        self._firewall = frozenset(config.firewall)
        tables: Tuple[Dict[int, Dict[int, Partner]], Dict[int, Dict[int, Partner]]] = ({}, {})
        for partner in config.partners:
            # Its endpoint answers from there, whatever else is listed.
            for network in (*partner.networks, partner.endpoint.address):
                address, _unused, length = network.partition("/")
                family = self._ipv6 if ":" in address else self._ipv4
                bits = 128 if ":" in address else 32
                kept = int(length) if length else bits
                table = tables[family is self._ipv6].setdefault(kept, {})
                table.setdefault(family.number(address) >> (bits - kept), partner)
        self._ipv4.fill(tables[0])
        self._ipv6.fill(tables[1])
        known, self._known = self._known, {}
        for address, peer in known.items():
            peer.permitted = self._describe(peer)
            if peer.permitted:
                self._known[address] = peer

    def classify(self, address: str) -> Optional[Peer]:
        """The peer at a source address as the operating system writes it; None: nobody who may send."""
        peer = self._known.get(address)
        if peer is None:
            peer = Peer(address)
            if not self._describe(peer):
                return None
            if len(self._known) >= self._capacity:
                self._forget_one()
            self._known[address] = peer
        return peer

    def allow(self, peer: Peer, now: float) -> bool:
        """Whether one more message at `now` (monotonic seconds) is within its rate: a token bucket, kept as one time
        (the generic cell rate algorithm)."""
        if not peer.limited:
            return True
        due = peer.due
        if due < now:
            due = now
        elif due - now > peer.tolerance:
            return False
        peer.due = due + peer.interval
        return True

    def credit(self, peer: Peer, now: float, most: int) -> int:
        """How many messages at once `allow` would take now, `most` at most; `spend` counts those that came."""
        if not peer.limited:
            return most
        ahead = max(peer.due - now, 0.0)
        if ahead > peer.tolerance:
            return 0
        return min(most, int((peer.tolerance - ahead) / peer.interval) + 1)

    def spend(self, peer: Peer, now: float, used: int) -> None:
        """So many messages of its credit came at `now`."""
        peer.due = max(peer.due, now) + used * peer.interval

    def connect(self, peer: Peer) -> bool:
        """Count a connection that `peer` opens; false: it has, or its side has, as many as may be.

        The sides are counted apart, so that the outside cannot take the inside's; inside hosts have no limit each.
        """
        limits = self._limits
        if self._connections[peer.outward] >= limits.connections:
            return False
        if not peer.outward and peer.connections >= limits.connections_per_peer:
            return False
        peer.connections += 1
        self._connections[peer.outward] += 1
        return True

    def disconnect(self, peer: Peer) -> None:
        """A connection that `connect` counted has ended."""
        peer.connections -= 1
        self._connections[peer.outward] -= 1

    def _describe(self, peer: Peer) -> bool:
        """Fill in what the configuration says of its address; false: nothing, it may not send."""
        address = peer.address
        if address.startswith("::ffff:") and "." in address:
            address = address[7:]  # IPv4 at a socket for both
        address = address.partition("%")[0]
        before = peer.outward
        inside = self._inside.get(address)
        partner = None
        if inside is None and address not in self._firewall:
            partner = (self._ipv6 if ":" in address else self._ipv4).find(address)
            if partner is None:
                return False
        peer.outward = inside is not None
        if before != peer.outward:  # only at a reload: its connections count for the other side now
            self._connections[before] -= peer.connections
            self._connections[peer.outward] += peer.connections
        peer.name = inside if inside is not None else partner.name if partner is not None else "firewall"
        rate = self._limits.rate if partner is None or partner.rate is None else partner.rate
        peer.reuse = partner is not None and partner.reuse
        peer.limited = not peer.outward and rate > 0
        if peer.limited:
            peer.interval = 1 / rate
            peer.tolerance = (max(self._limits.burst, 1) - 0.5) / rate  # half a message more, for rounding
        return True

    def _forget_one(self) -> None:
        """Forget the one that came first of those without connections; those with some go to the end of the row."""
        while True:
            address = next(iter(self._known))
            peer = self._known.pop(address)
            if not peer.connections:
                return
            self._known[address] = peer
