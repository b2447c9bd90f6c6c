"""What a session has changed and not committed: the statements, which every process of the session runs again in front
of its own, because a transaction of the file does not outlive a process."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

from lab.products.db2.database import Database, Rows, SqlError

WARNING = 1


def pending(store: MutableMapping[str, Any], session: str) -> list[str]:
    """The statements of a session that are not committed, in their order."""
    found: list[str] = store.setdefault("pending", {}).setdefault(session, [])
    return found


def run(database: Database, pending: list[str], text: str, *, commit: bool) -> Rows | None:
    """Run a statement behind those that are pending; the list is brought up to date. Raises `SqlError`, and the
    statement alone is undone then; one that found no row is none that failed."""
    word = text.split(maxsplit=1)[0].lower() if text.strip() else ""
    if word == "rollback":
        pending.clear()
        return None
    database.begin()
    try:
        for statement in pending:
            _execute(database, statement)
        rows, warning = (None, None) if word == "commit" else _execute(database, text)
    except SqlError:
        database.end(commit=False)
        raise
    if commit or word == "commit":
        database.end(commit=True)
        pending.clear()
    else:
        database.end(commit=False)
        if not re.match("select|values|with", word):
            pending.append(text)
    if warning:
        raise warning
    return rows


def _execute(database: Database, text: str) -> tuple[Rows | None, SqlError | None]:
    try:
        return database.execute(text), None
    except SqlError as error:
        if error.code != WARNING:
            raise
        return None, error
