# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A probe tells static from port translation, sees where the router leads to, and finds what changes SIP on the way."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import Dict, Iterator, Optional

import pytest
from fake_nat import Change, FakeNat, unchanged

from sipnat import probe
from sipnat.model import Endpoint
from sipnat.probe import client

OUTSIDE, FRONT, BACK = "127.77.1.7", "127.77.1.1", "127.77.1.46"
STREAMS = pytest.mark.parametrize("transport", ["udp", "tcp"])


@contextmanager
def served(transport: str, address: str = OUTSIDE) -> Iterator[Endpoint]:
    """A probe that answers on the other side."""
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind) as free:
        free.bind((address, 0))
        where = Endpoint(address, free.getsockname()[1], transport)
    stop = threading.Event()
    thread = threading.Thread(target=probe.serve, args=([where], stop.is_set), daemon=True)
    thread.start()
    try:
        for _try in range(50):
            try:
                client._ask("OPTIONS", where, 0, 1.0)
                break
            except OSError:  # not open yet
                stop.wait(0.05)
        yield where
    finally:
        stop.set()
        thread.join(5)


def findings(report: probe.Report) -> Dict[str, Optional[bool]]:
    return {line.what: line.good for line in report.lines}


@contextmanager
def through(
    server: Endpoint,
    front_port: int = 0,
    keep_port: bool = True,
    outward: Change = unchanged,
    inward: Change = unchanged,
) -> Iterator[Endpoint]:
    """The server's end point as it is dialled through a router; with its sibling behind it, as a wide rule has it."""
    other = client._ask("OPTIONS", server, 0, 1.0)[0].other
    with FakeNat(BACK, keep_port, outward, inward) as nat:
        port = front_port or server.port
        nat.lead((FRONT, port), (server.address, server.port), server.transport)
        nat.lead((FRONT, other), (server.address, other), server.transport)
        yield Endpoint(FRONT, port, server.transport)


@STREAMS
def test_nothing_in_between(transport: str) -> None:
    with served(transport) as server:
        report = probe.probe(server, timeout=2.0)
    assert report.ok
    assert set(findings(report).values()) == {True}
    assert "not translated" in report.text() and "two flows" in report.text() and "as dialled" in report.text()


@STREAMS
def test_ipv6(transport: str) -> None:
    with served(transport, "::1") as server:
        report = probe.probe(server, timeout=2.0)
    assert set(findings(report).values()) == {True} and f"[::1]:{server.port}, as dialled" in report.text()


@STREAMS
def test_a_static_translation_is_good(transport: str) -> None:
    with served(transport) as server, through(server) as target:
        report = probe.probe(target, timeout=2.0)
    assert report.ok
    assert f"leaves as {BACK}" in report.text() and "kept for two flows" in report.text()


@STREAMS
def test_a_translation_of_ports_is_found(transport: str) -> None:
    with served(transport) as server, through(server, keep_port=False) as target:
        report = probe.probe(target, timeout=2.0)
    assert not report.ok
    assert findings(report)["source port"] is False
    assert findings(report)["SIP ALG"] is True


def test_a_second_flow_that_does_not_keep_the_port_is_found() -> None:
    """A translation that keeps a port as long as nobody else has it."""
    with served("udp") as server:
        other = client._ask("OPTIONS", server, 0, 1.0)[0].other
        with FakeNat(BACK) as static, FakeNat(BACK, keep_port=False) as moved:
            static.lead((FRONT, server.port), (server.address, server.port), "udp")
            moved.lead((FRONT, other), (server.address, other), "udp")
            report = probe.probe(Endpoint(FRONT, server.port, "udp"), timeout=2.0)
    assert findings(report)["source port"] is False


def test_a_pool_of_addresses_is_found() -> None:
    with served("udp") as server:
        other = client._ask("OPTIONS", server, 0, 1.0)[0].other
        with FakeNat(BACK) as one, FakeNat("127.77.1.47") as another:
            one.lead((FRONT, server.port), (server.address, server.port), "udp")
            another.lead((FRONT, other), (server.address, other), "udp")
            report = probe.probe(Endpoint(FRONT, server.port, "udp"), timeout=2.0)
    assert findings(report)["source"] is False
    assert f"leaves as {BACK} and 127.77.1.47" in report.text()


def test_a_second_flow_that_nobody_answers_is_no_fault() -> None:
    with served("udp") as server, FakeNat(BACK) as nat:
        nat.lead((FRONT, server.port), (server.address, server.port), "udp")
        report = probe.probe(Endpoint(FRONT, server.port, "udp"), timeout=0.6)
    assert report.ok and "a second flow was not answered" in report.text()


@STREAMS
def test_the_router_leads_to_another_port(transport: str) -> None:
    with served(transport) as server, through(server, front_port=server.port ^ 1) as target:
        report = probe.probe(target, timeout=2.0)
    assert report.ok
    assert f"advertise {target.port} (public.ports), listen on {server.port}" in report.text()


@STREAMS
@pytest.mark.parametrize("method", [b"OPTIONS", b"INVITE"])
def test_a_sip_alg_is_found(transport: str, method: bytes) -> None:
    """Also one that leaves everything but calls alone."""

    def change(data: bytes) -> bytes:
        return data.replace(b"sip:probe@127.0.0.1", b"sip:probe@127.9.9.9") if data.startswith(method) else data

    with served(transport) as server, through(server, outward=change) as target:
        report = probe.probe(target, timeout=2.0)
    assert findings(report)["SIP ALG"] is False
    assert "127.9.9.9" in report.text()
    assert findings(report)["source port"] is True


