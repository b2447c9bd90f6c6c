"""A connection to a database on another host, as the JDBC driver in WAS and installers make it."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from lab.host import Host

PATIENCE_S = 10.0
_REFUSED = {"aix": 79, "windows": 10061}
_COMMUNICATION = (
    'SQL30081N  A communication error has been detected.  Communication protocol being used: "TCP/IP".  Communication '
    'API being used: "SOCKETS".  Location where the error was detected: "{where}".  Communication function detecting '
    'the error: "{function}".  Protocol specific error code(s): {codes}.  SQLSTATE=08001'
)


class DatabaseError(Exception):
    """The message of DB2, beginning with its SQL code."""


class Connection:
    """One connection; it is open until `close`."""

    def __init__(self, stream: socket.socket, where: str) -> None:
        self._stream = stream
        self._where = where
        self._lines = stream.makefile("r", encoding="utf-8")

    def ask(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """One request to the engine. Raises `DatabaseError`."""
        try:
            self._stream.sendall(json.dumps(request).encode() + b"\n")
            answer: Mapping[str, Any] = json.loads(self._lines.readline())
        except (OSError, ValueError):
            raise DatabaseError(
                _COMMUNICATION.format(where=self._where, function="recv", codes='"*", "*", "0"')
            ) from None
        if "error" in answer:
            raise DatabaseError(answer["error"])
        return answer

    def tables(self, schema: str) -> int:
        """How many tables a schema has; none when there is no such schema."""
        return int(self.ask({"tables": schema})["count"])

    def rows(self, schema: str, table: str, columns: Sequence[str]) -> list[dict[str, Any]]:
        """Columns of all rows of a table. Raises `DatabaseError`."""
        found = self.ask({"schema": schema, "table": table, "columns": list(columns)})["rows"]
        return [dict(zip(columns, row, strict=True)) for row in found]

    def close(self) -> None:
        """End the connection."""
        self._lines.close()
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def connect(  # noqa: PLR0917 - what a connection string has, in its order
    host: Host,
    server: str,
    port: int,
    database: str,
    user: str,
    password: str,
    context: ssl.SSLContext | None = None,
) -> Connection:
    """Connect from `host` to a database, with `context` over TLS. Raises `DatabaseError`."""
    address = host.resolve(server)
    if address is None:
        raise DatabaseError(_COMMUNICATION.format(where=server, function="gethostbyname", codes='"*", "*", "*"'))
    try:
        stream = socket.create_connection((address, port), PATIENCE_S)
    except OSError:
        codes = f'"{_REFUSED[host.platform]}", "*", "*"'
        raise DatabaseError(_COMMUNICATION.format(where=address, function="connect", codes=codes)) from None
    if context:
        stream = _secured(stream, context, server, port)
    connection = Connection(stream, address)
    try:
        connection.ask({"database": database, "user": user, "password": password})
    except DatabaseError:
        connection.close()
        raise
    return connection


def _secured(stream: socket.socket, context: ssl.SSLContext, server: str, port: int) -> socket.socket:
    try:
        return context.wrap_socket(stream)
    except (OSError, ValueError) as error:
        stream.close()
        reason = getattr(error, "reason", None) or error
        raise DatabaseError(
            f"[ibm][db2][jcc][t4][2030][11211] A communication error occurred during operations on the connection's "
            f"underlying socket to {server}:{port}. javax.net.ssl.SSLHandshakeException: {reason}  SQLSTATE=08001"
        ) from None
