# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Counters, and their text for Prometheus (exposition format 0.0.4).

The loop increments plain numbers in lists. Once a second each process writes what it counted into its part of an
anonymous shared memory, with a checksum: whoever answers a scrape reads there what the others have, and a process that
takes the place of one that died goes on from its figures.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import time
import zlib
from bisect import bisect_left
from typing import Any, Dict, List, Mapping, Optional, Protocol, Sequence, Tuple

from .. import __version__
from .exposition import Family, render

KINDS = ("request", "response", "reply", "drop", "close")  # as outcome.py counts them
LEGS = ("outside", "inside")  # index: outward, the leg that a message came from
BUCKETS = (2e-6, 5e-6, 10e-6, 20e-6, 50e-6, 100e-6, 200e-6, 500e-6, 1e-3, 5e-3, 20e-3, 100e-3)  # seconds
LABELS = 100  # different reasons, header names ...; further ones are counted as "other"
LABEL = 40  # characters of one
_PART = 1 << 17  # bytes of shared memory for each process: more than all labels take
_HEAD = struct.Struct("=II")  # CRC-32 of the text, its length


class Counters(Protocol):
    """What a rewriter counts by itself."""

    @property
    def leaks(self) -> Dict[str, int]: ...

    @property
    def refusals(self) -> Dict[int, int]: ...

    @property
    def bad_tokens(self) -> int: ...


