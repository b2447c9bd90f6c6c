# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Answers for connections of another process of this host.

Processes share UDP sockets. When a request came in by TCP and went out by UDP, its answer may reach any of them; the
token in our Via says whose connection it is for, and that one gets it through a pair of local sockets.
"""

from __future__ import annotations

import pickle
import socket
from collections import deque
from typing import TYPE_CHECKING, Deque, Dict, List, Optional, Tuple

from ..outcome import Target

if TYPE_CHECKING:
    from .delivery import Delivery

Pair = Tuple[socket.socket, socket.socket]
"""(where its process reads, where the others write)"""
LARGEST = 1 << 17
BATCH = 64


def pairs(number: int) -> List[Pair]:
    """One for each process, to be made before forking."""
    made = []
    for _unused in range(number):
        pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        for end in pair:
            end.setblocking(False)
        made.append(pair)
    return made


class Siblings:
    """The other processes as one of them sees them; with one process there are none."""

    def __init__(self, loop: Delivery, process: int) -> None:
        self._loop = loop
        self._process = process
        self._pairs: List[Pair] = []
        self._waiting: Dict[int, Deque[bytes]] = {}  # for processes that take nothing at the moment
        self._waits = 0  # bytes in it

    def __len__(self) -> int:
        return len(self._pairs)

    def join(self, made: List[Pair]) -> None:
        """Take part; `made` by the parent."""
        self._pairs = made
        self._loop.poller.add(made[self._process][0].fileno(), 1, self)

    def hand_over(self, token: bytes, target: Optional[Target], out: bytes, outward: bool) -> bool:
        """Give an answer to the process whose connection `token` names; false: there is none, or too much waits."""
        head = token[1:].partition(b".")[0]
        try:
            process = int(head, 16) if token[:1] == b"c" else -1
        except ValueError:
            return False
        if not 0 <= process < len(self._pairs) or process == self._process:
            return False
        packed = pickle.dumps((token, target and tuple(target), out, outward))
        if len(packed) > LARGEST or self._waits + len(packed) > self._loop.limits.write_buffer:
            return False
        waiting = self._waiting.get(process)
        if waiting is None and self._sent(process, packed):
            return True
        if waiting is None:
            waiting = self._waiting[process] = deque()
            self._loop.watch(self._pairs[process][1], lambda _events: self._drain(process), write=True)
        waiting.append(packed)
        self._waits += len(packed)
        return True

    def _sent(self, process: int, packed: bytes) -> bool:
        try:
            self._pairs[process][1].send(packed)
        except OSError:
            return False
        return True

    def _drain(self, process: int) -> None:
        """A process takes answers again."""
        waiting = self._waiting[process]
        while waiting and self._sent(process, waiting[0]):
            self._waits -= len(waiting.popleft())
        if not waiting:
            del self._waiting[process]
            self._loop.unwatch(self._pairs[process][1])

    def ready(self, events: int) -> None:  # noqa: ARG002 - what a handler is given
        """Answers have come from siblings."""
        inbox = self._pairs[self._process][0]
        for _unused in range(BATCH):
            try:
                packed = inbox.recv(LARGEST)
            except OSError:
                return
            token, target, out, outward = pickle.loads(packed)  # noqa: S301 - from a process of our own, through no name
            # A token that is unknown here too must not come back: no process has the number ''.
            known = token if token in self._loop.connections else b""
            self._loop.respond(known, Target(*target) if target else None, out, outward)
