# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Peers that do harm, by malice or by mistake: other calls go on, and nothing grows without end."""

from __future__ import annotations

import errno
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Set, Tuple

import pytest
from running import (
    NODE,
    PARTNER,
    PROXY,
    SECOND,
    STRANGER,
    Running,
    answer,
    bound,
    configuration,
    connected,
    endpoint,
    header,
    listening,
    message,
    receive,
    refused,
    running,
)

from sipnat.model import Endpoint, Limits
from sipnat.transport import listeners

VICTIM = "127.71.2.61"
OPTIONS = message("OPTIONS sip:proxy SIP/2.0")


class Calls:
    """A node and a partner that talk to each other through the proxy."""

    def __init__(self, proxy: Running, listener: socket.socket) -> None:
        self.node = connected(NODE, proxy.port("tcp"))
        self.node.sendall(message())
        self.partner, _address = listener.accept()
        self.partner.settimeout(10)
        self.finish()
        self.number = 0

    def finish(self) -> None:
        self.partner.sendall(answer(receive(self.partner)[0]))
        assert receive(self.node)[0].startswith(b"SIP/2.0 200")

    def go_on(self, times: int = 1) -> None:
        """Requests and their answers pass."""
        for _ in range(times):
            self.number += 1
            self.node.sendall(message(call_id=str(self.number)))
            self.finish()


@contextmanager
def calls(limits: Limits) -> Iterator[Tuple[Running, Calls]]:
    """A proxy with calls on it, and an attacker's limits."""
    listener = listening(PARTNER)
    with running(configuration(("tcp", "udp"), endpoint(listener, "tcp"), limits=limits)) as proxy:
        yield proxy, Calls(proxy, listener)


def until_closed(sock: socket.socket) -> bytes:
    """What came before the end."""
    data = b""
    try:
        while True:
            part = sock.recv(65536)
            if not part:
                return data
            data += part
    except ConnectionError:
        return data


def test_silent_connections() -> None:
    with calls(Limits(rate=0, connections_per_peer=50)) as (proxy, others):
        silent = [connected(VICTIM, proxy.port("tcp")) for _ in range(50)]
        others.go_on(20)
        assert all(refused(VICTIM, proxy.port("tcp")) for _ in range(10))
        assert proxy.counted("drops", "connections") == 10
        silent[0].sendall(OPTIONS)
        assert receive(silent[0])


def test_a_message_that_comes_byte_by_byte_and_never_ends() -> None:
    """The time runs from its beginning: more bytes give no more time."""
    with calls(Limits(rate=0, partial=0.4)) as (proxy, others):
        slow = connected(VICTIM, proxy.port("tcp"))
        endless = iter(message(body=b"x" * 30000))
        with pytest.raises(ConnectionError):
            while True:
                slow.sendall(bytes([next(endless)]))
                others.go_on()
        assert proxy.counted("events", "closed_partial") == 1
        others.go_on()


def test_a_message_that_stays_incomplete() -> None:
    with calls(Limits(rate=0, partial=0.3)) as (proxy, others):
        waiting = connected(VICTIM, proxy.port("tcp"))
        waiting.sendall(OPTIONS + b"MESSAGE sip:a@example.com SIP/2.0\r\n")
        assert until_closed(waiting).startswith(b"SIP/2.0 200")
        others.go_on()


def test_between_messages_there_is_no_haste() -> None:
    with calls(Limits(rate=0, partial=0.2)) as (proxy, others):
        quiet = connected(VICTIM, proxy.port("tcp"))
        for cut in (10, len(OPTIONS)):  # one that was begun and then completed counts no longer
            quiet.sendall(OPTIONS[:cut])
            proxy.call(lambda: None)
            quiet.sendall(OPTIONS[cut:])
            assert receive(quiet)
        waiting = connected(VICTIM, proxy.port("tcp"))
        waiting.sendall(b"MESSAGE")
        assert until_closed(waiting) == b""  # this one is late, begun after the other was done
        quiet.sendall(OPTIONS)
        assert receive(quiet)
        others.go_on()


