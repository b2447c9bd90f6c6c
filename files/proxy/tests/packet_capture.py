# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Write every packet of an interface into a pcap file: ``packet_capture.py INTERFACE FILE``.

It prints a line once it misses nothing, and at its end has written all that came: capture programs with a ring buffer
do neither.
"""

from __future__ import annotations

import signal
import socket
import struct
import sys
import time
from pathlib import Path

_ALL_PROTOCOLS = 3
_ETHERNET = 1


def main(interface: str, file: str) -> int:
    """Until SIGTERM, and what is waiting then."""
    wanted = [True]
    signal.signal(signal.SIGTERM, lambda *_: wanted.clear())
    protocols = socket.htons(_ALL_PROTOCOLS)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, protocols) as tap, Path(file).open("wb") as out:
        tap.bind((interface, _ALL_PROTOCOLS))
        tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        tap.settimeout(0.05)
        out.write(struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, _ETHERNET))
        out.flush()
        print("ready", flush=True)
        while True:
            try:
                packet = tap.recv(65535)
            except TimeoutError:
                if not wanted:
                    return 0
                continue
            now = time.time_ns() // 1000
            out.write(struct.pack("=IIII", now // 1_000_000, now % 1_000_000, len(packet), len(packet)) + packet)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
