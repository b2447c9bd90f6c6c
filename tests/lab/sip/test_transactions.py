"""Transactions over networks that lose and repeat. T1 is 20 ms here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest
from sipmessage import Request, Response

from lab.sip import responses, timers
from lab.sip.address import Target, Transport
from lab.sip.dialog import Dialog
from lab.sip.server import ServerTransaction
from lab.sip.transactions import Transactions
from tests.lab.sip.parties import LOOPBACK, Party, request, run, until

Serve = Callable[[ServerTransaction], object]
CONTACT = "<sip:bob@127.0.0.1:5060>"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "T1", 0.02)


class Agent:
    """A user agent; `serve` answers, by default 200."""

    def __init__(self, serve: Serve | None = None, timeout_s: float = 1.0, hop_fields: Sequence[str] = ()) -> None:
        self.served: list[ServerTransaction] = []
        self.place = Target("udp", LOOPBACK, 9)
        self._answer = serve or (lambda transaction: transaction.respond(200, contact=CONTACT))
        self.transactions = Transactions(
            lambda _: (self.place.host, self.place.port), self._serve, timeout_s=timeout_s, hop_fields=hop_fields
        )  # fmt: skip

    def _serve(self, transaction: ServerTransaction) -> None:
        self.served.append(transaction)
        self._answer(transaction)

    @property
    def methods(self) -> list[str]:
        """Of the requests that reached the user."""
        return [transaction.request.method for transaction in self.served]

    async def listen(self, transport: Transport) -> Target:
        """Open an end point: how others reach it."""
        self.place = Target(transport, *await self.transactions.transports.listen(transport, LOOPBACK, 0))
        return self.place

    @property
    def open(self) -> int:
        """How many transactions it still knows."""
        of = self.transactions
        return len(of._clients) + len(of._servers) + len(of._accepted) + len(of._invites)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_session(transport: Transport) -> None:
    async def talk() -> None:
        alice, bob = Agent(timeout_s=0.1), Agent(timeout_s=0.1)
        await alice.listen(transport)
        target = await bob.listen(transport)
        invite = request("INVITE")
        answer = await alice.transactions.request(invite, target)
        dialog = Dialog.from_response(invite, answer)
        alice.transactions.send_ack(dialog.ack(answer), target)
        for method in ("MESSAGE", "BYE"):
            assert (await alice.transactions.request(dialog.request(method), target)).code == 200
        assert bob.methods == ["INVITE", "ACK", "MESSAGE", "BYE"]
        assert dialog.remote_tag == bob.served[0].to_tag
        # Nothing is remembered for ever.
        await until(lambda: not alice.open and not bob.open)

    run(talk())


def test_a_request_that_got_lost_is_repeated_and_served_once() -> None:
    async def talk() -> None:
        alice, network, bob = Agent(), Party(), Agent()
        await alice.listen("udp")
        target, between = await bob.listen("udp"), await network.listen("udp")
        waiting = asyncio.ensure_future(alice.transactions.request(request(), between))
        copies = [(await network.next(number))[0] for number in (1, 2, 3)]
        for copy in copies[1:]:
            network.transports.send(copy, target)
        assert (await waiting).code == 200
        assert bob.methods == ["MESSAGE"]
        await network.transports.close()

    run(talk())


def test_no_answer_is_408_and_nobody_there_is_503() -> None:
    async def talk() -> None:
        alice, silent = Agent(timeout_s=0.1), Party()
        await alice.listen("udp")
        late = await alice.transactions.request(request(), await silent.listen("udp"))
        closed = await silent.listen("tcp")
        await silent.transports.close()
        nobody = await alice.transactions.request(request(), closed)
        assert (late.code, nobody.code) == (408, 503)
        assert "no connection to 127.0.0.1" in nobody.phrase
        assert late.headers.get("Via") is nobody.headers.get("Via") is None
        assert not alice.open

    run(talk())


def test_over_tcp_nothing_is_repeated() -> None:
    async def talk() -> None:
        alice, silent = Agent(timeout_s=0.2), Party()
        await alice.transactions.request(request(), await silent.listen("tcp"))
        assert len(silent.messages) == 1

    run(talk())


def test_a_refused_invite_is_acknowledged_and_no_longer_repeated() -> None:
    async def talk() -> None:
        alice, bob = Agent(), Agent(lambda transaction: transaction.respond(403), timeout_s=0.3)
        await alice.listen("udp")
        answer = await alice.transactions.request(request("INVITE"), await bob.listen("udp"))
        assert answer.code == 403
        await until(lambda: not bob.open)
        assert bob.methods == ["INVITE"]

    run(talk())


def test_the_ack_of_a_refused_invite_leaves_as_the_invite_did() -> None:
    async def talk() -> None:
        alice, bob = Agent(hop_fields=["IBM-PO", "IBM-Destination"]), Party()
        target = await bob.listen("tcp")
        invite = request("INVITE")
        for name, value in (("IBM-PO", "0"), ("Route", "<sip:one;lr>"), ("Route", "<sip:two;lr>"), ("Subject", "x")):
            invite.headers.add(name, value)
        waiting = asyncio.ensure_future(alice.transactions.request(invite, target))
        seen, flow = await bob.next()
        assert isinstance(seen, Request)
        bob.transports.send(responses.answer(seen, 403, to_tag="of-bob"), target, over=flow)
        await waiting
        ack, _ = await bob.next(2)
        fields = ack.headers
        assert (fields["CSeq"], fields["IBM-PO"], fields["Via"]) == ("1 ACK", "0", seen.headers["Via"])
        assert fields.getlist("Route") == ["<sip:one;lr>", "<sip:two;lr>"]
        assert fields["To"].endswith(";tag=of-bob")
        assert not {"Subject", "Contact", "IBM-Destination"} & set(fields.keys())

    run(talk())


async def repeated(party: Party, status: int) -> None:
    """Until a party has got that answer three times."""
    await until(lambda: sum(isinstance(it, Response) and it.code == status for it, _ in party.messages) >= 3)


@pytest.mark.parametrize(("transport", "status"), [("udp", 200), ("tcp", 200), ("udp", 486)])
def test_an_answer_to_invite_is_repeated_until_its_ack(transport: Transport, status: int) -> None:
    async def talk() -> None:
        alice, bob = Party(), Agent(lambda transaction: transaction.respond(status, contact=CONTACT))
        own, target = await alice.listen(transport), await bob.listen(transport)
        via = f"SIP/2.0/{transport.upper()} {own.host}:{own.port};branch=z9hG4bK"
        alice.transports.send(request("INVITE", via=f"{via}a"), target)
        await repeated(alice, status)
        # The ACK of a 2xx is a request of its own, with a branch of its own.
        ack = request("ACK", via=f"{via}{'b' if status == 200 else 'a'}")
        alice.transports.send(ack, target)
        if status == 200:
            await until(lambda: bob.methods == ["INVITE", "ACK"])
        await until(lambda: bob.served[0]._repeat is None)
        # The loop takes in what was sent before the ACK.
        await asyncio.sleep(0.02)
        # What was under way meanwhile is no new request, and not answered.
        seen, served = len(alice.messages), len(bob.served)
        if transport == "udp":
            alice.transports.send(request("INVITE", via=f"{via}a"), target)
        alice.transports.send(request("OPTIONS", via=f"{via}c"), target)
        await until(lambda: len(bob.served) > served)
        assert bob.methods[served:] == ["OPTIONS"]
        await alice.next(seen + 1)
        assert [it.headers["CSeq"] for it, _ in alice.messages[seen:]] == ["1 OPTIONS"]

    run(talk())


def test_an_ack_that_got_lost_is_sent_again() -> None:
    async def talk() -> None:
        alice, bob = Agent(), Party()
        await alice.listen("udp")
        target = await bob.listen("udp")
        invite = request("INVITE")
        waiting = asyncio.ensure_future(alice.transactions.request(invite, target))
        seen, flow = await bob.next()
        assert isinstance(seen, Request)
        answer = responses.answer(seen, 200, to_tag="of-bob")
        answer.headers.set("Contact", CONTACT)
        back = Target("udp", *flow.remote)
        bob.transports.send(answer, back)
        dialog = Dialog.from_response(invite, await waiting)
        alice.transactions.send_ack(dialog.ack(answer), target)
        bob.transports.send(answer, back)
        await until(lambda: sum(isinstance(it, Request) and it.method == "ACK" for it, _ in bob.messages) == 2)

    run(talk())


def test_who_answers_is_told_that_no_ack_came() -> None:
    async def talk() -> None:
        alice, told = Party(), list[bool]()

        def serve(transaction: ServerTransaction) -> None:
            transaction.unacknowledged = lambda: told.append(True)
            transaction.respond(200, contact=CONTACT)

        bob = Agent(serve, timeout_s=0.1)
        alice.transports.send(request("INVITE", via="SIP/2.0/TCP 127.0.0.1:9"), await bob.listen("tcp"))
        await until(lambda: told)
        assert not bob.open

    run(talk())


def test_an_invite_can_be_cancelled_before_its_answer() -> None:
    async def talk() -> None:
        alice, bob = Party(), Agent(lambda transaction: transaction.respond(180))
        target = await bob.listen("tcp")
        via = "SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKa"
        alice.transports.send(request("INVITE", via=via), target)
        await alice.next()
        alice.transports.send(request("CANCEL", via=via), target)
        alice.transports.send(request("CANCEL", via=via.replace("bKa", "bKb")), target)
        await alice.next(4)
        answers = [(it.code, it.headers["CSeq"]) for it, _ in alice.messages if isinstance(it, Response)]
        assert answers == [(180, "1 INVITE"), (200, "1 CANCEL"), (487, "1 INVITE"), (481, "1 CANCEL")]
        assert bob.served[0].respond(200) is None

    run(talk())


def test_a_cancel_that_comes_too_late_changes_nothing() -> None:
    async def talk() -> None:
        alice, bob = Party(), Agent()
        target = await bob.listen("tcp")
        via = "SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK"
        for method in ("INVITE", "CANCEL"):
            alice.transports.send(request(method, via=f"{via}a"), target)
        await alice.next(2)
        assert [it.headers["CSeq"] for it, _ in alice.messages] == ["1 INVITE", "1 CANCEL"]
        alice.transports.send(request("ACK", via=f"{via}b"), target)
        await until(lambda: bob.methods == ["INVITE", "ACK"])
        assert not bob.open

    run(talk())


def test_whoever_fails_to_serve_a_request_has_it_answered(caplog: pytest.LogCaptureFixture) -> None:
    async def talk() -> None:
        def serve(transaction: ServerTransaction) -> None:
            raise ValueError(transaction.request.method)

        alice, bob = Agent(), Agent(serve)
        assert (await alice.transactions.request(request(), await bob.listen("tcp"))).code == 500
        assert not bob.open

    run(talk())
    assert "ValueError: MESSAGE" in caplog.text


def test_a_request_that_cannot_be_answered_is_reported() -> None:
    async def talk() -> None:
        reasons: list[str] = []
        transactions = Transactions(
            lambda _: (LOOPBACK, 9), lambda _: None, malformed=lambda _, __, reason: reasons.append(reason)
        )
        target = Target("tcp", *await transactions.transports.listen("tcp", LOOPBACK, 0))
        Party().transports.send(request(via="SIP/2.0/SCTP 192.0.2.1"), target)
        await until(lambda: reasons)
        assert "SCTP" in reasons[0]

    run(talk())


def test_a_client_of_rfc_2543_is_served_once() -> None:
    async def talk() -> None:
        alice, bob = Party(), Agent()
        own, target = await alice.listen("udp"), await bob.listen("udp")
        for number in (1, 1, 2):
            alice.transports.send(request(number=number, via=f"SIP/2.0/UDP {own.host}:{own.port}"), target)
        await alice.next(3)
        assert len(bob.served) == 2

    run(talk())
