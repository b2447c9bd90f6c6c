"""How often the database is asked, and what happens while it cannot be."""

from __future__ import annotations

import asyncio
import threading

import pytest

from lab.products.gateway.application.communities import Directory, Rows
from lab.products.gateway.application.database import Reader, UnreadableError
from lab.products.gateway.application.refusal import Refused
from tests.lab.products.gateway.log import Log, journal
from tests.lab.products.gateway.rows import rows

ROWS = rows(("stsrv1", 1516), ("stgw2", 5060))


class Database:
    """Counts how often it is read; out of order while `broken` says why."""

    def __init__(self) -> None:
        self.reads = 0
        self.broken = ""
        self.content: Rows = ROWS
        self.hangs: threading.Event | None = None

    def rows(self) -> Rows:
        self.reads += 1
        if self.hangs:
            self.hangs.wait(8)
        if self.broken:
            raise UnreadableError(self.broken)
        return self.content


def reader(database: Database, changed: list[Directory] | None = None, log: Log | None = None) -> Reader:
    return Reader(database, journal(log or Log()), changed.append if changed is not None else lambda directory: None)


def test_many_ask_and_it_is_read_once() -> None:
    async def scenario() -> None:
        database, changed = Database(), list[Directory]()
        asked = reader(database, changed)
        found = await asyncio.gather(*(asked.current() for _ in range(100)))
        assert database.reads == 1
        assert len(changed) == 1
        assert all(each is changed[0] for each in found)
        asked._read_at = 1e-9
        database.content = {**ROWS, "USER_ACCESS": []}
        assert not (await asked.current()).external[0].admits("alice@rtp.example")
        assert (database.reads, len(changed)) == (2, 2)
        asked._read_at = 1e-9
        await asked.current()
        assert (database.reads, len(changed)) == (3, 2)

    asyncio.run(scenario())


def test_without_a_database_nobody_is_served_and_the_log_says_why() -> None:
    async def scenario() -> None:
        database, log = Database(), Log()
        database.broken = "SQL30081N  A communication error has been detected."
        with pytest.raises(Refused, match="the communities cannot be read: SQL30081N") as refused:
            await reader(database, log=log).current()
        assert refused.value.status == 503
        assert log.lines == [f"LABGW0101E: The gateway's database cannot be read: {database.broken}"]

    asyncio.run(scenario())


def test_a_database_that_hangs_delays_nobody_twice() -> None:
    async def scenario() -> None:
        database = Database()
        asked = reader(database)
        before = await asked.current()
        database.broken = "it was stopped"
        asked._read_at = 1e-9
        assert await asked.current() is before
        asked._read_at = 1e-9
        database.hangs = threading.Event()
        async with asyncio.timeout(1.0):
            assert await asked.current() is before
        database.hangs.set()
        assert asked._reading
        await asked._reading
        database.broken, database.hangs = "", None
        database.content = {**ROWS, "USER_ACCESS": []}
        for _ in range(2):
            asked._read_at = 1e-9
            await asked.current()
            await asyncio.sleep(0.05)
        assert not (await asked.current()).external[0].admits("alice@rtp.example")

    asyncio.run(scenario())
