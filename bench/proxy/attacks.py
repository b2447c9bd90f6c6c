"""What bad peers do. Each attack runs in a thread until it is told to stop and takes whatever it meets."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from bench.proxy.scene import OUTER, PORT

BAD_PARTNER = "127.30.0.66"  # of the partner's network, beside the partner of the calls
STRANGER = "127.99.0.1"  # in no configuration
_CROWD = 100  # connections of an attack that holds some
_GARBAGE = os.urandom(1 << 16).replace(b"\r\n\r\n", b"")

Attack = Callable[[Event], None]

_OPTIONS = (
    f"OPTIONS sip:{OUTER}:{PORT} SIP/2.0\r\nVia: SIP/2.0/TCP {BAD_PARTNER}:{PORT};branch=z9hG4bKabuse\r\n"
    "Max-Forwards: 70\r\n"
    f"From: <sip:abuse@{BAD_PARTNER}>;tag=1\r\nTo: <sip:{OUTER}>\r\nCall-ID: abuse@{BAD_PARTNER}\r\nCSeq: 1 OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n"
).encode()


@contextmanager
def under(attack: Attack | None) -> Iterator[None]:
    """An attack for the time of a `with` block."""
    if not attack:
        yield
        return
    stop = Event()
    thread = Thread(target=attack, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


def _connection(source: str) -> socket.socket:
    own = socket.socket()
    own.settimeout(1)
    own.setsockopt(socket.IPPROTO_IP, socket.IP_BIND_ADDRESS_NO_PORT, 1)
    own.bind((source, 0))
    own.connect((OUTER, PORT))
    return own


def _partner_connections(count: int) -> list[socket.socket]:
    return [_connection(BAD_PARTNER) for _ in range(count)]


def silent(stop: Event) -> None:
    """Connections that say nothing."""
    held = _partner_connections(_CROWD)
    stop.wait()
    for each in held:
        each.close()


def deaf(stop: Event) -> None:
    """Connections that ask without end and never read an answer."""
    while not stop.is_set():
        for each in _partner_connections(4):
            with suppress(OSError), each:
                while not stop.is_set():
                    each.sendall(_OPTIONS * 100)


def _ticks(rate: float, stop: Event) -> Iterator[None]:
    """So many a second, until stopped."""
    begun, count = time.monotonic(), 0
    while not stop.is_set():
        ahead = count / rate - (time.monotonic() - begun)
        if ahead > 0:
            time.sleep(ahead)
        yield
        count += 1


def _connects(source: str, stop: Event) -> None:
    for _ in _ticks(5000, stop):
        with suppress(OSError):
            _connection(source).close()


def connects(stop: Event) -> None:
    """5,000 connections a second from the partner, closed at once."""
    _connects(BAD_PARTNER, stop)


def connects_of_stranger(stop: Event) -> None:
    """5,000 connections a second from an address that may not."""
    _connects(STRANGER, stop)


def _repeatedly(stop: Event, begin: bytes, more: bytes) -> None:
    """A connection with a beginning and more and more of the same; the next when it is cut."""
    while not stop.is_set():
        with suppress(OSError), _connection(BAD_PARTNER) as own:
            own.sendall(begin)
            while not stop.is_set():
                own.sendall(more)
        time.sleep(0.001)


def huge_header(stop: Event) -> None:
    """A header field of 10 MB."""
    while not stop.is_set():
        with suppress(OSError), _connection(BAD_PARTNER) as own:
            own.sendall(_OPTIONS[:-4] + b"\r\nX-Large: " + b"x" * 10_000_000)
        time.sleep(0.001)


def endless_body(stop: Event) -> None:
    """A body of a thousand million bytes."""
    _repeatedly(stop, _OPTIONS.replace(b"Length: 0", b"Length: 1000000000"), b"x" * 65536)


def trickle(stop: Event) -> None:
    """Many messages that come a byte a second each."""
    held = _partner_connections(_CROWD)
    at = 0
    while not stop.wait(1):
        for each in held:
            with suppress(OSError):
                each.send(_OPTIONS[at : at + 1])
        at += 1
    for each in held:
        each.close()


def garbage(stop: Event) -> None:
    """Random bytes, as messages or as a TLS handshake."""
    _repeatedly(stop, b"\x16\x03\x01", _GARBAGE)


def garbage_datagrams(stop: Event) -> None:
    """20,000 random datagrams a second from the partner."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind((BAD_PARTNER, 0))
        for _ in _ticks(20000, stop):
            own.sendto(_GARBAGE[:600], (OUTER, PORT))


# transport of the calls that go on meanwhile, attack
ATTACKS: tuple[tuple[str, str, Attack | None], ...] = (
    ("no attack", "tcp", None),
    ("100 silent peers", "tcp", silent),
    ("peers that never read", "tcp", deaf),
    ("5,000 connects/s of a partner", "tcp", connects),
    ("5,000 connects/s of a stranger", "tcp", connects_of_stranger),
    ("10 MB header, again and again", "tcp", huge_header),
    ("never-ending body", "tcp", endless_body),
    ("100 messages of a byte a second", "tcp", trickle),
    ("no attack", "tls", None),
    ("TLS garbage", "tls", garbage),
    ("5,000 connects/s of a partner", "tls", connects),
    ("no attack", "udp", None),
    ("garbage datagrams", "udp", garbage_datagrams),
)
