"""The gateway's own database, by the data source of the repository that the server started with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from lab.products.db2.client import Connection, DatabaseError
from lab.products.gateway import configuration
from lab.products.gateway.application import communities
from lab.products.gateway.application.communities import Directory, Rows
from lab.products.gateway.application.journal import Journal
from lab.products.gateway.application.refusal import Refused
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace
from lab.products.was.servers import datasources
from lab.products.was.servers.runtime import Runtime

FRESH_S = 2.0
_PATIENCE_S = 3.0


class UnreadableError(Exception):
    """The database cannot be read; the text says why."""


class Source(Protocol):
    """What gives the rows of the tables."""

    def rows(self) -> Rows:
        """The rows; waits. Raises `UnreadableError`."""


class DataSource:
    """The tables, over one connection that is kept. For one thread at a time."""

    def __init__(self, server: Runtime) -> None:
        self._server = server
        self._found: tuple[Workspace, Element] | None = None
        self._connection: Connection | None = None

    def rows(self) -> Rows:
        """See `Source`."""
        if self._connection:
            try:
                return self._read(self._connection)
            except DatabaseError:
                # The engine was restarted, or let an idle client go.
                self._connection.close()
                self._connection = None
        try:
            workspace, source = self._source()
            self._connection = datasources.connect(self._server, workspace, source)
            return self._read(self._connection)
        except (ScriptingError, DatabaseError) as error:
            raise UnreadableError(str(error)) from None

    def _read(self, connection: Connection) -> Rows:
        schema = datasources.schema(*self._source())
        return {table: connection.rows(schema, table, columns) for table, columns in communities.COLUMNS.items()}

    def _source(self) -> tuple[Workspace, Element]:
        if self._found is None:
            workspace = Workspace(self._server.config)
            self._found = workspace, _nearest(self._server, workspace)
        return self._found


def _nearest(server: Runtime, workspace: Workspace) -> Element:
    """The data source that the server sees under the JNDI name: its own, its cluster's, its node's, the cell's. Raises
    `UnreadableError`."""
    cell = f"cells/{server.cell}"
    places = [f"{cell}/nodes/{server.node}/servers/{server.name}"]
    places += [
        cluster.document.path.rpartition("/")[0]
        for cluster in workspace.list("ServerCluster")
        if any((m.get("nodeName"), m.get("memberName")) == (server.node, server.name) for m in cluster.walk())
    ]
    places += [f"{cell}/nodes/{server.node}", cell]
    found = {
        each.document.path.rpartition("/")[0]: each
        for each in workspace.list("DataSource")
        if each.get("jndiName") == configuration.JNDI_NAME
    }
    for place in places:
        if place in found:
            return found[place]
    raise UnreadableError(f"no data source with the JNDI name {configuration.JNDI_NAME} is visible to {server.name}")


class Reader:
    """What the database said last, at most two seconds old when it is asked for. For the loop's thread.

    `changed` is called with every directory that differs from the one before.
    """

    def __init__(self, source: Source, journal: Journal, changed: Callable[[Directory], None]) -> None:
        self._source, self._journal, self._changed = source, journal, changed
        self._directory: Directory | None = None
        self._read_at = 0.0
        self._reading: asyncio.Task[None] | None = None
        self._why = ""

    @property
    def last(self) -> Directory | None:
        """The communities as they were read last, None before."""
        return self._directory

    async def current(self) -> Directory:
        """The communities. While the database cannot be read, those of the last time. Raises `Refused` without any."""
        loop = asyncio.get_running_loop()
        if self._read_at == 0.0 or loop.time() - self._read_at >= FRESH_S:
            if self._reading is None:
                self._reading = loop.create_task(self._read())
            # A database that is out of order shall not slow down who can be served without it.
            if self._directory is None or not self._why:
                await asyncio.wait({self._reading}, timeout=_PATIENCE_S)
        if self._directory is None:
            raise Refused(503, f"the communities cannot be read: {self._why or 'no answer yet'}")
        return self._directory

    async def _read(self) -> None:
        try:
            found = communities.directory(await asyncio.to_thread(self._source.rows))
        except UnreadableError as error:
            self._why = str(error)
            self._journal.tell(101, "E", f"The gateway's database cannot be read: {error}")
        else:
            self._why = ""
            if found != self._directory:
                self._directory = found
                self._changed(found)
        finally:
            self._read_at = asyncio.get_running_loop().time()
            self._reading = None
