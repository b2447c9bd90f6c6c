# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A router on loopback addresses: what is sent to its front comes out at its back with another source address."""

from __future__ import annotations

import selectors
import socket
import threading
from typing import Callable, Dict, List, Tuple

Change = Callable[[bytes], bytes]


def unchanged(data: bytes) -> bytes:
    return data


class FakeNat:
    """Relays UDP and TCP until it is closed; `outward` and `inward` are what it does to the bytes."""

    def __init__(
        self, back: str, keep_port: bool = True, outward: Change = unchanged, inward: Change = unchanged
    ) -> None:
        self._back = back
        self._keep_port = keep_port
        self._outward = outward
        self._inward = inward
        self._selector = selectors.DefaultSelector()
        self._sockets: List[socket.socket] = []
        self._flows: Dict[Tuple[int, Tuple[str, int]], socket.socket] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def lead(self, front: Tuple[str, int], target: Tuple[str, int], transport: str) -> Tuple[str, int]:
        """Where the rule's front is; port 0 lets the system choose."""
        sock = self._socket(socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM, front)
        if transport == "udp":
            self._watch(sock, lambda: self._datagram(sock, target))
        else:
            sock.listen(8)
            self._watch(sock, lambda: self._connection(sock, target))
        where: Tuple[str, int] = sock.getsockname()
        return where

    def __enter__(self) -> FakeNat:
        self._thread.start()
        return self

    def __exit__(self, *_details: object) -> None:
        self._stop.set()
        self._thread.join(5)
        for sock in self._sockets:
            sock.close()
        self._selector.close()

    def _socket(self, kind: int, where: Tuple[str, int]) -> socket.socket:
        sock = socket.socket(socket.AF_INET, kind)
        self._sockets.append(sock)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(where)
        return sock

    def _watch(self, sock: socket.socket, ready: Callable[[], object]) -> None:
        self._selector.register(sock, selectors.EVENT_READ, ready)

    def _run(self) -> None:
        while not self._stop.is_set():
            for key, _events in self._selector.select(0.05):
                key.data()

    def _out(self, kind: int, source: Tuple[str, int], target: Tuple[str, int]) -> socket.socket:
        """A socket at the back, with the port that the translation gives."""
        sock = self._socket(kind, (self._back, source[1] if self._keep_port else 0))
        sock.connect(target)
        return sock

    def _datagram(self, front: socket.socket, target: Tuple[str, int]) -> None:
        data, source = front.recvfrom(65535)
        flow = (front.fileno(), source)
        if flow not in self._flows:
            back = self._flows[flow] = self._out(socket.SOCK_DGRAM, source, target)
            self._watch(back, lambda: front.sendto(self._inward(back.recv(65535)), source))
        self._flows[flow].send(self._outward(data))

    def _connection(self, front: socket.socket, target: Tuple[str, int]) -> None:
        near, source = front.accept()
        self._sockets.append(near)
        far = self._out(socket.SOCK_STREAM, source, target)
        self._watch(near, lambda: self._pass_on(near, far, self._outward))
        self._watch(far, lambda: self._pass_on(far, near, self._inward))

    def _pass_on(self, source: socket.socket, target: socket.socket, change: Change) -> None:
        data = source.recv(65535)
        if data:
            target.sendall(change(data))
        else:
            self._selector.unregister(source)
            target.shutdown(socket.SHUT_WR)
