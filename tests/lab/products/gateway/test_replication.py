"""Dialogs are copied to one other member of the replication domain, and go on there when their own is lost."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from lab.products.gateway.application.replication import Replication
from lab.products.gateway.application.replication_domain import Peer
from lab.products.gateway.application.usage import State
from tests.lab.products.gateway.log import Log, journal

WITHIN_S = 8.0


class Member:
    """A member: what it has, and what it took over from whom."""

    def __init__(self, name: str, domain: str, token: str = "secret", started: int = 1) -> None:
        self.name = name
        self.own: dict[str, State] = {}
        self.adopted: dict[str, list[State]] = {}
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.tasks: set[asyncio.Task[None]] = set()
        self.replication = Replication(
            name, started, domain, token, resolve=lambda host: host, journal=journal(Log()),
            confirmed=lambda: list(self.own.items()), adopt=self.adopted.__setitem__, spawn=self._spawn,
        )  # fmt: skip

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.add(asyncio.get_running_loop().create_task(work))

    async def start(self, *peers: Member) -> None:
        await self.replication.start(self.socket, [Peer(each.name, "127.0.0.1", each.port) for each in peers])

    def put(self, key: str, state: State) -> None:
        self.own[key] = state
        self.replication.put(key, state)

    def die(self) -> None:
        """As a killed process: the kernel closes what it had open."""
        server = self.replication._server
        assert server
        server.close()
        for task in self.tasks:
            task.cancel()

    @property
    def gives(self) -> bool:
        return self.replication._partner is not None

    def holds(self, member: Member) -> dict[str, State]:
        held = self.replication._held.get(member.name)
        return held.states if held else {}


@asynccontextmanager
async def members(*all_of_them: Member) -> AsyncIterator[None]:
    """They know each other."""
    for each in all_of_them:
        after = sorted((other for other in all_of_them if other is not each), key=lambda other: other.name)
        await each.start(*after)
    try:
        yield
    finally:
        for each in all_of_them:
            each.die()


async def until(true: Any) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not true():
            await asyncio.sleep(0.01)


def test_a_lost_members_dialogs_go_on() -> None:
    async def scenario() -> None:
        one, two = Member("pn.RTCGWServer", "pair1"), Member("sn.RTCGWServer", "pair1")
        one.own["before"] = {"n": 0}
        async with members(one, two):
            await until(lambda: one.gives and two.gives)
            one.put("a", {"n": 1})
            one.put("b", {"n": 2})
            await until(lambda: len(two.holds(one)) == 3)
            one.put("a", {"n": 3})
            one.replication.drop("b")
            await until(lambda: two.holds(one) == {"before": {"n": 0}, "a": {"n": 3}})
            one.die()
            await until(lambda: two.adopted)
            assert two.adopted == {"pn.RTCGWServer": [{"n": 0}, {"n": 3}]}
            assert one.adopted == {}

    asyncio.run(scenario())


def test_who_is_asked_for_a_lost_members_dialog_goes_on_at_once() -> None:
    async def scenario() -> None:
        one, two = Member("pn.RTCGWServer", "pair1"), Member("sn.RTCGWServer", "pair1")
        async with members(one, two):
            await until(lambda: one.gives)
            one.put("a", {"n": 1})
            await until(lambda: two.holds(one))
            assert not two.replication.claim("a")
            assert one.replication._partner
            # The connection ends, the member seems to listen on.
            one.replication._partner.close()
            await until(lambda: two.replication._held["pn.RTCGWServer"].lost)
            assert not two.replication.claim("b")
            assert two.replication.claim("a")
            assert two.adopted == {"pn.RTCGWServer": [{"n": 1}]}

    asyncio.run(scenario())


def test_exactly_one_member_has_copies() -> None:
    async def scenario() -> None:
        one, two, three = (Member(f"{name}.RTCGWServer", "all") for name in ("a", "b", "c"))
        async with members(one, two, three):
            await until(lambda: one.gives)
            one.put("a", {})
            await until(lambda: two.holds(one) or three.holds(one))
            assert [bool(each.holds(one)) for each in (two, three)] == [True, False]

    asyncio.run(scenario())


def test_members_of_other_pairs_and_of_other_cells_get_nothing() -> None:
    async def scenario() -> None:
        one, other, stranger = Member("a.S", "pair1"), Member("b.S", "pair2"), Member("c.S", "pair1", token="another")
        late = Member("d.S", "pair1")
        async with members(one, other, stranger, late):
            await until(lambda: one.gives)
            one.put("a", {})
            await until(lambda: late.holds(one))
            assert not other.holds(one)
            assert not stranger.holds(one)

    asyncio.run(scenario())


def test_a_member_that_was_restarted_does_not_get_its_dialogs_back() -> None:
    """Its tags are new ones, so the requests of the old dialogs go to the other member."""

    async def scenario() -> None:
        one, two = Member("a.S", "pair"), Member("b.S", "pair")
        async with members(one, two):
            await until(lambda: one.gives)
            one.put("a", {"n": 1})
            await until(lambda: two.holds(one))
            again = Member("a.S", "pair", started=2)
            await again.start(Peer("b.S", "127.0.0.1", two.port))  # type: ignore[arg-type]
            await until(lambda: two.adopted == {"a.S": [{"n": 1}]})
            again.die()

    asyncio.run(scenario())
