"""The engine process of an instance, and what it answers to clients of other hosts.

A client sends lines of JSON: first `{"database", "user", "password"}`, then `{"tables": schema}` or
`{"table", "schema", "columns"}`. Each answer is a line too: `{"server"}`, `{"count"}`, `{"rows"}`, or `{"error"}` with
the message that DB2 would give. DRDA itself is not spoken.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from lab.host import Host
from lab.products.db2 import manager, memory, tls
from lab.products.db2.database import Database, SqlError

PATIENCE_S = 30.0
_WRONG = 'SQL30082N  Security processing failed with reason "24" ("USERNAME AND/OR PASSWORD INVALID").  SQLSTATE=08001'
_UNKNOWN = 'SQL30061N  The database alias or database name "{name}" was not found at the remote node.  SQLSTATE=08004'
_NO_CONNECT = 'SQL1060N  User "{user}" does not have the CONNECT privilege.  SQLSTATE=08004'
_NO_DRDA = "SQL30020N  Execution failed because of a Distributed Protocol Error.  SQLSTATE=58009"


def db2sysc(host: Host, arguments: Sequence[str]) -> int:
    """The program: serves its instance's port until it is ended."""
    instance = arguments[0]
    record = memory.snapshot(host)["instances"][instance]
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    number = manager.port(host, record)
    if number is not None:
        threading.Thread(target=_listen, args=(host, instance, number, None), daemon=True).start()
    if tls.wanted(record):
        # What is wrong with it does not keep the other protocols from being served.
        try:
            secured = tls.port(host, instance, record), tls.context(host, instance, record)
            threading.Thread(target=_listen, args=(host, instance, *secured), daemon=True).start()
        except tls.TlsError as error:
            _diagnose(host, record, f"SSL could not be started: {error}")
    host.report_running()
    while True:
        signal.pause()


def _listen(host: Host, instance: str, port: int, context: ssl.SSLContext | None) -> None:
    with socket.create_server(("", port)) as server:
        while True:
            client, _ = server.accept()
            threading.Thread(target=serve, args=(host, instance, client, context), daemon=True).start()


def _diagnose(host: Host, record: Mapping[str, Any], text: str) -> None:
    """A line of `db2diag.log`."""
    folder = host.path(record["config"]["DIAGPATH"])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "db2diag.log").open("a", encoding="utf-8") as log:
        log.write(f"{time.strftime('%Y-%m-%d-%H.%M.%S')} LEVEL: Error\n{text}\n")


def serve(host: Host, instance: str, client: socket.socket, context: ssl.SSLContext | None = None) -> None:
    """Answer one client until it goes; with `context` over TLS."""
    client.settimeout(PATIENCE_S)
    # A client that goes away, or that says nothing, is let go.
    with suppress(OSError, UnicodeDecodeError), client:
        secured = context.wrap_socket(client, server_side=True) if context else client
        with secured, secured.makefile("r", encoding="utf-8") as lines:
            for answer in answers(host, instance, lines):
                secured.sendall(json.dumps(answer).encode() + b"\n")


def answers(host: Host, instance: str, lines: Iterator[str]) -> Iterator[Mapping[str, Any]]:
    """The answers to the lines of one connection; it ends with the first error."""
    file: Path | None = None
    user = ""
    for line in lines:
        try:
            request = json.loads(line)
            if file is None:
                file, user = _connect(host, instance, request), request["user"]
                yield {"server": "DB2/NT" if host.platform == "windows" else "DB2/AIX64"}
            elif "table" in request:
                yield {"rows": _rows(host, instance, file, user, request)}
            else:
                yield {"count": _tables(file, request["tables"])}
        except SqlError as error:
            yield {"error": str(error)}
            return
        except (ValueError, KeyError, TypeError):
            yield {"error": _NO_DRDA}
            return


def _connect(host: Host, instance: str, request: Mapping[str, str]) -> Path:
    name, user, password = request["database"].upper(), request["user"], request["password"]
    entry = memory.snapshot(host)["instances"][instance]["databases"].get(name)
    if entry is None:
        raise SqlError(_UNKNOWN.format(name=name))
    if not host.check_password(user, password):
        raise SqlError(_WRONG)
    file = memory.database_file(host, instance, name, entry)
    opened = Database(file, user)
    try:
        rows = opened.execute(f"select 1 from syscat.dbauth where grantee = '{_literal(user.upper())}'")  # noqa: S608
    finally:
        opened.close()
    if not rows or not rows.rows:
        raise SqlError(_NO_CONNECT.format(user=user.upper()))
    return file


def _tables(file: Path, schema: str) -> int:
    opened = Database(file, "SYSIBM")
    try:
        rows = opened.execute(f"select count(*) from syscat.tables where tabschema = '{_literal(schema.upper())}'")  # noqa: S608
    finally:
        opened.close()
    return int(str(rows.rows[0][0])) if rows else 0


def _rows(host: Host, instance: str, file: Path, user: str, request: Mapping[str, Any]) -> list[tuple[object, ...]]:
    account = host.account(user)
    opened = Database(file, user)
    try:
        # SYSADM includes DBADM up to DB2 9.5.
        everything = account is not None and manager.is_administrator(host, instance, account)
        return opened.rows(request["schema"], request["table"], request["columns"], everything=everything)
    finally:
        opened.close()


def _literal(text: str) -> str:
    return text.replace("'", "''")
