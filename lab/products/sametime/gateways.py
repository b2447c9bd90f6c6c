"""The gateway members that are connected, and the lines of JSON that go to and fro.

A gateway begins with `{"op": "hello", "gateway": "<node>/<server>"}` and gets
`{"op": "welcome", "domains": [...]}`. What has an "id" is answered with the same "id".

| from | line | answer |
|---|---|---|
| gateway | id, op status, user | status |
| gateway | op watch or unwatch, user | |
| gateway | id, op deliver, from, to, text | delivered, reason (offline or unknown) when not |
| gateway | op typing, from, to, active | |
| gateway | op presence, user, contact, status, reason | |
| gateway | op adopted, pairs (lists of user and contact) | |
| server | op status, user, status: of a watched person | |
| server | id, op subscribe, user, contact | accepted, status, reason, code |
| server | op unsubscribe, compose or close, user, contact | |
| server | id, op send, user, contact, text | sent, reason, code |
"""

from __future__ import annotations

import itertools
import json
import queue
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

ANSWER_S = 20.0
"""How long an answer may take: longer than a gateway waits for one of its partner."""

NO_GATEWAY = "no gateway is connected to this server"

Line = Mapping[str, Any]


class GoneError(Exception):
    """There is no gateway, or it went away before it answered; the words are for the user."""


class Gateway:
    """A connected member."""

    def __init__(self, name: str, connection: socket.socket) -> None:
        self.name = name
        self._connection = connection
        self._sending = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, queue.SimpleQueue[Line | None]] = {}
        self._gone = False

    def tell(self, line: Line) -> None:
        """Send a line; one who cannot be told is gone, which its reader notices."""
        with self._sending, suppress(OSError):
            self._connection.sendall(json.dumps(line).encode() + b"\n")

    def ask(self, line: Line) -> Line:
        """Send a line and wait for its answer. Raises `GoneError`."""
        number = next(self._numbers)
        answers: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        self._waiting[number] = answers
        try:
            if self._gone:
                answers.put(None)
            self.tell({"id": number, **line})
            answer = answers.get(timeout=ANSWER_S)
        except queue.Empty:
            raise GoneError(f"the gateway {self.name} did not answer within {ANSWER_S:.0f} s") from None
        finally:
            del self._waiting[number]
        if answer is None:
            raise GoneError(f"the connection to the gateway {self.name} was lost")
        return answer

    def answered(self, line: Line) -> None:
        """An answer came; one that nobody waits for any more is of no use."""
        waiting = self._waiting.get(line.get("id", 0))
        if waiting:
            waiting.put(line)

    def gone(self) -> None:
        """Nobody is to wait for it any longer, nor to begin to."""
        self._gone = True
        for waiting in list(self._waiting.values()):
            waiting.put(None)
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)


class Gateways:
    """Those that are connected, by name."""

    def __init__(self) -> None:
        self._all: dict[str, Gateway] = {}
        self._lock = threading.Lock()

    @contextmanager
    def connected(self, gateway: Gateway) -> Iterator[None]:
        """For the time that it is there. The same one again takes the place of the one before."""
        with self._lock:
            former = self._all.get(gateway.name)
            self._all[gateway.name] = gateway
        if former:
            former.gone()
        try:
            yield
        finally:
            with self._lock:
                if self._all.get(gateway.name) is gateway:
                    del self._all[gateway.name]
            gateway.gone()

    def get(self, name: str) -> Gateway | None:
        return self._all.get(name)

    def pick(self, carried: Mapping[str, int]) -> Gateway:
        """The member that carries the fewest pairs: `carried` counts them by name. Raises `GoneError`."""
        with self._lock:
            names = sorted(self._all, key=lambda name: (carried.get(name, 0), name))
            if not names:
                raise GoneError(NO_GATEWAY)
            return self._all[names[0]]

    def names(self) -> list[str]:
        with self._lock:
            return sorted(self._all)
