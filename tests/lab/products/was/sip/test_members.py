"""Which members of its cluster a SIP proxy takes for living."""

from __future__ import annotations

import asyncio

import pytest
from sipmessage import Request, Response

from lab.products.was.sip import members
from lab.products.was.sip.interfaces import Identity, Interface
from lab.products.was.sip.members import Member, Members, Plan
from lab.products.was.sip.notices import Notices
from lab.sip import responses, via
from lab.sip.address import Flow, Target
from lab.sip.message import SipMessage
from lab.sip.transports import Transports
from tests.lab.products.was.sip.site import Site
from tests.lab.sip.parties import Party, run, until

HERE = Interface("tcp", "127.0.0.1", 5060)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """It greets all the time."""
    monkeypatch.setattr(members, "_EVERY_S", 0.02)


class Cluster(Party):
    """A member that answers as often as it is told to."""

    def __init__(self, site: Site) -> None:
        super().__init__()
        self.notices = Notices(site.runtime("N", "P").log, "SipProxy")

    async def watched(self) -> tuple[Members, Transports]:
        """What watches it."""
        place = await self.listen("tcp")
        plan = Plan(
            cluster="X", members=[Member("n.S", place.host, {"tcp": place.port})], place={"tcp": ("127.0.0.1", 5060)},
            interfaces={"tcp": HERE}, identity=Identity([], [], [HERE]), retry_after_s=5,
        )  # fmt: skip
        found: list[Members] = []

        def answered(message: SipMessage, flow: Flow) -> None:
            assert isinstance(message, Response)
            found[0].answered(message, flow)

        def lost(flow: Flow) -> None:
            found[0].lost(flow)

        transports = Transports(answered, lost=lost)
        found.append(Members(plan, transports, self.notices))
        return found[0], transports

    async def answer(self, status: int, name: str | None) -> None:
        """Answer the next greeting."""
        before = len(self.messages)
        greeting, flow = await self.next(before + 1)
        assert isinstance(greeting, Request)
        said = responses.answer(greeting, status)
        if name:
            said.headers.set("IBM-LSN", name)
        self.transports.send(said, via.answer_target(via.top(said)), over=flow)


def test_one_that_does_not_answer_any_more_is_dead(site: Site) -> None:
    async def work() -> None:
        cluster = Cluster(site)
        watching, transports = await cluster.watched()
        watch = asyncio.create_task(watching.watch())
        await cluster.answer(200, "17_n.S")
        await until(lambda: watching.living == {"n.S": 17})
        assert watching.target("n.S", "udp") == Target("tcp", *cluster.messages[0][1].local)
        # It is silent from now on, its connection stands.
        await until(lambda: not watching.living)
        await cluster.answer(200, "18_n.S")
        await until(lambda: watching.living == {"n.S": 18})
        watch.cancel()
        await transports.close()
        await cluster.transports.close()

    run(work())
    assert "is down: it does not answer over tcp" in site.log("P")


@pytest.mark.parametrize(("status", "name"), [(403, None), (200, None), (200, "17_other.S"), (200, "x_n.S")])
def test_one_that_is_another_server_is_not_used(site: Site, status: int, name: str | None) -> None:
    async def work() -> None:
        cluster = Cluster(site)
        watching, transports = await cluster.watched()
        watch = asyncio.create_task(watching.watch())
        await cluster.answer(status, name)
        await until(lambda: "refused the connection of the SIP proxy" in site.log("P"))
        assert not watching.living
        watch.cancel()
        await transports.close()
        await cluster.transports.close()

    run(work())
