# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Datagrams that the compiled kernel moves from socket to socket are those that the Python code would have sent."""

from __future__ import annotations

import socket
import sys
from typing import Any, Dict, Iterator, List, Tuple

import pytest
from messages import data_of, request, response
from pairs import CONFIGS, Pair

from sipnat import kernel
from sipnat.flow import Flow
from sipnat.kernel import _kernel
from sipnat.outcome import Target

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the pump is for Linux")

ADDRESS = "127.81.7.1"


def connected() -> Tuple[socket.socket, socket.socket]:
    """Two sockets that can only talk to each other; the first is the proxy's."""
    pair = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    for one in pair:
        one.bind((ADDRESS, 0))
        one.setblocking(False)
    pair[0].connect(pair[1].getsockname())
    pair[1].connect(pair[0].getsockname())
    return pair[0], pair[1]


class Arena:
    def __init__(self) -> None:
        self.pair = Pair(CONFIGS["udp"])
        self.to_node, self.node = connected()
        self.to_partner, self.partner = connected()
        self.inside = Flow(True, "udp", b"u0", "9.42.111.2", 5060)
        self.outside = Flow(False, "udp", b"u0", "9.42.124.60", 5060)
        self.requests: Dict[Target, int] = {}
        self.responses: Dict[Target, int] = {}
        made = kernel.Compiled(_kernel, self.pair.pure)
        assert made.pump is not None
        self._pump = made.pump

    def close(self) -> None:
        for one in (self.to_node, self.node, self.to_partner, self.partner):
            one.close()

    def pump(self, most: int = 64, *, outward: bool = True) -> Any:
        sends = {b"": self.requests, b"u0": self.responses}
        sock, flow = (self.to_node, self.inside) if outward else (self.to_partner, self.outside)
        return self._pump(sock.fileno(), flow, sends, most)

    def expected(self, data: bytes, *, outward: bool = True) -> Tuple[bytes, Target]:
        outcome = self.pair.pure.process(data, self.inside if outward else self.outside)
        return data_of(outcome), outcome[2]


@pytest.fixture
def arena() -> Iterator[Arena]:
    made = Arena()
    yield made
    made.close()


def calls(count: int) -> List[bytes]:
    via = "SIP/2.0/UDP 9.42.111.2:5060;branch=z9hG4bK-"
    return [request("MESSAGE", "sip:bob@partner.example", [f"{via}{one}"], body=b"hello") for one in range(count)]


def test_requests_go_out_and_their_answers_come_back(arena: Arena) -> None:
    messages = calls(5)
    expected = [arena.expected(message) for message in messages]
    arena.requests[expected[0][1]] = arena.to_partner.fileno()
    for message in messages:
        arena.node.send(message)
    assert arena.pump() == (5, 0, None)
    answers = []
    for data, _target in expected:
        assert arena.partner.recv(65535) == data
        answers.append(response(data))
    returned = [arena.expected(answer, outward=False) for answer in answers]
    arena.responses[returned[0][1]] = arena.to_node.fileno()
    for answer in answers:
        arena.partner.send(answer)
    assert arena.pump(outward=False) == (0, 5, None)
    assert [arena.node.recv(65535) for _ in returned] == [data for data, _target in returned]


def test_no_more_than_allowed(arena: Arena) -> None:
    messages = calls(5)
    arena.requests[arena.expected(messages[0])[1]] = arena.to_partner.fileno()
    for message in messages:
        arena.node.send(message)
    assert arena.pump(0) == (0, 0, None)
    assert arena.pump(3) == (3, 0, None)
    assert arena.pump(3) == (2, 0, None)


@pytest.mark.parametrize(
    "left", [b"", b"\r\n\r\n", b"no message", calls(1)[0].replace(b"Max-Forwards: 70", b"Max-Forwards: 0")]
)
def test_what_is_not_ordinary_is_left(arena: Arena, left: bytes) -> None:
    first, last = calls(2)
    arena.requests[arena.expected(first)[1]] = arena.to_partner.fileno()
    for message in (first, left, last):
        arena.node.send(message)
    assert arena.pump() == (1, 0, left)
    assert arena.pump() == (1, 0, None)


def test_a_target_without_socket_and_a_large_request_are_left(arena: Arena) -> None:
    message = calls(1)[0]
    arena.node.send(message)
    assert arena.pump() == (0, 0, message)
    arena.requests[arena.expected(message)[1]] = arena.to_partner.fileno()
    large = message.replace(b"Content-Length: 5", b"X: " + b"y" * 1300 + b"\r\nContent-Length: 5")
    arena.node.send(large)
    assert arena.pump() == (0, 0, large)


def test_a_send_that_fails_leaves_the_message(arena: Arena) -> None:
    message = calls(1)[0]
    arena.requests[arena.expected(message)[1]] = arena.to_partner.fileno()
    arena.partner.close()
    for _ in range(2):  # the first one is told that nobody is there, which the second one hears
        arena.node.send(message)
        outcome = arena.pump()
    assert outcome == (0, 0, message)


def test_arguments_that_are_none_are_refused(arena: Arena) -> None:
    with pytest.raises(TypeError):
        arena._pump("x", arena.inside, {}, 1)  # type: ignore[arg-type]
