# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sockets that are listened at, as the configuration wants them.

They are opened before privileges are dropped and before processes are forked, which share them: two sockets of the same
port (SO_REUSEPORT) would split the traffic by sender, and a federation has one sender.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from contextlib import suppress
from typing import Dict, List, Mapping, Optional, Tuple

from ..model import Config, Listener

Key = Tuple[str, str, int, str, int]
"""(transport, address, port), and of the one peer that a connected UDP socket is for, else ("", 0)"""
Sockets = Dict[Key, socket.socket]

WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
BACKLOG = 1024
VANISHED = 60_000  # milliseconds without any acknowledgement
INHERITED = sys.platform == "linux"  # connections have the options of the listener that accepted them
DATAGRAM_BUFFER = 4 << 20  # bytes; the system may allow less


def key(listener: Listener) -> Key:
    """What makes a socket the same one after a new configuration; TLS is made of what a TCP socket accepts."""
    return ("udp" if listener.transport == "udp" else "tcp", listener.address, listener.port, "", 0)


def family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def open_all(config: Config, kept: Optional[Mapping[Key, socket.socket]] = None) -> Sockets:
    """A socket for each listener, those in `kept` as they are. All or none. Raises OSError that names the listener."""
    known = kept if kept is not None else {}
    sockets: Sockets = {}
    opened: List[socket.socket] = []
    try:
        for listener in config.listeners:
            name = key(listener)
            sock = known.get(name)
            if sock is None:
                sock = _open(listener)
                opened.append(sock)
            sockets[name] = sock
    except OSError:
        for sock in opened:
            sock.close()
        raise
    return sockets


def _open(listener: Listener) -> socket.socket:
    kind = socket.SOCK_DGRAM if listener.transport == "udp" else socket.SOCK_STREAM
    sock = socket.socket(family(listener.address), kind)
    try:
        sock.setblocking(False)
        if os.name == "nt":
            # Elsewhere nobody else can take a port that is in use; on Windows that has to be asked for.
            sock.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", ~socket.SO_REUSEADDR), 1)
        elif kind == socket.SOCK_STREAM:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sock.family == socket.AF_INET6:
            # Else IPv4 would come as ::ffff:a.b.c.d, and a second listener for it could not be opened.
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if kind == socket.SOCK_DGRAM:
            enlarge(sock)
        sock.bind((listener.address, listener.port))
        if kind == socket.SOCK_STREAM:
            tune(sock)
            sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        where = f"{listener.transport} {listener.address} port {listener.port}"
        code = error.errno if error.errno is not None else errno.EINVAL
        raise OSError(code, f"cannot listen at {where}: {os.strerror(code)}") from error
    return sock


def enlarge(sock: socket.socket) -> None:
    """Room for the datagrams of a moment, as far as the system allows."""
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, option, DATAGRAM_BUFFER)


def tune(sock: socket.socket) -> None:
    """Options of a TCP connection, or of a listener whose connections inherit them."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what belongs together is sent together already
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # A peer that vanished without a word is noticed in about a minute, where the system lets itself be told.
    for name, value in (("TCP_KEEPIDLE", 45), ("TCP_KEEPINTVL", 15), ("TCP_USER_TIMEOUT", VANISHED)):
        option = getattr(socket, name, None)
        if option is not None:
            with suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, option, value)


def source(config: Config, address: str, inside: bool, transport: str) -> Optional[Listener]:
    """The listener whose address (and, for datagrams, socket) something to `address` comes from.

    Among those of the right side and family: for datagrams to the outside the one with the port that our Via names (the
    router keeps ports), then one of the same transport, then any. None: there is none, or only a wildcard.
    """
    side = "inside" if inside else "outside"
    version = family(address)
    fitting = [one for one in config.listeners if one.leg in ("both", side) and family(one.address) == version]
    if transport == "udp":
        fitting = [one for one in fitting if one.transport == "udp"]
        if not inside:
            port = config.outbound.ports.get("udp")
            fitting.sort(key=lambda one: one.port != port)
    else:
        fitting = [one for one in fitting if one.address not in WILDCARDS]
        fitting.sort(key=lambda one: one.transport != transport)
    return fitting[0] if fitting else None
