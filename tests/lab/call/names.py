"""A name server that knows the addresses it is told, for programs that do not look into the host's own files.

``names.py ADDRESS PORT NAME=ADDRESS...`` runs in a machine of the lab, until it is ended, and prints what it is asked.
"""

from __future__ import annotations

import socket
import sys

# RFC 1035, 4.1: response, recursion desired and available; with RCODE 3 there is no such name.
_FOUND, _NO_SUCH_NAME = b"\x81\x80", b"\x81\x83"
_A_IN = b"\x00\x01\x00\x01"
_HEADER = 12
_TTL_S = 60


def main(address: str, port: str, *pairs: str) -> None:
    """Answer for ever."""
    known = {name.lower(): socket.inet_aton(value) for name, _, value in (pair.partition("=") for pair in pairs)}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, int(port)))
        print("ready", flush=True)
        while True:
            query, whence = server.recvfrom(4096)
            name, end = _asked(query)
            print(name, flush=True)
            server.sendto(_answer(query, end, known.get(name.lower())), whence)


def _asked(query: bytes) -> tuple[str, int]:
    """The name, and where its type and class begin."""
    labels, place = [], _HEADER
    while query[place]:
        labels.append(query[place + 1 : place + 1 + query[place]].decode("ascii"))
        place += query[place] + 1
    return ".".join(labels), place + 1


def _answer(query: bytes, end: int, found: bytes | None) -> bytes:
    question = query[_HEADER : end + 4]
    # The name is that of the question.
    record = b"\xc0\x0c" + _A_IN + _TTL_S.to_bytes(4, "big") + b"\x00\x04" + found if found else b""
    if question[-4:] != _A_IN:
        record = b""
    counts = (1).to_bytes(2, "big") + bool(record).to_bytes(2, "big") + bytes(4)
    return query[:2] + (_FOUND if found else _NO_SUCH_NAME) + counts + question + record


if __name__ == "__main__":
    main(*sys.argv[1:])