class Metrics:
    """The figures of this process, and through shared memory those of its siblings. Make it before forking."""

    def __init__(self, processes: int = 1, kernel: str = "pure") -> None:
        self.kernel = kernel
        self._started = time.time()
        self._processes = processes
        self._index = 0
        self._shared = mmap.mmap(-1, processes * _PART)
        self._clear()

    def _clear(self) -> None:
        self.messages = ([0] * len(KINDS), [0] * len(KINDS))  # [outward][kind]
        self.connections = {"tcp": [0, 0], "tls": [0, 0]}  # [transport][outward]: open now
        self.config_ok = 1
        self._drops: Dict[str, int] = {}
        self._tls_failures: Dict[str, int] = {}
        self._events: Dict[str, int] = {}
        self._leaks: Dict[str, int] = {}  # of rewriters that were replaced
        self._replies: Dict[str, int] = {}
        self._bad_tokens = 0
        self._rewriter: Optional[Counters] = None
        self._nodes: Dict[str, Tuple[int, float]] = {}
        self._times = [0] * (len(BUCKETS) + 1)
        self._time_sum = 0.0
        self._cpu_before = 0.0  # of processes that had this part before

    def attach(self, index: int) -> None:
        """Be process `index` of `processes` from now on: forget what the parent counted, and go on from what the
        predecessor had."""
        self._clear()
        self._index = index
        before = self._read(index)
        if before is None:
            return
        self.messages = (before["messages"][False], before["messages"][True])
        self._drops = before["drops"]
        self._tls_failures = before["tls_failures"]
        self._events = before["events"]
        self._leaks = before["leaks"]
        self._replies = before["replies"]
        self._bad_tokens = before["bad_tokens"]
        self._times = before["times"]
        self._time_sum = before["time_sum"]
        self._cpu_before = before["cpu"]

    def follow(self, rewriter: Counters) -> None:
        """Report the counters of `rewriter` from now on, added to those of the one that it replaces."""
        if self._rewriter is not None:
            self._leaks = self._all_leaks()
            self._replies = self._all_replies()
            self._bad_tokens += self._rewriter.bad_tokens
        self._rewriter = rewriter

    def drop(self, reason: str) -> None:
        """Count a message, or a connection, that was refused."""
        _count(self._drops, reason)

    def tls_failure(self, reason: str) -> None:
        """Count a handshake that failed."""
        _count(self._tls_failures, reason)

    def event(self, name: str) -> None:
        """Count something rare: a connection accepted, dialled, closed for being slow ..."""
        _count(self._events, name)

    def observe(self, seconds: float) -> None:
        """Add one sample to the histogram of what the work on one message takes."""
        self._times[bisect_left(BUCKETS, seconds)] += 1
        self._time_sum += seconds

    def node(self, name: str, up: bool, rtt: Optional[float]) -> None:
        """Note the health of an upstream; `rtt` in seconds, None: unknown."""
        self._nodes[name] = (int(up), -1.0 if rtt is None else rtt)

    def publish(self) -> None:
        """Show the others what this process has counted; once a second."""
        text = json.dumps(self._snapshot(), separators=(",", ":")).encode()
        if len(text) > _PART - _HEAD.size:
            return
        start = self._index * _PART
        self._shared[start + _HEAD.size : start + _HEAD.size + len(text)] = text
        _HEAD.pack_into(self._shared, start, zlib.crc32(text), len(text))

    def text(self) -> str:
        """The exposition of all processes together."""
        return render(self._families([self._read(index) for index in range(self._processes)]))

    def _snapshot(self) -> Dict[str, Any]:
        own = os.times()
        return {
            "messages": self.messages,
            "connections": self.connections,
            "config_ok": self.config_ok,
            "drops": self._drops,
            "tls_failures": self._tls_failures,
            "events": self._events,
            "leaks": self._all_leaks(),
            "replies": self._all_replies(),
            "bad_tokens": self._bad_tokens + (self._rewriter.bad_tokens if self._rewriter is not None else 0),
            "nodes": self._nodes,
            "times": self._times,
            "time_sum": self._time_sum,
            "cpu": self._cpu_before + own.user + own.system,
        }

    def _all_leaks(self) -> Dict[str, int]:
        leaks = dict(self._leaks)
        for where, number in (self._rewriter.leaks if self._rewriter is not None else {}).items():
            _count(leaks, where, number)
        return leaks

    def _all_replies(self) -> Dict[str, int]:
        replies = dict(self._replies)
        for status, number in (self._rewriter.refusals if self._rewriter is not None else {}).items():
            _count(replies, str(status), number)
        return replies

    def _read(self, index: int) -> Optional[Dict[str, Any]]:
        """What process `index` showed last; None: nothing yet, or it kept writing while this one read."""
        start = index * _PART
        for _unused in range(10):
            checksum, length = _HEAD.unpack_from(self._shared, start)
            text = self._shared[start + _HEAD.size : start + _HEAD.size + length]
            if length and zlib.crc32(text) == checksum:
                found: Dict[str, Any] = json.loads(text)
                return found
        return None

    def _families(self, parts: Sequence[Optional[Mapping[str, Any]]]) -> List[Family]:
        known = [part for part in parts if part is not None]
        nodes: Dict[str, Tuple[int, float]] = {}
        for part in known:
            nodes.update(part["nodes"])
        return [
            Family("messages_total", "counter", "Messages by the leg that they came from, and their outcome.").add_all(
                ({"leg": leg, "kind": kind}, sum(part["messages"][outward][number] for part in known))
                for outward, leg in enumerate(LEGS)
                for number, kind in enumerate(KINDS)
            ),
            Family("drops_total", "counter", "Messages and connections that were refused.").add_all(
                ({"reason": reason}, number) for reason, number in _total(known, "drops")
            ),
            Family("replies_total", "counter", "Requests that the rewriting answered itself.").add_all(
                ({"status": status}, number) for status, number in _total(known, "replies")
            ),
            Family("leaks_total", "counter", "Inside addresses masked in fields that are not rewritten.").add_all(
                ({"where": where}, number) for where, number in _total(known, "leaks")
            ),
            Family("bad_tokens_total", "counter", "Tokens of ours that name no host.").add(
                {}, sum(part["bad_tokens"] for part in known)
            ),
            Family("node_up", "gauge", "Whether an upstream takes messages.").add_all(
                ({"node": name}, up) for name, (up, _unused) in sorted(nodes.items())
            ),
            Family("node_rtt_seconds", "gauge", "How long an upstream took to answer OPTIONS last.").add_all(
                ({"node": name}, rtt) for name, (_unused, rtt) in sorted(nodes.items()) if rtt >= 0
            ),
            Family("connections", "gauge", "Open connections by the leg of the other side.").add_all(
                ({"leg": leg, "transport": transport}, sum(part["connections"][transport][outward] for part in known))
                for transport in ("tcp", "tls")
                for outward, leg in enumerate(LEGS)
            ),
            Family("tls_failures_total", "counter", "TLS handshakes that failed.").add_all(
                ({"reason": reason}, number) for reason, number in _total(known, "tls_failures")
            ),
            Family("events_total", "counter", "What happened to connections and processes.").add_all(
                ({"event": event}, number) for event, number in _total(known, "events")
            ),
            Family("config_ok", "gauge", "1: the configuration file in force is the one that was last loaded.").add(
                {}, min([part["config_ok"] for part in known], default=0)
            ),
            Family("cpu_seconds_total", "counter", "CPU time, user and system, of all processes.").add(
                {}, sum(part["cpu"] for part in known)
            ),
            Family("processing_seconds", "histogram", "Work on one message, one of 64 measured.").histogram(
                BUCKETS,
                [sum(part["times"][index] for part in known) for index in range(len(BUCKETS) + 1)],
                sum(part["time_sum"] for part in known),
            ),
            Family("processes", "gauge", "Processes with figures, the parent of several too.").add({}, len(known)),
            Family("start_time_seconds", "gauge", "When it was started, Unix time.").add({}, self._started),
            Family("build_info", "gauge", "Version, and which rewriting is in use.").add(
                {"version": __version__, "kernel": self.kernel}, 1
            ),
        ]


def _count(counters: Dict[str, int], label: str, number: int = 1) -> None:
    label = label[:LABEL]
    if label not in counters and len(counters) >= LABELS:
        label = "other"
    counters[label] = counters.get(label, 0) + number


def _total(parts: Sequence[Mapping[str, Any]], key: str) -> List[Tuple[str, int]]:
    total: Dict[str, int] = {}
    for part in parts:
        for label, number in part[key].items():
            _count(total, label, number)
    return sorted(total.items())
