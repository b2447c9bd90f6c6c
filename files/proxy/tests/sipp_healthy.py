# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Answer one health check and end: ``sipp_healthy.py udp|tcp ADDRESS PORT``. SIPp then takes the node's place."""

from __future__ import annotations

import re
import socket
import sys

_COPIED = re.compile(rb"^(?:Via|From|To|Call-ID|CSeq):.*?\r\n", re.MULTILINE)


def main(transport: str, address: str, port: str) -> int:
    """Exit code 1: what came was no check."""
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as server:
        server.settimeout(20)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((address, int(port)))
        if transport == "udp":
            request, sender = server.recvfrom(65535)
            server.sendto(_answer(request), sender)
        else:
            server.listen()
            connection, _ = server.accept()
            with connection:
                request = connection.recv(65535)
                connection.sendall(_answer(request))
    return 0 if request.startswith(b"OPTIONS ") else 1


def _answer(request: bytes) -> bytes:
    return b"SIP/2.0 200 OK\r\n" + b"".join(_COPIED.findall(request)) + b"Content-Length: 0\r\n\r\n"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
