"""The link to the local community's server, whatever that says."""

from __future__ import annotations

import asyncio

import pytest

from lab.products.gateway.application.local import LocalCommunity
from tests.lab.products.gateway.log import Log, journal
from tests.lab.products.gateway.site import WITHIN_S


@pytest.mark.parametrize("said", ["[1]", "nonsense", '{"op": "status", "user": "alice", "status": "asleep"}'])
def test_a_server_that_says_nonsense_is_asked_again(said: str) -> None:
    log, hellos, places = Log(), list[bytes](), list[tuple[str, int]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hellos.append(await reader.readline())
        writer.write(b'{"op": "welcome"}\n' + said.encode() + b"\n")
        await reader.read()
        writer.close()

    async def place() -> tuple[str, int]:
        return places[0]

    async def ignore(_line: object) -> None:
        """Nobody asks anything."""

    async def talk() -> None:
        async with asyncio.timeout(WITHIN_S), await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            places.append(server.sockets[0].getsockname()[:2])
            link = LocalCommunity(
                "node/server", journal(log), serve=ignore, changed=lambda *_: None, connected=lambda: None
            )  # fmt: skip
            running = asyncio.get_running_loop().create_task(link.run(place))
            while len(hellos) < 2:
                await asyncio.sleep(0.02)
            running.cancel()

    asyncio.run(talk())
    assert log.said("cannot be used")
