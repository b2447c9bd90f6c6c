# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Messages for a collector such as Homer, in version 3 of its encapsulation (HEP3, also called EEP)."""

from __future__ import annotations

import errno
import re
import socket
from struct import pack
from typing import Optional

from ..model import Endpoint
from .traced import Traced

_FAMILY = {4: 2, 6: 10}
_PROTOCOL = {"udp": 17, "tcp": 6, "tls": 6}
_SIP = 1
_LONGEST = 65000  # of a packet: its length has 16 bits, and it has to fit into a datagram
_CALL_ID = re.compile(rb"^(?:call-id|i)[ \t]*:[ \t]*([^\s]{1,256})", re.IGNORECASE | re.MULTILINE)
_WAITING = 1 << 20  # bytes for a collector that does not read
_RETRY = 5.0  # seconds between attempts to reach it
_NOT_NOW = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOTCONN, errno.EINPROGRESS, errno.EALREADY)


def packet(message: Traced, capture_id: int) -> bytes:
    """One HEP3 packet. Data that does not fit is cut. Raises ValueError for what is no address."""
    sender, receiver = message.addresses()
    seconds, micros = message.time()
    first = 3 if sender.version == 4 else 5  # the type of the chunk with the sender's address
    chunks = [
        _chunk(1, pack("!B", _FAMILY[sender.version])),
        _chunk(2, pack("!B", _PROTOCOL[message.transport])),
        _chunk(first, sender.packed),
        _chunk(first + 1, receiver.packed),
        _chunk(7, pack("!H", message.source[1])),
        _chunk(8, pack("!H", message.destination[1])),
        _chunk(9, pack("!I", seconds)),
        _chunk(10, pack("!I", micros)),
        _chunk(11, pack("!B", _SIP)),
        _chunk(12, pack("!I", capture_id)),
    ]
    call_id = _CALL_ID.search(message.data)
    if call_id:
        chunks.append(_chunk(17, call_id.group(1)))
    head = b"".join(chunks)
    body = head + _chunk(15, message.data[: _LONGEST - len(head) - 12])
    return b"HEP3" + pack("!H", 6 + len(body)) + body


def _chunk(kind: int, value: bytes) -> bytes:
    """Vendor 0 (the format's own types), type, length with these six bytes."""
    return pack("!HHH", 0, kind, 6 + len(value)) + value


class Collector:
    """Sends by UDP or TCP and never waits: what cannot be sent at once is kept for a while, then it is lost."""

    def __init__(self, endpoint: Endpoint, capture_id: int) -> None:
        self._endpoint = endpoint
        self._capture_id = capture_id
        self._socket: Optional[socket.socket] = None
        self._waiting = b""
        self._not_before = 0.0

    def write(self, message: Traced) -> None:
        """Send a packet. Raises OSError when it is lost, ValueError for what is no address."""
        found = packet(message, self._capture_id)
        if self._socket is None:
            self._socket = self._connect(message.when)
        if self._endpoint.transport == "udp":
            self._socket.send(found)
        elif len(self._waiting) + len(found) > _WAITING:
            raise OSError("the collector does not read")
        else:
            self._waiting += found
            self._flush(self._socket)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._waiting = b""

    def _connect(self, when: float) -> socket.socket:
        if when < self._not_before:
            raise OSError("the collector cannot be reached")
        self._not_before = when + _RETRY
        family = socket.AF_INET6 if ":" in self._endpoint.address else socket.AF_INET
        kind = socket.SOCK_DGRAM if self._endpoint.transport == "udp" else socket.SOCK_STREAM
        sock = socket.socket(family, kind)
        sock.setblocking(False)
        sock.connect_ex((self._endpoint.address, self._endpoint.port))  # sending shows how it ended
        return sock

    def _flush(self, sock: socket.socket) -> None:
        try:
            self._waiting = self._waiting[sock.send(self._waiting) :]
        except OSError as error:
            if error.errno not in _NOT_NOW:
                self.close()
                raise
