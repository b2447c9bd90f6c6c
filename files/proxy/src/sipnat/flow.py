# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where a message came from, as far as rewriting has to know it."""

from __future__ import annotations


class Flow:
    """One connection, or one sender of datagrams at one of our sockets.

    `token` is what finds it again when the answer comes: ``c<process>.<serial>`` in hexadecimal for a connection,
    ``u<index of the listener>`` for datagrams. It goes into the branch of our Via.
    """

    __slots__ = ("address", "key", "outward", "port", "prefixes", "token", "transport")

    def __init__(self, outward: bool, transport: str, token: bytes, address: str, port: int) -> None:
        self.outward = outward  # True: the sender is inside, its messages go outside
        self.transport = transport  # udp | tcp | tls
        self.token = token
        self.address = address
        self.port = port
        # What is learned of this flow is kept by it.
        self.key = b"%b %b %b %d" % (b"out" if outward else b"in", token, address.encode("utf-8"), port)
        self.prefixes: object = None  # the rewriting's own memory: beginnings of our Via for this flow
