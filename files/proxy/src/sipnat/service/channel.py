# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Orders from the parent to a process, with the sockets that they need, through a pair of local sockets."""

from __future__ import annotations

import array
import os
import pickle
import socket
import struct
from typing import Any, List, Optional, Sequence, Tuple

_HEAD = struct.Struct("=II")  # bytes of the order, sockets that belong to it
_CHUNK = 65536
_DESCRIPTORS = 253  # the most that Linux passes on at once
SECONDS = 5.0  # for a process to take an order


def send(sock: socket.socket, order: Tuple[Any, ...], sockets: Sequence[socket.socket] = ()) -> Optional[OSError]:
    """Send one order; why the process did not take it, None if it did."""
    packed = pickle.dumps(order)
    data = _HEAD.pack(len(packed), len(sockets)) + packed
    descriptors = array.array("i", [one.fileno() for one in sockets])
    ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)] if descriptors else []
    sock.settimeout(SECONDS)
    try:
        sent = sock.sendmsg([data], ancillary)
        sock.sendall(data[sent:])
    except OSError as error:
        return error
    return None


class Orders:
    """The receiving end: reads what is there, and keeps what is not complete."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._buffer = b""
        self._descriptors = array.array("i")

    def take(self) -> List[Tuple[Tuple[Any, ...], List[socket.socket]]]:
        """The orders that have come, with their sockets. Raises EOFError when the parent is gone."""
        space = socket.CMSG_SPACE(_DESCRIPTORS * self._descriptors.itemsize)
        try:
            data, ancillary, _flags, _address = self._sock.recvmsg(_CHUNK, space)
        except BlockingIOError:
            return []
        if not data:
            raise EOFError
        for level, kind, packed in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                self._descriptors.frombytes(packed[: len(packed) - len(packed) % self._descriptors.itemsize])
        self._buffer += data
        orders = []
        while len(self._buffer) >= _HEAD.size:
            size, number = _HEAD.unpack_from(self._buffer)
            end = _HEAD.size + size
            if len(self._buffer) < end:
                break
            order = pickle.loads(self._buffer[_HEAD.size : end])  # noqa: S301 - from our parent, through no name
            self._buffer = self._buffer[end:]
            sockets = [socket.socket(fileno=one) for one in self._descriptors[:number]]
            self._descriptors = self._descriptors[number:]
            for one in sockets:
                one.setblocking(False)
            orders.append((order, sockets))
        return orders

    def close(self) -> None:
        for one in self._descriptors:
            os.close(one)
        self._sock.close()
