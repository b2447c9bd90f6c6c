"""The process behind `lab capture`: it writes what passes each segment of a running lab into a pcap file.

``python3 -m lab.recorder SUPERVISOR FOLDER MEGABYTES SEGMENT...`` prints a line once it misses nothing; it ends on
SIGTERM or with the lab, and leaves `counts.json` in the folder.
"""

from __future__ import annotations

import json
import os
import select
import signal
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from lab import namespaces
from lab.packet_ring import Packet, PacketRing

COUNTS = "counts.json"

_PCAP_HEADER = struct.pack("=IHHiIII", 0xA1B2_3C4D, 2, 4, 0, 0, 1 << 18, 1)  # nanoseconds, Ethernet
_RECORD = struct.Struct("=IIII")
_LAST_PACKETS_WITHIN_S = 2.0


@dataclass
class Counts:
    """Of one segment: packets in the file, and those that are not: no room in memory, or the file had its full size."""

    packets: int = 0
    lost: int = 0
    over_limit: int = 0


class Recording:
    """One segment and its file."""

    def __init__(self, segment: str, file: BinaryIO, limit: int) -> None:
        self.segment = segment
        self.ring = PacketRing(segment)
        self.counts = Counts()
        self._file = file
        self._left = limit - file.write(_PCAP_HEADER)

    def take(self) -> None:
        """Write what waits."""
        for packet in self.ring.waiting():
            self._write(packet)

    def finish(self) -> Counts:
        """Write all that has come up to now, and close."""
        wanted, _ = self.ring.counts()
        deadline = time.monotonic() + _LAST_PACKETS_WITHIN_S
        while self._taken() < wanted and time.monotonic() < deadline:
            select.select([self.ring], [], [], 0.01)
            self.take()
        self.counts.lost = max(self.ring.counts()[1], wanted - self.counts.packets - self.counts.over_limit)
        self.ring.close()
        self._file.close()
        return self.counts

    def _taken(self) -> int:
        return self.counts.packets + self.counts.over_limit + self.ring.counts()[1]

    def _write(self, packet: Packet) -> None:
        self._left -= _RECORD.size + len(packet.frame)
        if self._left < 0:
            self.counts.over_limit += 1
            return
        seconds, nanoseconds = divmod(packet.time_ns, 1_000_000_000)
        self._file.write(_RECORD.pack(seconds, nanoseconds, len(packet.frame), len(packet.frame)))
        self._file.write(packet.frame)
        self.counts.packets += 1


def main(supervisor: int, folder: Path, limit: int, segments: Sequence[str]) -> int:
    """Record until told to stop or the lab ends."""
    # Opened as the user who will read them, and before this process sees the lab's machines only.
    files = {segment: (folder / f"{segment}.pcap").open("wb") for segment in segments}
    counts_file = (folder / COUNTS).open("w", encoding="utf-8")
    lab_ends = os.pidfd_open(supervisor)
    told, tell = os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: os.write(tell, b"!"))
    namespaces.join(supervisor, namespaces.NEW_USER | namespaces.NEW_NET)
    recordings = [Recording(segment, file, limit) for segment, file in files.items()]
    print("ready", flush=True)
    # Nobody who waits for the end of our output shall wait for us.
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(nothing, descriptor)
    rings = [recording.ring for recording in recordings]
    while True:
        ready, _, _ = select.select([told, lab_ends, *map(PacketRing.fileno, rings)], [], [])
        for recording in recordings:
            recording.take()
        if told in ready or lab_ends in ready:
            break
    with counts_file:
        json.dump({recording.segment: asdict(recording.finish()) for recording in recordings}, counts_file)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))
