# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A proxy that rewrites nothing: ``plain_proxy.py OWN INSIDE_NODE PARTNER`` (``address:port`` each), over UDP.

It does what RFC 3261 wants of any stateless proxy, and says of itself the address that it has.
"""

from __future__ import annotations

import re
import socket
import sys
from typing import Tuple

# Several may share a line.
_TOP_VIA = re.compile(rb"^Via: ([^,\r\n]*)(?:(, *)|\r\n)", re.MULTILINE)
_OWN_ROUTE = rb"^Route: <sip:%s[^\r\n]*\r\n"
_SENT_BY = re.compile(rb"SIP/2.0/UDP ([0-9.]+):([0-9]+)")


def main(own: str, node: str, partner: str) -> None:
    """Until it is ended."""
    inside = node.rpartition(":")[0]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(_place(own))
        while True:
            message, (source, _) = sock.recvfrom(65535)
            if message.startswith(b"SIP/2.0 "):
                message = _TOP_VIA.sub(lambda via: b"Via: " if via.group(2) else b"", message, count=1)
                top = _TOP_VIA.search(message)
                via = top and _SENT_BY.match(top.group(1))
                assert via, message
                target = via.group(1).decode(), int(via.group(2))
            else:
                message = _forwarded(message, own.encode())
                target = _place(partner if source == inside else node)
            sock.sendto(message, target)


def _forwarded(request: bytes, own: bytes) -> bytes:
    request = re.sub(_OWN_ROUTE % re.escape(own), b"", request, flags=re.MULTILINE)
    top = _TOP_VIA.search(request)
    assert top, request
    branch = b"z9hG4bKplain" + top.group(1).partition(b"branch=z9hG4bK")[2].partition(b";")[0]
    added = b"Via: SIP/2.0/UDP %s;branch=%s\r\n" % (own, branch)
    if request.startswith(b"INVITE "):
        added += b"Record-Route: <sip:%s;lr>\r\n" % own
    return request[: top.start()] + added + request[top.start() :]


def _place(text: str) -> Tuple[str, int]:
    address, _, port = text.rpartition(":")
    return address, int(port)


if __name__ == "__main__":
    main(*sys.argv[1:])
