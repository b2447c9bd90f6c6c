# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The side of a probe that asks."""

from __future__ import annotations

import secrets
import socket
import ssl
import time
from contextlib import suppress
from typing import Iterator, List, Optional, Tuple

from ..model import Endpoint, Limits
from ..rewriting.framing import FramingError, frame
from .message import Seen, Socket, authority, read, request
from .report import Line, Report

_TRIES = 3  # of a datagram
_LIMITS = Limits()


def probe(target: Endpoint, source_port: int = 0, timeout: float = 3.0) -> Report:
    """Asks `target` from `source_port` (0: any), waiting `timeout` seconds for each answer."""
    return Report(target, tuple(_lines(target, source_port, timeout)))


def _lines(target: Endpoint, source_port: int, timeout: float) -> Iterator[Line]:
    try:
        first, sent, local = _ask("OPTIONS", target, source_port, timeout)
    except (OSError, ValueError, FramingError) as error:
        yield Line("answer", False, f"{error}")
        return
    yield Line("answer", True, first.status)
    if first.source is None:
        yield Line("source", None, "the answer does not say where the request came from")
        return
    seen = [first.source, *_second(target, local, first, timeout)]
    yield _source(local, seen)
    yield _ports(local, seen)
    if first.arrived is None:
        yield Line("port reached", None, "the other side is no `sipnat probe --serve`")
        yield Line("SIP ALG", None, "the other side is no `sipnat probe --serve`")
        return
    yield _reached(target, first.arrived)
    yield _helper(target, local, [(first, sent)], timeout)


def _second(target: Endpoint, local: Socket, first: Seen, timeout: float) -> List[Socket]:
    """Where a second flow from the same port came from, to the other port of the other side; nothing if unanswered."""
    if first.other:
        other = Endpoint(target.address, first.other, target.transport)
        with suppress(OSError, ValueError, FramingError):  # a firewall need not let that port through
            source = _ask("OPTIONS", other, local[1], timeout)[0].source
            return [source] if source else []
    return []


def _source(local: Socket, seen: List[Socket]) -> Line:
    addresses = list(dict.fromkeys(one[0] for one in seen))
    if len(addresses) > 1:
        found = f"{local[0]} leaves as {' and '.join(addresses)}; partners know one address (outbound.address)"
        return Line("source", False, found)
    if addresses == [local[0]]:
        return Line("source", True, f"{local[0]}, not translated")
    return Line("source", True, f"{local[0]} leaves as {addresses[0]}")


def _ports(local: Socket, seen: List[Socket]) -> Line:
    """Whether the source port stays, for each flow from it."""
    ports = [one[1] for one in seen]
    if any(port != local[1] for port in ports):
        shown = ", ".join(str(port) for port in ports)
        found = f"PAT: port {local[1]} leaves as {shown}; answers to Via do not find back"
        return Line("source port", False, found)
    if len(ports) == 1:
        return Line("source port", True, f"{local[1]} is kept; a second flow was not answered")
    return Line("source port", True, f"{local[1]} is kept for two flows")


def _reached(target: Endpoint, arrived: Socket) -> Line:
    dialled = (target.address, target.port)
    if arrived == dialled:
        return Line("port reached", True, f"{authority(arrived)}, as dialled")
    found = f"{authority(dialled)} leads to {authority(arrived)}"
    if arrived[1] != target.port:
        found += f": advertise {target.port} (public.ports), listen on {arrived[1]}"
    return Line("port reached", True, found)


def _helper(target: Endpoint, local: Socket, asked: List[Tuple[Seen, bytes]], timeout: float) -> Line:
    """Whether every byte arrives, of a request that an ALG may leave alone and of one that it does not."""
    if target.transport == "tls":
        return Line("SIP ALG", True, "cannot read TLS")
    try:
        asked = [*asked, _ask("INVITE", target, 0, timeout)[:2]]
    except (OSError, ValueError, FramingError) as error:
        return Line("SIP ALG", False, f"OPTIONS is answered, INVITE is not: {error}")
    for seen, sent in asked:
        change = _change(sent, seen.request) or next((f"{line!r} of the answer" for line in seen.changed), None)
        if change:
            found = f"something on the way changes SIP: {change}. Switch it off (Cisco: no ip nat service sip)"
            return Line("SIP ALG", False, found)
    return Line("SIP ALG", True, f"none: requests from {authority(local)} arrive byte for byte")


def _change(sent: bytes, arrived: bytes) -> Optional[str]:
    if sent == arrived:
        return None
    for before, after in zip(sent.split(b"\r\n"), arrived.split(b"\r\n")):
        if before != after:
            return f"{before.decode()!r} arrives as {after.decode('utf-8', 'replace')!r}"
    return f"{len(sent)} bytes arrive as {len(arrived)}"


def _ask(method: str, target: Endpoint, source_port: int, timeout: float) -> Tuple[Seen, bytes, Socket]:
    """One request: what its answer says, what was sent, and from where. OSError, ValueError without an answer."""
    number = 1 + secrets.randbelow(0x7FFFFFFE)
    family = socket.AF_INET6 if ":" in target.address else socket.AF_INET
    there = (target.address, target.port)
    with socket.socket(family, socket.SOCK_DGRAM if target.transport == "udp" else socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # two connections from one port
        sock.bind(("", source_port))
        sock.settimeout(timeout)
        sock.connect(there)
        local: Socket = sock.getsockname()[:2]
        data = request(method, number, target.transport, local, there)
        if target.transport == "udp":
            return read(_by_datagram(sock, data, timeout)), data, local
        with _secured(sock) if target.transport == "tls" else sock as stream:
            stream.sendall(data)
            return read(_by_stream(stream, timeout)), data, local


def _secured(sock: socket.socket) -> ssl.SSLSocket:
    """Who answers is not the question here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(sock)


def _by_datagram(sock: socket.socket, data: bytes, timeout: float) -> bytes:
    sock.settimeout(timeout / _TRIES)
    for _try in range(_TRIES - 1):
        sock.send(data)
        with suppress(socket.timeout):
            return sock.recv(65535)
    sock.send(data)
    return sock.recv(65535)


def _by_stream(sock: socket.socket, timeout: float) -> bytes:
    until, buffer = time.monotonic() + timeout, b""
    while time.monotonic() < until:
        data = sock.recv(65535)
        buffer = (buffer + data).lstrip(b"\r\n")
        end = frame(buffer, 0, _LIMITS)
        if end > 0:
            return buffer[:end]
        if not data:
            raise ConnectionError("the connection was closed without an answer")
    raise socket.timeout("timed out")
