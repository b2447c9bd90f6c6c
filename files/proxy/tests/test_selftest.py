# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The self-test against peers that answer, refuse, are silent, or speak something else."""

from __future__ import annotations

import socket
import ssl
import threading
from dataclasses import replace
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

import pytest
from certificates import Authority
from configs import SCENARIO, changed, loaded

from sipnat.model import Admin, Config, Endpoint, Host, Listener, Partner, TlsProfile, Upstream
from sipnat.selftest import Result, self_test

ADDRESS = "127.77.0.1"


def site(transport: str, port: int, **more: object) -> Config:
    """A configuration with one upstream at this loopback port."""
    host = Host(1, "node1", (ADDRESS,))
    return replace(
        loaded(changed(SCENARIO, "admin.port", 0)),
        hosts=(host,),
        upstreams=(Upstream("node1", Endpoint(ADDRESS, port, transport)),),
        listeners=(Listener(ADDRESS, free_port(), "udp" if transport == "udp" else "tcp"),),
        **more,  # type: ignore[arg-type]
    )


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind((ADDRESS, 0))
        return int(sock.getsockname()[1])


class Peer:
    """Gives each question the same answers."""

    def __init__(self, transport: str, answers: List[bytes], certificate: Optional[Tuple[str, str]] = None) -> None:
        self._context: Optional[ssl.SSLContext] = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*certificate)
        self.questions: List[bytes] = []
        self._answers = answers
        self._datagrams = transport == "udp"
        self._socket = socket.socket(type=socket.SOCK_DGRAM if self._datagrams else socket.SOCK_STREAM)
        self._socket.bind((ADDRESS, 0))
        self.port = self._socket.getsockname()[1]
        if not self._datagrams:
            self._socket.listen()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        self._socket.settimeout(10)
        if self._datagrams:
            question, source = self._socket.recvfrom(65535)
            for one in self._answers:
                self._socket.sendto(one, source)
        else:
            connection, _source = self._socket.accept()
            try:
                if self._context is not None:
                    connection = self._context.wrap_socket(connection, server_side=True)
                question = connection.recv(65535)
            except OSError:  # the other side does not like the certificate, or wanted nothing else
                return
            for one in self._answers:
                connection.sendall(one)
            connection.close()
        self.questions.append(question)


@pytest.fixture
def peers() -> Iterator[List[Peer]]:
    started: List[Peer] = []
    yield started
    for one in started:
        one.close()


def answered(peers: List[Peer], transport: str, *answers: bytes) -> Result:
    peers.append(Peer(transport, list(answers)))
    results = self_test(site(transport, peers[-1].port), 1.0)
    assert [one.good for one in results[:-1]] == [True]  # the listener
    return results[-1]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize(
    ("answers", "good", "found"),
    [
        ([b"SIP/2.0 200 OK\r\n\r\n"], True, "200 OK ("),
        ([b"SIP/2.0 100 Trying\r\n\r\n", b"SIP/2.0 404 Not Found\r\n\r\n"], True, "404 Not Found ("),
        ([b"SIP/2.0 503 \xff\x1b[2J\r\n\r\n"], False, r"503 \xff\x1b[2J ("),
        ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], False, "what answers speaks no SIP"),
    ],
)
def test_answers(peers: List[Peer], transport: str, answers: List[bytes], good: bool, found: str) -> None:
    result = answered(peers, transport, *answers)
    assert result.found.startswith(found)
    assert result.good == good
    assert result.text().startswith("ok" if good else "FAILED")


def test_question_asks_for_an_answer_to_where_it_comes_from(peers: List[Peer]) -> None:
    answered(peers, "udp", b"SIP/2.0 200 OK\r\n\r\n")
    peers[-1].close()
    via = peers[-1].questions[0].split(b"\r\n")[1].decode()
    assert via.startswith(f"Via: SIP/2.0/UDP {ADDRESS}:")
    assert not via.startswith(f"Via: SIP/2.0/UDP {ADDRESS}:{peers[-1].port};")


def test_closed_connection_and_silence(peers: List[Peer]) -> None:
    assert answered(peers, "tcp").found == "the connection was closed instead of an answer"
    silent = socket.socket(type=socket.SOCK_DGRAM)
    silent.bind((ADDRESS, 0))
    result = self_test(site("udp", silent.getsockname()[1]), 0.2)[-1]
    assert (result.good, result.found) == (False, "no answer")
    silent.close()


def test_refused_connection() -> None:
    result = self_test(site("tcp", free_port()), 1.0)[-1]
    assert (result.good, result.found) == (False, "Connection refused")


def test_listener_that_cannot_be_opened() -> None:
    config = site("tcp", free_port())
    taken: Optional[socket.socket] = socket.create_server((ADDRESS, config.listeners[0].port))
    assert taken is not None
    result = self_test(config, 0.2)[0]
    assert not result.good
    assert "in use" in result.found
    taken.close()
    assert self_test(config, 0.2)[0].good
    elsewhere = replace(config, listeners=(Listener("192.0.2.1", 5060, "tcp"),), upstreams=())
    assert [one.good for one in self_test(elsewhere, 0.2)] == [False]


def test_listener_in_use_by_the_proxy_itself() -> None:
    config = site("tcp", free_port())
    with socket.create_server((ADDRESS, config.listeners[0].port)), socket.create_server((ADDRESS, 0)) as port:
        thread = threading.Thread(target=_health, args=(port,))
        thread.start()
        running = replace(config, admin=Admin(ADDRESS, port.getsockname()[1]), upstreams=())
        assert self_test(running, 0.2) == [
            Result(True, f"listen at {ADDRESS}:{config.listeners[0].port}/tcp", "in use, and the proxy runs")
        ]
        thread.join()


def _health(port: socket.socket) -> None:
    connection, _source = port.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def secure(folder: Path, peers: List[Peer], name: str) -> Config:
    """An upstream and a partner that speak TLS; the upstream shows its own certificate, the partner one for `name`."""
    authority = Authority(folder)
    peers.append(Peer("tls", [b"SIP/2.0 200 OK\r\n\r\n"], authority.issue(ADDRESS)))
    peers.append(Peer("tls", [], authority.issue(name)))
    partner = Partner("away", Endpoint(ADDRESS, peers[1].port, "tls"), (ADDRESS,), ("gw.away.example",))
    plain = Partner("plain", Endpoint(ADDRESS, 1, "tcp"), (ADDRESS,))  # nothing is sent to it
    profile = TlsProfile(authorities=str(authority.file))
    return replace(site("tls", peers[0].port), partners=(partner, plain), tls={"default": profile})


def test_tls_with_upstreams_and_partners(peers: List[Peer], tmp_path: Path) -> None:
    results = self_test(secure(tmp_path, peers, "gw.away.example"), 5.0)
    assert [one.good for one in results] == [True, True, True], results
    assert results[1].found.startswith("200 OK (")
    assert results[2].what.startswith("TLS with away at ")


def test_tls_with_somebody_else(peers: List[Peer], tmp_path: Path) -> None:
    result = self_test(secure(tmp_path, peers, "gw.elsewhere.example"), 5.0)[-1]
    assert not result.good
    assert "gw.away.example" in result.found


def test_tls_profile_that_cannot_be_used() -> None:
    config = replace(site("tls", 5061), tls={"default": TlsProfile(authorities="/nowhere/authorities.pem")})
    result = self_test(config, 0.2)[-1]
    assert (result.good, result.what) == (False, "TLS")
    assert "default" in result.found
