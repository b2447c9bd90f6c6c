"""The tables are read by the data source that the repository gives to the server."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lab.products.db2.client import DatabaseError
from lab.products.gateway import configuration
from lab.products.gateway.application import communities
from lab.products.gateway.application.database import DataSource, UnreadableError
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace
from lab.products.was.servers import datasources
from lab.products.was.servers.runtime import Runtime
from tests.lab.products.gateway.rows import rows
from tests.lab.products.was.running_host import installed

VALUES = {
    "DB_NAME": "STGW", "DB_HOST": "db2srv1.rtp.example", "DB_PORT": "50000", "DB_USER": "db2inst1", "DB_PASSWORD": "x",
    "DB_SCHEMA_USER": "owner",
}  # fmt: skip


class Connection:
    """A connection that breaks when it is told to."""

    def __init__(self) -> None:
        self.broken = False
        self.closed = False
        self.schemas: set[str] = set()

    def rows(self, schema: str, table: str, columns: Sequence[str]) -> list[dict[str, Any]]:
        if self.broken:
            raise DatabaseError("SQL30081N")
        self.schemas.add(schema)
        return [dict(row) for row in rows(("a", 1), ("b", 2))[table]]

    def close(self) -> None:
        self.closed = True


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """A standalone gateway's."""
    host = installed(tmp_path_factory.mktemp("host"), "node1")
    host.make_profile("App", "default", first=20000, node="N", cell="C", server="RTCGWServer")
    profile = SimpleNamespace(
        config=host.path("/was/profiles/App/config"),
        cell="C",
        node="N",
        file=host.folder.joinpath,
    )
    configuration.write(cast(Any, profile), VALUES)
    return cast(Runtime, SimpleNamespace(config=profile.config, cell="C", node="N", name="RTCGWServer", host=host))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Connection]:
    """The connections that are opened."""
    made: list[Connection] = []

    def connect(server: Runtime, workspace: Workspace, source: Element) -> Connection:
        assert source.get("jndiName") == "jdbc/stgw"
        made.append(Connection())
        return made[-1]

    monkeypatch.setattr(datasources, "connect", connect)
    return made


def test_one_connection_is_kept_and_replaced(server: Runtime, opened: list[Connection]) -> None:
    source = DataSource(server)
    for _ in range(2):
        assert set(source.rows()) == set(communities.COLUMNS)
    assert len(opened) == 1
    assert opened[0].schemas == {"OWNER"}
    opened[0].broken = True
    assert communities.directory(source.rows()).problems == ()
    assert [each.closed for each in opened] == [True, False]


def test_a_database_that_refuses(server: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(server: Runtime, workspace: Workspace, source: Element) -> Connection:
        raise ScriptingError("DSRA8040I: Failed to connect to the DataSource.")

    monkeypatch.setattr(datasources, "connect", connect)
    with pytest.raises(UnreadableError, match="DSRA8040I"):
        DataSource(server).rows()


def test_a_data_source_of_another_node_is_not_seen(server: Runtime, opened: list[Connection]) -> None:
    foreign = SimpleNamespace(**{**vars(server), "node": "M"})
    with pytest.raises(UnreadableError, match="no data source with the JNDI name jdbc/stgw is visible to RTCGWServer"):
        DataSource(cast(Runtime, foreign)).rows()
    assert opened == []
