# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The administration port over real sockets: what it shows, whom it obeys, and that nobody can hold it up."""

from __future__ import annotations

import errno
import http.client
import json
import select
import socket
import stat
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

import pytest

from sipnat.model import Admin as Settings
from sipnat.model import Log as LogSettings
from sipnat.operation import ctl, token_file
from sipnat.operation.admin import CLIENTS, REQUEST, SECONDS, Admin
from sipnat.operation.log import Log
from sipnat.operation.metrics import Metrics


class Loop:
    """select() in a thread, as small as can be."""

    def __init__(self) -> None:
        self.now = time.monotonic()
        self.watched: Dict[socket.socket, Tuple[Callable[[int], None], bool]] = {}
        self._stopped = False
        self._thread = threading.Thread(target=self._run)

    def watch(self, sock: socket.socket, callback: Callable[[int], None], write: bool = False) -> None:
        self.watched[sock] = (callback, write)

    def unwatch(self, sock: socket.socket) -> None:
        del self.watched[sock]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped = True
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped:
            writers = [sock for sock, (_callback, write) in self.watched.items() if write]
            readable, writable, _exceptional = select.select(list(self.watched), writers, [], 0.02)
            self.now = time.monotonic()
            for sock in {*readable, *writable}:
                if sock in self.watched:
                    self.watched[sock][0]((sock in readable) * 1 + (sock in writable) * 4)


class Control:
    def __init__(self) -> None:
        self.orders: List[Any] = []
        self.ok = True
        self.problem = ""

    def status(self) -> Dict[str, object]:
        return {"ok": self.ok, "upstreams": [{"host": "node1"}]}

    def reload(self) -> str:
        self.orders.append("reload")
        return self.problem

    def drain(self, host: Optional[str]) -> bool:
        self.orders.append(("drain", host))
        return host in (None, "node1")

    def undrain(self, host: Optional[str]) -> bool:
        self.orders.append(("undrain", host))
        return host in (None, "node1")

    def trace(self, on: bool) -> str:
        self.orders.append(("trace", on))
        return self.problem

    def stop(self) -> None:
        self.orders.append("stop")


class Port:
    """An administration port that runs."""

    def __init__(self, folder: Path, token: bool = True) -> None:
        self.loop = Loop()
        self.control = Control()
        self.token = str(folder / "token") if token else None
        self.log = folder / "log"
        log = Log(LogSettings(file=str(self.log)))
        self.admin = Admin(Settings(port=0, token=self.token), self.control, Metrics(), self.loop, log)
        self.settings = Settings(port=self.admin.port, token=self.token)
        self.loop.start()

    def close(self) -> None:
        self.loop.stop()
        self.admin.close()

    def ask(self, method: str, path: str, headers: Optional[Dict[str, str]] = None) -> Tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.admin.port, timeout=10)
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read().decode()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.admin.port), timeout=10)


@pytest.fixture
def port(tmp_path: Path) -> Iterator[Port]:
    running = Port(tmp_path)
    yield running
    running.close()


def test_metrics_and_health_are_for_all(port: Port) -> None:
    status, text = port.ask("GET", "/metrics")
    assert (status, "sipnat_build_info{" in text) == (200, True)
    assert port.ask("GET", "/health")[0] == 200
    port.control.ok = False
    status, text = port.ask("GET", "/health")
    assert (status, json.loads(text)["ok"]) == (503, False)


def test_orders_need_the_token(port: Port) -> None:
    assert port.token is not None
    token = token_file.read(port.token).decode()
    for headers in ({}, {"Authorization": "Bearer " + token[:-1]}, {"Authorization": token}, {"Authorization": "\xe9"}):
        assert port.ask("POST", "/ctl/stop", headers)[0] == 401
    assert port.ask("GET", "/ctl/stop", {"Authorization": "Bearer " + token})[0] == 405
    assert port.control.orders == []
    assert port.ask("POST", "/ctl/stop", {"authorization": "Bearer " + token})[0] == 200
    assert port.control.orders == ["stop"]
    told = port.log.read_text("ascii").splitlines()
    assert [line.split(" ")[2:] for line in told] == [
        *[["event=refused", "reason=unauthorised", "order=/ctl/stop"]] * 4,
        ["event=order", "order=stop"],
    ]
    assert token[:-1] not in port.log.read_text("ascii")


def test_without_a_token_file_nobody_is_obeyed(tmp_path: Path) -> None:
    running = Port(tmp_path, token=False)
    assert running.ask("POST", "/ctl/stop", {"Authorization": "Bearer "})[0] == 401
    assert running.ask("POST", "/ctl/stop", {"Authorization": "Bearer None"})[0] == 401
    with pytest.raises(ctl.ControlError, match=r"admin\.token"):
        ctl.order(running.settings, ["stop"])
    assert running.control.orders == []
    running.close()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("reload", "reload"),
        ("drain", ("drain", None)),
        ("drain node1", ("drain", "node1")),
        ("undrain node1", ("undrain", "node1")),
        ("undrain", ("undrain", None)),
        ("trace on", ("trace", True)),
        ("trace off", ("trace", False)),
        ("stop", "stop"),
    ],
)
def test_client_and_port_understand_each_other(port: Port, words: str, expected: object) -> None:
    told = ctl.order(port.settings, words.split())
    assert "error" not in told
    assert None not in told.values()
    assert port.control.orders == [expected]


def test_client_shows_the_status(port: Port) -> None:
    assert ctl.order(port.settings, ["status"]) == {"ok": True, "upstreams": [{"host": "node1"}]}