def test_a_sip_alg_that_changes_answers_is_found() -> None:
    def change(data: bytes) -> bytes:
        return data.replace(b"Contact: <sip:probe@" + OUTSIDE.encode(), b"Contact: <sip:probe@" + FRONT.encode())

    with served("udp") as server, through(server, inward=change) as target:
        report = probe.probe(target, timeout=2.0)
    assert findings(report)["SIP ALG"] is False
    assert "of the answer" in report.text()


@STREAMS
def test_an_alg_that_drops_calls_is_found(transport: str) -> None:
    def drop(data: bytes) -> bytes:
        return b"\r\n" if data.startswith(b"INVITE") else data

    with served(transport) as server, through(server, outward=drop) as target:
        report = probe.probe(target, timeout=0.5)
    assert findings(report)["SIP ALG"] is False


def test_nobody_answers() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind((OUTSIDE, 0))
        report = probe.probe(Endpoint(OUTSIDE, silent.getsockname()[1], "udp"), timeout=0.3)
    assert not report.ok and findings(report) == {"answer": False}


def test_a_refused_connection() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as closed:
        closed.bind((OUTSIDE, 0))
        report = probe.probe(Endpoint(OUTSIDE, closed.getsockname()[1], "tcp"), timeout=0.5)
    assert not report.ok and "refused" in report.text()


def test_any_other_sip_server_shows_the_source_port_at_least() -> None:
    answers = iter([b";rport=40000;received=192.0.2.9;", b";rport;"])

    def reply(data: bytes, received: bytes) -> bytes:
        head = b"\r\n".join(
            line for line in data.split(b"\r\n") if line[:4] in (b"Via:", b"From", b"To: ", b"Call", b"CSeq")
        )
        return b"SIP/2.0 404 Not Found\r\n" + head.replace(b";rport;", received) + b"\r\nContent-Length: 0\r\n\r\n"

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((OUTSIDE, 0))
        server.settimeout(5)

        def serve() -> None:
            for received in answers:
                data, source = server.recvfrom(65535)
                server.sendto(reply(data, received), source)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        target = Endpoint(OUTSIDE, server.getsockname()[1], "udp")
        translated, silent = probe.probe(target, timeout=2.0), probe.probe(target, timeout=2.0)
        thread.join(5)
    assert findings(translated) == {
        "answer": True,
        "source": True,
        "source port": False,
        "port reached": None,
        "SIP ALG": None,
    }
    assert findings(silent) == {"answer": True, "source": None}


def test_garbage_is_not_answered_and_harms_nobody() -> None:
    with served("udp") as server, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for data in (b"", b"\x00" * 100, b"SIP/2.0 200 OK\r\n\r\n", b"OPTIONS sip:a SIP/2.0\r\n", b"\r\n\r\n"):
            sender.sendto(data, (server.address, server.port))
        assert probe.probe(server, timeout=2.0).ok
        sender.setblocking(False)
        with pytest.raises(BlockingIOError):
            sender.recv(10)


def test_many_silent_connections_do_not_lock_others_out_for_good() -> None:
    with served("tcp") as server:
        silent = [socket.create_connection((server.address, server.port), 2) for _number in range(70)]
        try:
            for sock in silent:
                sock.close()
            assert probe.probe(server, timeout=3.0).ok
        finally:
            for sock in silent:
                sock.close()


def test_a_port_that_was_just_in_use_is_served() -> None:
    """The proxy was stopped for the probe, and its connections are not forgotten yet."""
    with served("tcp") as server:
        sock = socket.create_connection((server.address, server.port), timeout=5)
        client._ask("OPTIONS", server, 0, 1.0)  # so it is accepted
    with sock:
        assert sock.recv(1) == b""  # the server closed it first, so its side has to wait
    probe.serve([server], lambda: True)


def test_tls_is_not_served() -> None:
    with pytest.raises(ValueError, match="serve udp or tcp"):
        probe.serve([Endpoint(OUTSIDE, 5061, "tls")], lambda: True)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("127.0.0.1:5062/udp", Endpoint("127.0.0.1", 5062, "udp")),
        ("127.0.0.1:5061/tls", Endpoint("127.0.0.1", 5061, "tls")),
        ("[::1]:5070/tcp", Endpoint("::1", 5070, "tcp")),
    ],
)
def test_end_points(written: str, found: Endpoint) -> None:
    assert probe.endpoint(written) == found


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            ":5060/tcp",
            "127.0.0.1:0/tcp",
            "127.0.0.1:x/tcp",
            "127.0.0.1:5060/sctp",
            "::1:5060/tcp",
            "a..b:5060/tcp",
        ),
        *(
            "127.0.0.1",
            "127.0.0.1:5060",
            "127.0.0.1/tcp",
            "127.1:5060/tcp",
            "0x7f000001:5060/tcp",
            "2130706433:5060/tcp",
        ),
    ],
)
def test_no_end_points(written: str) -> None:
    with pytest.raises(ValueError):
        probe.endpoint(written)
