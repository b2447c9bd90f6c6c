# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Finds out what a router does to SIP, with a helper at its other side.

`serve` answers on one side and tells what arrived; `probe` asks from the other side and compares. From inside to
outside it sees whether the translation keeps ports (static) or not (PAT), from outside to inside where the router leads
to; both ways whether anything reads and changes SIP on the way (a SIP ALG). A translation that changes a port only when
two machines use the same one cannot be told from a static one by a single machine.
"""

from __future__ import annotations

import socket

from ..model import DEFAULT_PORT, TRANSPORTS, Endpoint
from .client import probe
from .report import Report
from .server import serve

__all__ = ["Report", "endpoint", "probe", "serve"]


def endpoint(written: str) -> Endpoint:
    """``HOST[:PORT][/TRANSPORT]``, IPv6 in brackets; names are resolved. ValueError says what to write instead."""
    authority, _slash, transport = written.partition("/")
    transport = transport or "tcp"
    if transport not in TRANSPORTS:
        raise ValueError(f"{written}: the transport is one of {', '.join(TRANSPORTS)}")
    host, separator, port = authority.rpartition(":") if not authority.endswith("]") else (authority, "", "")
    if not separator:
        host, port = authority, str(DEFAULT_PORT[transport])
    if not port.isdigit() or not 0 < int(port) < 65536 or not host or (":" in host and not host.startswith("[")):
        raise ValueError(f"{written}: write HOST:PORT/TRANSPORT, as in sip.example.com:5060/tcp or [2001:db8::1]:5060")
    try:
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ValueError(f"{host}: {error}") from None
    return Endpoint(str(found[0][4][0]), int(port), transport)
