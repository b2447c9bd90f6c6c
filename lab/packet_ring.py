"""Every packet of a network interface, through a ring that the kernel fills (packet(7), TPACKET_V3).

A socket without a ring holds some hundred packets, fewer than pass while a busy machine lets nobody read.
"""

from __future__ import annotations

import mmap
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass

# From <linux/if_packet.h>.
_SOL_PACKET = 263
_ADD_MEMBERSHIP, _RX_RING, _STATISTICS, _VERSION = 1, 5, 6, 10
_TPACKET_V3, _PROMISCUOUS = 2, 1
_ALL_PROTOCOLS = 3
_TO_KERNEL, _TO_USER = 0, 1

_BLOCK_BYTES, _BLOCKS, _FRAME_BYTES = 1 << 18, 128, 1 << 11
# A block that is not full is handed over after this time.
_HAND_OVER_MS = 10
_BLOCK_STATUS = 8
_BLOCK_HEADER = struct.Struct("=III")  # block_status, num_pkts, offset_to_first_pkt
_PACKET_HEADER = struct.Struct(
    "=IIIIIIHH"
)  # tp_next_offset, tp_sec, tp_nsec, tp_snaplen, tp_len, tp_status, tp_mac, ...


@dataclass(frozen=True)
class Packet:
    """One frame with all its bytes; `time_ns` is the kernel's, since 1970."""

    time_ns: int
    frame: bytes


class PacketRing:
    """An open capture of one interface of this network namespace, in both directions; raises `OSError`."""

    def __init__(self, interface: str) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        try:
            self._socket.setsockopt(_SOL_PACKET, _VERSION, _TPACKET_V3)
            frames = _BLOCK_BYTES // _FRAME_BYTES * _BLOCKS
            ring = struct.pack("=7I", _BLOCK_BYTES, _BLOCKS, _FRAME_BYTES, frames, _HAND_OVER_MS, 0, 0)
            self._socket.setsockopt(_SOL_PACKET, _RX_RING, ring)
            self._ring = mmap.mmap(self._socket.fileno(), _BLOCK_BYTES * _BLOCKS)
            # Only a bridge that wants everything shows what it passes on.
            wish = struct.pack("=iHH8x", socket.if_nametoindex(interface), _PROMISCUOUS, 0)
            self._socket.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, wish)
            self._socket.bind((interface, _ALL_PROTOCOLS))
        except BaseException:
            self._socket.close()
            raise
        self._next = 0
        self._seen = 0
        self._lost = 0

    def fileno(self) -> int:
        """For `select`: readable when packets wait."""
        return self._socket.fileno()

    def waiting(self) -> Iterator[Packet]:
        """The packets that the kernel has handed over."""
        while True:
            start = self._next * _BLOCK_BYTES
            status, count, offset = _BLOCK_HEADER.unpack_from(self._ring, start + _BLOCK_STATUS)
            if not status & _TO_USER:
                return
            place = start + offset
            for _ in range(count):
                step, seconds, nanoseconds, size, _length, _status, begins, _ = _PACKET_HEADER.unpack_from(
                    self._ring, place
                )
                frame = self._ring[place + begins : place + begins + size]
                yield Packet(seconds * 1_000_000_000 + nanoseconds, frame)
                place += step
            struct.pack_into("=I", self._ring, start + _BLOCK_STATUS, _TO_KERNEL)
            self._next = (self._next + 1) % _BLOCKS

    def counts(self) -> tuple[int, int]:
        """How many packets have come so far, and how many of them found no room."""
        # The kernel counts anew after every question.
        seen, lost, _ = struct.unpack("=III", self._socket.getsockopt(_SOL_PACKET, _STATISTICS, 12))
        self._seen += seen
        self._lost += lost
        return self._seen, self._lost

    def close(self) -> None:
        """End it."""
        self._ring.close()
        self._socket.close()
