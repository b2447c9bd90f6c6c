"""The way between processes of WAS."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from lab.products.was.admin import Argument, Process, Reply
from lab.products.was.connector import Connection, serve
from lab.products.was.errors import NotAuthorized, NotReachable, ScriptingError

PROCESS = Process("dmgr", "dmNode", "DeploymentManager")


class Echo:
    """A session that tells what it was called with."""

    process: Process | None = PROCESS

    def __init__(self, user: str) -> None:
        self.user = user
        self.closed = threading.Event()

    def names(self, target: str) -> Sequence[str]:
        return ["list", "save"] if target == "AdminConfig" else []

    def call(self, target: str, method: str, arguments: Sequence[Argument]) -> Reply:
        if method == "refused":
            raise ScriptingError("ADMG0007E: The configuration data type X is not valid.")
        if method == "broken":
            raise KeyError("fault of the simulator")
        return Reply(f"{self.user} {target}.{method}{list(arguments)}", "WASX7026W: a warning\n")

    def close(self) -> None:
        self.closed.set()


@contextmanager
def listening() -> Iterator[tuple[int, list[Echo]]]:
    sessions: list[Echo] = []

    def opened(user: str) -> Echo:
        sessions.append(Echo(user))
        return sessions[-1]

    def admit(user: str, password: str, token: str) -> str | None:
        return "server" if token == "keys" else user if password == "right" else None

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    serve(listener.accept()[0], PROCESS, admit, opened)
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1], sessions
        listener.shutdown(socket.SHUT_RDWR)


def test_a_client_learns_its_process_and_gets_values_with_what_was_printed() -> None:
    with listening() as (port, sessions):
        client = Connection("127.0.0.1", port, "admin", "right")
        assert client.process == PROCESS
        assert client.names("AdminConfig") == ["list", "save"]
        assert client.call("AdminConfig", "list", ["Node", ["a", None, 2]]) == Reply(
            "admin AdminConfig.list['Node', ['a', None, 2]]", "WASX7026W: a warning\n"
        )
        client.close()
        assert sessions[0].closed.wait(5)


def test_an_error_leaves_the_connection_usable() -> None:
    with listening() as (port, _):
        client = Connection("127.0.0.1", port, "admin", "right")
        with pytest.raises(ScriptingError, match="ADMG0007E"):
            client.call("AdminConfig", "refused", [])
        with pytest.raises(ScriptingError, match="KeyError"):
            client.call("AdminConfig", "broken", [])
        assert client.call("AdminConfig", "list", []).value == "admin AdminConfig.list[]"


def test_who_may_not_is_told_so_and_a_server_of_the_cell_may() -> None:
    with listening() as (port, sessions):
        with pytest.raises(NotAuthorized):
            Connection("127.0.0.1", port, "admin", "wrong")
        with pytest.raises(NotAuthorized):
            Connection("127.0.0.1", port)
        Connection("127.0.0.1", port, token="keys").call("AdminConfig", "list", [])
        assert [session.user for session in sessions] == ["server"]


@pytest.mark.parametrize("answer", [b"", b"220 mail ready\r\n"])
def test_another_kind_of_server_is_no_process_of_was(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with listener.accept()[0] as connection:
                connection.sendall(answer)

        threading.Thread(target=accept, daemon=True).start()
        with pytest.raises(NotReachable):
            Connection("127.0.0.1", listener.getsockname()[1], "admin", "right")


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotReachable):
        Connection("127.0.0.1", port, "admin", "right")
