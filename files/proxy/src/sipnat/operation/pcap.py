# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Messages in a pcap file that every tool for SIP reads: each as one UDP packet, also when it came by TCP or TLS."""

from __future__ import annotations

import errno
import os
from struct import pack, unpack

from .traced import Traced

_RAW_IP = 101  # the link type: packets begin with IPv4's or IPv6's header
_LONGEST = 65535
_HEADER = pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, _LONGEST, _RAW_IP)
_UDP = 17
_LARGEST = 1 << 30  # bytes of a file: a trace that was forgotten does not fill the disk


class Capture:
    """One file. Several processes may write to the same one."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file = -1

    def write(self, message: Traced) -> None:
        """Add a packet. Raises OSError when the file cannot be written, ValueError for what is no address."""
        found = packet(message)
        seconds, micros = message.time()
        record = pack("=IIII", seconds, micros, len(found), len(found)) + found
        self.open()
        if os.fstat(self._file).st_size > _LARGEST:
            raise OSError(f"{self._path}: the trace has {_LARGEST} bytes, no more is written")
        os.write(self._file, record)  # one call: records of several processes do not mix

    def open(self) -> None:
        """Make the file if it is missing. Raises OSError."""
        if self._file < 0:
            self._file = self._open()

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        try:
            file = os.open(self._path, flags | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            file = os.open(self._path, flags)
        else:
            os.write(file, _HEADER)
            return file
        # Whoever has just made it may not have written its header yet: then this one packet is lost.
        found = os.read(file, len(_HEADER))
        if found != _HEADER:
            os.close(file)
            raise OSError(errno.EINVAL, "is there, and no trace of this program", self._path)
        return file


def packet(message: Traced) -> bytes:
    """An IP packet with a UDP datagram. Data that does not fit is cut. Raises ValueError for what is no address."""
    sender, receiver = message.addresses()
    addresses = sender.packed + receiver.packed
    data = message.data[: _LONGEST - 40 - 8]
    length = 8 + len(data)
    ports = pack("!HH", message.source[1], message.destination[1])
    if sender.version == 4:
        ip = pack("!BBHHHBBH", 0x45, 0, 20 + length, 0, 0, 64, _UDP, 0) + addresses
        ip = ip[:10] + pack("!H", _checksum(ip)) + ip[12:]
        return ip + ports + pack("!HH", length, 0) + data
    ip = pack("!IHBB", 6 << 28, length, _UDP, 64) + addresses
    pseudo = addresses + pack("!II", length, _UDP)
    checksum = _checksum(pseudo + ports + pack("!HH", length, 0) + data) or 0xFFFF
    return ip + ports + pack("!HH", length, checksum) + data


def _checksum(data: bytes) -> int:
    """RFC 1071."""
    data += b"\0" * (len(data) % 2)
    total: int = sum(unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF
