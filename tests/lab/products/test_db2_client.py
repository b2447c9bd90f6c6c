"""The engine of a simulated instance answers clients of other hosts, with DB2's own errors."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.products.db2 import client, engine
from tests.lab.products.db2_host import Db2Host
from tests.lab.products.test_db2_manager import OWNER
from tests.lab.products.test_db2_setup import install


class NamesHost(Db2Host):
    """Resolves one name."""

    def resolve(self, hostname: str) -> str | None:
        return "127.0.0.1" if hostname == "db2srv1.rtp.example" else None


@pytest.fixture
def host(tmp_path: Path) -> NamesHost:
    made = NamesHost(tmp_path)
    install(made)
    assert made("db2icrt", "-s", "wse", "-u", "db2fenc1", "db2inst1")[0] == 0
    assert made("db2start", **OWNER)[0] == 0
    assert made("db2", "create database stgw using codeset UTF-8 territory US", **OWNER)[0] == 0
    assert made("db2", "connect to stgw", **OWNER)[0] == 0
    assert made("db2", "create table community (id integer not null)", **OWNER)[0] == 0
    return made


@pytest.fixture
def port(host: NamesHost) -> Iterator[int]:
    """The engine's port, without its process."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    stream, _ = server.accept()
                except OSError:
                    return
                engine.serve(host, "db2inst1", stream)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def connect(host: NamesHost, port: int, **changes: str) -> client.Connection:
    values = {"server": "db2srv1.rtp.example", "database": "STGW", "user": "db2inst1", "password": "right", **changes}
    return client.connect(host, values["server"], port, values["database"], values["user"], values["password"])


def test_tables_of_a_schema(host: NamesHost, port: int) -> None:
    with connect(host, port) as connection:
        assert connection.tables("db2inst1") == 1
        assert connection.tables("NOBODY") == 0
        assert connection.tables("x' or '1' = '1") == 0


def test_rows_of_a_table(host: NamesHost, port: int) -> None:
    assert host("db2", "insert into community values (7)", **OWNER)[0] == 0
    with connect(host, port) as connection:
        assert connection.rows("DB2INST1", "COMMUNITY", ["ID"]) == [{"ID": 7}]


@pytest.mark.parametrize(
    ("table", "column", "said"),
    [
        ("OTHER", "ID", 'SQL0204N  "DB2INST1.OTHER" is an undefined name'),
        ("COMMUNITY", "NAME", 'SQL0206N  "NAME" is not valid'),
        ("COMMUNITY", "ID from COMMUNITY, X", "SQL0104N"),
    ],
)
def test_rows_that_are_not_there(host: NamesHost, port: int, table: str, column: str, said: str) -> None:
    with connect(host, port) as connection, pytest.raises(client.DatabaseError, match=said):
        connection.rows("DB2INST1", table, [column])


def test_rows_want_a_right(host: NamesHost, port: int) -> None:
    assert host("db2", "grant connect on database to user db2fenc1", **OWNER)[0] == 0
    with connect(host, port, user="db2fenc1") as connection, pytest.raises(client.DatabaseError, match="SQL0551N"):
        connection.rows("DB2INST1", "COMMUNITY", ["ID"])
    assert host("db2", "grant select on table db2inst1.community to user db2fenc1", **OWNER)[0] == 0
    with connect(host, port, user="db2fenc1") as connection:
        assert connection.rows("DB2INST1", "COMMUNITY", ["ID"]) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"server": "nowhere.rtp.example"}, 'SQL30081N  A communication error has been detected.*"gethostbyname"'),
        ({"database": "OTHER"}, 'SQL30061N  The database alias or database name "OTHER" was not found'),
        ({"password": "wrong"}, 'SQL30082N  Security processing failed with reason "24"'),
        ({"user": "nobody"}, "SQL30082N"),
        ({"user": "db2fenc1"}, 'SQL1060N  User "DB2FENC1" does not have the CONNECT privilege'),
    ],
)
def test_refused(host: NamesHost, port: int, changes: dict[str, str], said: str) -> None:
    with pytest.raises(client.DatabaseError, match=said):
        connect(host, port, **changes)


def test_a_grant_lets_in(host: NamesHost, port: int) -> None:
    host("db2", "grant connect on database to user db2fenc1", **OWNER)
    connect(host, port, user="db2fenc1").close()


def test_nobody_listens(host: NamesHost) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    with pytest.raises(client.DatabaseError, match=r'SQL30081N.*"connect".*"79"'):
        connect(host, free)


def test_who_speaks_no_protocol_of_db2_is_let_go(host: NamesHost, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as stream:
        stream.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b"SQL30020N" in stream.recv(1000)
    connect(host, port).close()


def test_another_server_is_no_database(host: NamesHost) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            server.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(client.DatabaseError, match=r'SQL30081N.*"recv"'):
            connect(host, server.getsockname()[1])