@pytest.mark.parametrize(
    ("beginning", "endless", "status"),
    [
        (b"MESSAGE sip:a@example.com SIP/2.0\r\n", b"X-Field: 0123456789\r\n" * 1000, b"SIP/2.0 513"),
        (b"MESSAGE sip:a@example.com SIP/2.0\r\nX-Field: ", b"x" * 20000, b"SIP/2.0 513"),
        (b"", b"x" * 20000, b""),
        (b"MESSAGE sip:a@example.com SIP/2.0\r\nContent-Length: 999999999\r\n\r\n", b"x" * 20000, b"SIP/2.0 413"),
        (b"MESSAGE sip:a@example.com SIP/2.0\r\nContent-Length: -1\r\n\r\n", b"x" * 20000, b"SIP/2.0 400"),
    ],
    ids=["fields", "field", "no-line", "body", "negative"],
)
def test_ten_megabytes(beginning: bytes, endless: bytes, status: bytes) -> None:
    """Header or body that goes on and on: refused at the limit; what is kept never exceeds it by more than a read."""
    with calls(Limits(rate=0)) as (proxy, others):
        attacker = connected(VICTIM, proxy.port("tcp"))
        biggest = 0

        def look() -> int:
            kept = [one.partial for one in proxy.loop.connections.values()]
            return max(len(one) for one in [b"", *(one for one in kept if one is not None)])

        try:
            attacker.sendall(beginning)
            for _ in range(10_000_000 // len(endless)):
                attacker.sendall(endless)
                biggest = max(biggest, proxy.call(look))
            attacker.shutdown(socket.SHUT_WR)
        except ConnectionError:
            pass
        assert until_closed(attacker).startswith(status)
        assert biggest <= 2 * 65536 + 1024
        assert proxy.counted("events", "closed_framing") == 1
        others.go_on()


def test_nothing_but_line_ends() -> None:
    with calls(Limits(rate=0)) as (proxy, others):
        attacker = connected(VICTIM, proxy.port("tcp"))
        for _ in range(50):
            attacker.sendall(b"\r\n" * 10000)
            others.go_on()
            attacker.setblocking(False)
            try:
                while attacker.recv(65536).strip(b"\r\n") == b"":
                    pass
            except BlockingIOError:
                attacker.settimeout(10)
        attacker.sendall(OPTIONS)
        assert receive(attacker)[0].lstrip().startswith(b"SIP/2.0 200")


def test_a_peer_that_does_not_read_its_answers() -> None:
    with calls(Limits(rate=0, write_buffer=200_000)) as (proxy, others):
        deaf = connected(VICTIM, proxy.port("tcp"))
        with pytest.raises(ConnectionError):
            while True:
                deaf.sendall(OPTIONS * 500)
                others.go_on()
        assert proxy.counted("events", "closed_slow") == 1
        others.go_on()


def test_a_partner_that_does_not_read_its_requests() -> None:
    """Its sender is not held up, and hears from others at once."""
    listener = listening(PARTNER)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    config = configuration(("tcp",), endpoint(listener, "tcp"), limits=Limits(rate=0, write_buffer=300_000))
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        closed = 0
        for _ in range(500):
            node.sendall(message(body=b"x" * 30000) + OPTIONS)
            assert receive(node)[0].startswith(b"SIP/2.0 200")
            closed = proxy.counted("events", "closed_slow")
            if closed:
                break
        assert closed == 1
        deaf, _address = listener.accept()
        node.sendall(message(call_id="again"))
        again, _address = listener.accept()
        again.settimeout(10)
        assert header(receive(again)[0], b"Call-ID") == b"again"
        deaf.close()


def open_files() -> int:
    """Of this process; 0 where nobody can tell."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


@pytest.mark.parametrize("source", [STRANGER, VICTIM])
def test_five_thousand_connections_that_come_and_go(source: str) -> None:
    with calls(Limits(rate=0, connections_per_peer=20)) as (proxy, others):
        descriptors = open_files()
        crowd = []
        for number in range(5000):
            sock = socket.socket()
            sock.setblocking(False)
            sock.bind((source, 0))
            sock.connect_ex((PROXY, proxy.port("tcp")))
            crowd.append(sock)
            if len(crowd) == 50:
                for one in crowd:
                    one.close()
                crowd.clear()
            if number % 100 == 0:
                others.go_on()
        proxy.until(lambda: len(proxy.loop.connections) == 2)
        others.go_on()
        assert open_files() <= descriptors


def test_datagrams_without_end_from_a_stranger_and_from_a_peer_above_its_rate() -> None:
    listener = listening(PARTNER)
    limits = Limits(rate=10, burst=10)
    with running(configuration(("tcp", "udp"), endpoint(listener, "tcp"), limits=limits)) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        flooders = [bound(STRANGER), bound(VICTIM)]
        for number in range(100):
            for flooder in flooders:
                for _ in range(20):
                    flooder.sendto(OPTIONS, (PROXY, proxy.port("udp")))
            node.sendall(message("OPTIONS sip:proxy SIP/2.0", call_id=str(number)))
            assert receive(node)[0].startswith(b"SIP/2.0 200")
        assert proxy.counted("drops", "refused") > 500
        assert proxy.counted("drops", "rate") > 500


def test_an_upstream_is_killed_in_the_midst_of_traffic() -> None:
    """What it had not answered is lost with it; everything that comes later goes to the other, nothing is refused."""
    first, second = listening(NODE), listening(SECOND)
    upstreams = (endpoint(first, "tcp"), endpoint(second, "tcp"))
    config = configuration(("tcp",), Endpoint(PARTNER, 5060, "tcp"), upstreams, Limits(rate=0))
    with running(config) as proxy:
        partner = connected(PARTNER, proxy.port("tcp"))
        partner.sendall(b"".join(message(call_id=str(number)) for number in range(100)))
        victim, _address = first.accept()
        survivor, _address = second.accept()
        for sock in (victim, survivor):
            sock.settimeout(10)
        numbers: Set[bytes] = set()
        survivors_share = 0
        while len(numbers) < 100:
            for one in (victim, survivor):
                one.setblocking(False)
                try:
                    found = receive_all(one)
                except BlockingIOError:
                    continue
                survivors_share += len(found) * (one is survivor)
                numbers.update(found)
        assert 0 < survivors_share < 100
        first.close()
        victim.close()
        proxy.until(lambda: len(proxy.loop.pool) == 1)
        survivor.settimeout(10)
        partner.sendall(b"".join(message(call_id=str(number)) for number in range(100)))
        assert len(receive(survivor, 100)) == 100
        assert proxy.counted("events", "failover") > 0
        assert proxy.counted("drops", "undeliverable") == 0


def receive_all(sock: socket.socket) -> Tuple[bytes, ...]:
    """The Call-IDs of what is there; whole messages only, because the sender wrote them in one go."""
    data = sock.recv(1 << 20)
    return tuple(header(one + b"\r\n\r\n", b"Call-ID") for one in data.split(b"\r\n\r\n") if one)


def test_a_system_that_can_wait_for_few_sockets_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows: more are refused, and the others go on."""
    with calls(Limits(rate=0)) as (proxy, others):
        monkeypatch.setattr(
            type(proxy.loop.poller), "capacity", proxy.call(lambda: len(proxy.loop.poller.handlers)) + 1
        )
        last = connected(VICTIM, proxy.port("tcp"))
        last.sendall(OPTIONS)
        assert receive(last)
        assert refused(VICTIM, proxy.port("tcp"))
        others.go_on()


def test_a_connection_that_is_gone_before_it_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some systems tell that by an error of setsockopt. It does not count as open for ever."""

    def gone(_sock: socket.socket) -> None:
        raise OSError(errno.EINVAL, "gone")

    with calls(Limits(rate=0, connections_per_peer=1)) as (proxy, _others):
        with monkeypatch.context() as other:
            other.setattr(listeners, "INHERITED", False)
            other.setattr(listeners, "tune", gone)
            assert until_closed(connected(VICTIM, proxy.port("tcp"))) == b""
        last = connected(VICTIM, proxy.port("tcp"))
        last.sendall(OPTIONS)
        assert receive(last)
        assert proxy.counted("events", "internal") == 0


def test_too_much_for_a_connection_that_is_not_made_yet() -> None:
    """Everybody who waits for it hears of it, and nothing is kept."""
    full = socket.socket()
    full.bind((PARTNER, 0))
    full.listen(0)
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:
        filler.setblocking(False)
        filler.connect_ex(full.getsockname())
    config = configuration(("tcp",), endpoint(full, "tcp"), limits=Limits(rate=0, write_buffer=100_000))
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(b"".join(message(call_id=str(number), body=b"x" * 20000) for number in range(6)))
        assert all(one.startswith(b"SIP/2.0 503") for one in receive(node, 5))
        assert proxy.counted("drops", "undeliverable") in (5, 6)
    for filler in fillers:
        filler.close()
