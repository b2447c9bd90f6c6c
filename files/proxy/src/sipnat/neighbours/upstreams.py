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

from ..model import PER_HOST, Config, Endpoint, Upstream
from ..outcome import Target
from .answers import Answers

PIN_SECONDS = 32
_PINS = 65536  # a power of two; one entry for each value that the hash of a Call-ID can take in these bits
_PIN = struct.Struct("=qIHxx")  # hash of the Call-ID, second of its last message, slot
_STATES = 256 * PER_HOST  # one byte for each slot; those of a host begin at its id * PER_HOST
_NAMES = _STATES + _PINS * _PIN.size  # whose slot it is: 8 bytes for each, a hash of the end point
_NAME = 8
_DOWN = 1
_DRAINED = 2
_GONE = 4  # nobody listens there: no transaction can go on

_Candidate = Tuple[blake2b, int, Upstream]  # a hash that has read its name, slot


class Upstreams:
    """Upstreams with their health. Make it before forking."""

    def __init__(self, config: Config) -> None:
        self._shared = mmap.mmap(-1, _NAMES + _STATES * _NAME)
        self.answers = Answers(_STATES)
        self._now = 0
        self._slots: Dict[int, Upstream] = {}
        self._by_endpoint: Dict[Endpoint, int] = {}
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Take over the upstreams of a new configuration; those that stay keep health and draining."""
        ids = {host.name: host.id for host in config.hosts}
        wanted: Dict[int, List[Upstream]] = {}
        for upstream in config.upstreams:
            wanted.setdefault(ids[upstream.host], []).append(upstream)
        slots: Dict[Endpoint, int] = {}
        for host_id, upstreams in wanted.items():
            slots.update(self._slots_of(host_id, [upstream.endpoint for upstream in upstreams]))
        self._by_endpoint = slots
        self._slots = {self._by_endpoint[upstream.endpoint]: upstream for upstream in config.upstreams}
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
        slot, upstream = candidates[0][1:]
        if len(candidates) > 1:
            highest = b""
            for begun, its_slot, candidate in candidates:
                state = begun.copy()
                state.update(call_id)
                weight = state.digest()
                if weight > highest:
                    highest, slot, upstream = weight, its_slot, candidate
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

    def _slots_of(self, host_id: int, endpoints: List[Endpoint]) -> Dict[Endpoint, int]:
        """The slots of a host's upstreams: those that they have, for new ones such as are free. Every process comes to
        the same result, whoever is first."""
        if len(endpoints) > PER_HOST:
            raise ValueError(f"more than {PER_HOST} upstreams are on one host: {endpoints[0].address}")
        names = {blake2b(repr(endpoint).encode(), digest_size=_NAME).digest(): endpoint for endpoint in endpoints}
        owners = {slot: self._owner(slot) for slot in range(host_id * PER_HOST, (host_id + 1) * PER_HOST)}
        found = {name: slot for slot, name in owners.items() if name in names}
        free = [slot for slot, name in owners.items() if name not in names]
        for name in names:
            if name not in found:
                found[name] = free.pop(0)
                self._shared[found[name]] = 0
                start = _NAMES + found[name] * _NAME
                self._shared[start : start + _NAME] = name
        return {endpoint: found[name] for name, endpoint in names.items()}

    def _owner(self, slot: int) -> bytes:
        start = _NAMES + slot * _NAME
        return self._shared[start : start + _NAME]

    def _set(self, slot: int, bits: int, value: bool) -> bool:
        before = self._shared[slot]
        after = before | bits if value else before & ~bits
        self._shared[slot] = after
        return before != after

    def _available(self) -> List[_Candidate]:
        """Those up and not drained; when all that are up are drained, these."""
        states = self._shared[:_STATES]
        if states != self._seen_states:
            every = [(_begun(upstream), slot, upstream) for slot, upstream in self._slots.items()]
            up = [one for one in every if not states[one[1]] & _DOWN]
            self._candidates = [one for one in up if not states[one[1]] & _DRAINED] or up
            self._seen_states = states
        return self._candidates


def _begun(upstream: Upstream) -> blake2b:
    endpoint = upstream.endpoint
    return blake2b(f"{upstream.host}:{endpoint.port}/{endpoint.transport}\0".encode(), digest_size=8)