def test_refusals_reach_the_client(port: Port, tmp_path: Path) -> None:
    port.control.problem = "sipnat.json cannot be used: listen[0].port: 0"
    with pytest.raises(ctl.ControlError, match=r"listen\[0\]\.port"):
        ctl.order(port.settings, ["reload"])
    with pytest.raises(ctl.ControlError, match=r"listen\[0\]\.port"):
        ctl.order(port.settings, ["trace", "on"])
    with pytest.raises(ctl.ControlError, match="elsewhere & more"):
        ctl.order(port.settings, ["drain", "elsewhere & more"])
    assert port.control.orders[-1] == ("drain", "elsewhere & more")
    other = tmp_path / "other"
    other.write_text("another-token\n", "ascii")
    with pytest.raises(ctl.ControlError, match="token"):
        ctl.order(Settings(port=port.admin.port, token=str(other)), ["stop"])
    with pytest.raises(ctl.ControlError, match=r"admin\.token: .*gone is missing: the proxy makes it, does it run\?"):
        ctl.order(Settings(port=port.admin.port, token=str(tmp_path / "gone")), ["stop"])
    for words in (["restart"], ["trace"], ["trace", "maybe"], ["status", "now"], ["drain", "a", "b"]):
        with pytest.raises(ValueError, match="no such order"):
            ctl.order(port.settings, words)
    assert "stop" not in port.control.orders


def test_client_tells_that_nobody_is_there(tmp_path: Path) -> None:
    token = str(tmp_path / "token")
    token_file.read_or_create(token)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(ctl.ControlError, match="does the proxy run"):
            ctl.order(Settings(port=free.getsockname()[1], token=token), ["status"])


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 404 Not Found\r\n\r\n<html>", b"HTTP/1.1 200 OK\r\n\r\n[]", b"SSH-2.0\r\n"]
)
def test_client_tells_that_somebody_else_is_there(answer: bytes, tmp_path: Path) -> None:
    token = str(tmp_path / "token")
    token_file.read_or_create(token)
    with socket.create_server(("127.0.0.1", 0)) as other:
        thread = threading.Thread(target=_answer_once, args=(other, answer))
        thread.start()
        with pytest.raises(ctl.ControlError, match=r"is no proxy of this kind|does the proxy run"):
            ctl.order(Settings(port=other.getsockname()[1], token=token), ["status"])
        thread.join()
    with pytest.raises(ctl.ControlError, match=r"admin\.port is 0"):
        ctl.order(Settings(port=0, token=token), ["status"])


def _answer_once(server: socket.socket, answer: bytes) -> None:
    connection, _source = server.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(answer)


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET / HTTP/1.1", 404),
        (b"POST /ctl/ HTTP/1.1", 401),
        (b"GET /metrics", 400),
        (b"OPTIONS sip:a@b SIP/2.0", 400),
        (b"GET //[ HTTP/1.1", 400),
        (b"\xff\x00 \xff HTTP/1.1", 404),
    ],
)
def test_nonsense_is_answered(port: Port, request_line: bytes, status: int) -> None:
    with port.connect() as client:
        client.sendall(request_line + b"\r\n\r\n")
        assert client.recv(100).split(b" ")[1] == str(status).encode()


def test_request_may_come_in_pieces(port: Port) -> None:
    with port.connect() as client:
        for piece in (b"GET /hea", b"lth HTT", b"P/1.1\r\n", b"\r", b"\n"):
            client.sendall(piece)
            time.sleep(0.03)
        assert client.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_system_without_descriptors_is_not_asked_all_the_time(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    """The socket stays ready: it is left alone for a moment."""
    asked: List[int] = []

    def accept(_sock: socket.socket) -> Tuple[socket.socket, Any]:
        asked.append(1)
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as other:
        other.setattr(socket.socket, "accept", accept)
        with port.connect():
            for _attempt in range(1000):
                if not port.loop.watched:
                    break
                time.sleep(0.01)
            assert len(asked) == 1
    port.admin.expire(0)
    assert port.ask("GET", "/health")[0] == 200


def test_endless_request_is_cut_off(port: Port) -> None:
    with port.connect() as client:
        client.sendall(b"GET /" + b"x" * (REQUEST - 5))
        client.sendall(b"x")
        try:
            assert client.recv(10) == b""
        except ConnectionResetError:
            return


def test_silent_clients_hold_nobody_up(port: Port) -> None:
    silent = [port.connect() for _each in range(3 * CLIENTS)]
    assert port.ask("GET", "/health")[0] == 200
    assert len(port.admin._clients) <= CLIENTS
    port.loop.stop()
    port.admin.expire(time.monotonic() + SECONDS + 1)
    assert port.admin._clients == []
    assert len(port.loop.watched) == 1  # the port itself
    for client in silent:
        client.close()


def test_token_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "token"
    token = token_file.read_or_create(str(file))
    assert len(token) >= 32
    assert token_file.read_or_create(str(file)) == token == token_file.read(str(file))
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for bad in ("", "\n", "two words", "\x01", "x" * 300):
        file.write_text(bad, "latin-1")
        with pytest.raises(OSError, match=f"{file} holds no token"):
            token_file.read(str(file))


def test_port_that_is_taken(port: Port) -> None:
    with pytest.raises(OSError, match=r"admin: cannot listen at 127\.0\.0\.1 port \d+: .*in use"):
        Admin(Settings(port=port.admin.port), port.control, Metrics(), port.loop, Log(LogSettings()))
