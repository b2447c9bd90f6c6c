# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which gateway node or WAS SIP proxy takes a request from the outside that names none.

Every instance with the same configuration makes the same choice from the Call-ID alone (rendezvous hashing), so a
dialog stays on its node without anything shared. A stateless proxy must not move a transaction when the health of a
node changes (RFC 3261 16.11); so each choice is remembered for 32 seconds, the longest life of one (64 * T1), and holds
unless nothing at all listens there any more.

Health, draining and these pins lie in anonymous shared memory: the processes of one host, made by fork, agree on them,
and it does not matter which of them gets the retransmission. It is written without locks: an entry that two processes
write at once is at worst one that matches no Call-ID.
"""

from __future__ import annotations

import mmap
import struct
from hashlib import blake2b
from typing import Dict, List, Optional, Tuple

from .answers import Answers
from .model import Config, Endpoint, Upstream
from .outcome import Target

PIN_SECONDS = 32
PER_HOST = 8  # upstreams on one host
_PINS = 65536  # a power of two; one entry for each value that the hash of a Call-ID can take in these bits
_PIN = struct.Struct("=qIHxx")  # hash of the Call-ID, second of its last message, slot
_STATES = 256 * PER_HOST  # one byte for each slot: host id * PER_HOST + position among the upstreams of that host
_DOWN = 1
_DRAINED = 2
_GONE = 4  # nobody listens there: no transaction can go on

_Candidate = Tuple[bytes, int, Upstream]


class Upstreams:
    """Upstreams with their health. Make it before forking."""

    def __init__(self, config: Config) -> None:
        self._shared = mmap.mmap(-1, _STATES + _PINS * _PIN.size)
        self.answers = Answers(_STATES)
        self._now = 0
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Take over the upstreams of a new configuration; those that stay keep health and draining."""
        ids = {host.name: host.id for host in config.hosts}
        self._slots: Dict[int, Upstream] = {}
        self._by_endpoint: Dict[Endpoint, int] = {}
        seen: Dict[str, int] = {}
        for upstream in config.upstreams:
            position = seen.get(upstream.host, 0)
            if position == PER_HOST:
                raise ValueError(f"host {upstream.host} has more than {PER_HOST} upstreams")
            seen[upstream.host] = position + 1
            slot = ids[upstream.host] * PER_HOST + position
            self._slots[slot] = upstream
            self._by_endpoint[upstream.endpoint] = slot
        self._candidates: List[_Candidate] = []
        self._seen_states = b""

    def tick(self, now: float) -> None:
        """Set the clock, monotonic seconds; once a second is enough."""
        self._now = int(now)

    def choose(self, call_id: bytes) -> Optional[Upstream]:
        """The upstream for this Call-ID (in the form that the inside knows); None: none is up."""
        key = hash(call_id)  # keyed by a secret that forked processes share: no peer can aim at an entry
        offset = _STATES + (key & (_PINS - 1)) * _PIN.size
        shared = self._shared
        pinned, second, slot = _PIN.unpack_from(shared, offset)
        if pinned == key and self._now - second < PIN_SECONDS and slot in self._slots and not shared[slot] & _GONE:
            # One that is down is not pinned anew: its transactions end, later requests of the Call-ID go elsewhere.
            if second != self._now and not shared[slot] & _DOWN:
                _PIN.pack_into(shared, offset, key, self._now, slot)
            return self._slots[slot]
        candidates = self._available()
        if not candidates:
            return None
        if len(candidates) == 1:
            slot, upstream = candidates[0][1:]
        else:
            weights = (
                (blake2b(call_id, digest_size=8, key=name).digest(), slot, one) for name, slot, one in candidates
            )
            slot, upstream = max(weights)[1:]
        _PIN.pack_into(shared, offset, key, self._now, slot)
        return upstream

    def slot(self, endpoint: Endpoint) -> Optional[int]:
        """The number that stands for an upstream in shared memory; None: no upstream is there."""
        return self._by_endpoint.get(endpoint)

    def mark(self, upstream: Upstream, up: bool) -> bool:
        """Note its health; true if that is news."""
        slot = self.slot(upstream.endpoint)
        return slot is not None and self._set(slot, _DOWN | _GONE if up else _DOWN, not up)

    def refused(self, target: Target) -> bool:
        """A connection to `target` could not be made: an upstream is down at once; true if that is news."""
        slot = self.slot(Endpoint(target.address, target.port, target.transport))
        return slot is not None and self._set(slot, _DOWN | _GONE, True)

    def drain(self, host: str, drained: bool = True) -> bool:
        """New dialogs go elsewhere, or come again; those that are there stay. False: no upstream on such a host."""
        slots = [slot for slot, upstream in self._slots.items() if upstream.host == host]
        for slot in slots:
            self._set(slot, _DRAINED, drained)
        return bool(slots)

    def status(self) -> List[Tuple[Upstream, bool, bool]]:
        """Each upstream with whether it is up and whether it is drained."""
        return [
            (upstream, not self._shared[slot] & _DOWN, bool(self._shared[slot] & _DRAINED))
            for slot, upstream in self._slots.items()
        ]

    def _set(self, slot: int, bits: int, value: bool) -> bool:
        before = self._shared[slot]
        after = before | bits if value else before & ~bits
        self._shared[slot] = after
        return before != after

    def _available(self) -> List[_Candidate]:
        """Those up and not drained; when all that are up are drained, these."""
        states = self._shared[:_STATES]
        if states != self._seen_states:
            every = [
                (f"{upstream.host}:{upstream.endpoint.port}".encode()[:64], slot, upstream)
                for slot, upstream in self._slots.items()
            ]
            up = [one for one in every if not states[one[1]] & _DOWN]
            self._candidates = [one for one in up if not states[one[1]] & _DRAINED] or up
            self._seen_states = states
        return self._candidates
