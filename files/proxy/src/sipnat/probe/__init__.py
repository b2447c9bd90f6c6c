# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Finds out what a router does to SIP, with a helper at its other side.

`serve` answers on one side and tells what arrived; `probe` asks from the other side and compares. From inside to
outside it sees whether the translation keeps ports (static) or not (PAT), from outside to inside where the router leads
to; both ways whether anything reads and changes SIP on the way (a SIP ALG). A translation that changes a port only when
two machines use the same one cannot be told from a static one by a single machine.
"""

from __future__ import annotations

import ipaddress
import socket

from ..model import TRANSPORTS, Endpoint
from .client import probe
from .report import Report
from .server import serve

__all__ = ["Report", "endpoint", "probe", "serve"]


def endpoint(written: str) -> Endpoint:
    """``HOST:PORT/TRANSPORT``, IPv6 in brackets; names are resolved. ValueError says what to write instead.

    Nothing is taken for granted: a probe is sent to whoever is named here.
    """
    authority, _slash, transport = written.partition("/")
    host, _colon, port = authority.rpartition(":")
    good = transport in TRANSPORTS and port.isdigit() and 0 < int(port) < 65536
    if not good or not _is_host(host):
        example = "sip.example.com:5060/tcp or [2001:db8::1]:5060/udp"
        raise ValueError(f"{written}: write HOST:PORT/TRANSPORT, as in {example}")
    try:
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ValueError(f"{host}: {error}") from None
    return Endpoint(str(found[0][4][0]), int(port), transport)


def _is_host(text: str) -> bool:
    """A name, or an address in full: resolvers take ``1.2.3`` for 1.2.0.3."""
    if text.startswith("[") and text.endswith("]"):
        return True
    try:
        return text == str(ipaddress.IPv4Address(socket.inet_aton(text)))
    except (OSError, UnicodeError):
        return bool(text) and ":" not in text
