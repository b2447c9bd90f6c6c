"""Transports: what goes over which connection."""

from __future__ import annotations

import asyncio

import pytest

from lab.sip import responses, via
from lab.sip.address import Target
from lab.sip.message import encode
from tests.lab.sip.parties import LOOPBACK, Party, code, request, run, until

VIA = "SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKa"


def test_requests_share_a_connection_that_we_opened() -> None:
    async def talk() -> None:
        near, far = Party(), Party()
        target = await far.listen("tcp")
        for number in (1, 2, 3):
            near.transports.send(request(number=number, via=VIA), target)
        await far.next(3)
        assert len({flow for _, flow in far.messages}) == 1
        assert [message.headers["CSeq"] for message, _ in far.messages] == ["1 MESSAGE", "2 MESSAGE", "3 MESSAGE"]
        assert near.transports.connected(target)

    run(talk())


def test_a_request_never_goes_over_a_connection_that_was_accepted() -> None:
    async def talk() -> None:
        near, far = Party(), Party()
        target = await far.listen("tcp")
        near.transports.send(request(via=VIA), target)
        _, flow = await far.next()
        refused: list[OSError] = []
        # To exactly the address and port that the other end of the accepted connection has: nobody listens there.
        far.transports.send(request(via=VIA), Target("tcp", *flow.remote), failed=refused.append)
        await until(lambda: refused)
        assert not near.messages
        assert "no connection to" in str(refused[0])

    run(talk())


def test_an_answer_goes_over_the_connection_of_its_request() -> None:
    async def talk() -> None:
        near, far = Party(), Party()
        near.transports.send(request(via=VIA), await far.listen("tcp"))
        message, flow = await far.next()
        answer = responses.answer(message, 200)  # type: ignore[arg-type]
        far.transports.send(answer, Target("tcp", LOOPBACK, 9), over=flow)
        assert code((await near.next())[0]) == 200

    run(talk())


def test_an_answer_whose_connection_is_gone_goes_to_the_via() -> None:
    async def talk() -> None:
        near, far = Party(), Party()
        back = await near.listen("tcp")
        near.transports.send(
            request(via=f"SIP/2.0/TCP {back.host}:{back.port};branch=z9hG4bKa"), await far.listen("tcp")
        )
        message, flow = await far.next()
        far.transports.disconnect(flow)
        await until(lambda: far.lost and near.lost)
        assert not far.transports.flow_alive(flow)
        answer = responses.answer(message, 200)  # type: ignore[arg-type]
        far.transports.send(answer, via.answer_target(via.top(answer)), over=flow)
        answered, over = await near.next()
        assert code(answered) == 200
        assert over.local == (back.host, back.port)

    run(talk())


def test_a_connection_that_the_peer_ended_is_opened_anew() -> None:
    async def talk() -> None:
        near, far = Party(), Party()
        target = await far.listen("tcp")
        near.transports.send(request(via=VIA), target)
        _, flow = await far.next()
        far.transports.disconnect(flow)
        await until(lambda: near.lost)
        near.transports.send(request(number=2, via=VIA), target)
        _, second = await far.next(2)
        assert second.connection != flow.connection

    run(talk())


def test_udp_leaves_from_the_end_point_that_is_open() -> None:
    async def talk() -> None:
        near, far = Party(), Party()
        own, target = await near.listen("udp"), await far.listen("udp")
        near.transports.send(request(via=VIA), target)
        _, flow = await far.next()
        assert flow.remote == (own.host, own.port)
        assert far.transports.flow_alive(flow)

    run(talk())


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (Target("udp", LOOPBACK, 5060), "no UDP end point"),
        (Target("tls", LOOPBACK, 5061), "no TLS settings"),
        (Target("tcp", "name.of.somebody", 5060), "is a name"),
    ],
)
def test_what_cannot_be_sent_is_told(target: Target, reason: str) -> None:
    async def talk() -> None:
        near, failures = Party(), list[OSError]()
        near.transports.send(request(via=VIA), target, failed=failures.append)
        assert not failures
        await until(lambda: failures)
        assert reason in str(failures[0])

    run(talk())


def test_all_that_wait_for_a_connection_that_cannot_be_made_are_told() -> None:
    async def talk() -> None:
        near, far, failures = Party(), Party(), list[OSError]()
        target = await far.listen("tcp")
        await far.transports.close()
        for _ in range(3):
            near.transports.send(request(via=VIA), target, failed=failures.append)
        await until(lambda: len(failures) == 3)

    run(talk())


def test_a_broken_stream_is_reported_and_closed() -> None:
    async def talk() -> None:
        far = Party()
        target = await far.listen("tcp")
        reader, writer = await asyncio.open_connection(target.host, target.port)
        writer.write(encode(request(via=VIA)) + b"GET / HTTP/1.0\r\n\r\n")
        assert await reader.read() == b""
        writer.close()
        assert len(far.messages) == 1
        assert far.malformed == [(b"GET / HTTP/1.0\r\n\r\n", "no Content-Length in a message over a stream")]

    run(talk())


def test_a_message_that_is_none_harms_no_other() -> None:
    async def talk() -> None:
        far = Party()
        target = await far.listen("tcp")
        _, writer = await asyncio.open_connection(target.host, target.port)
        writer.write(b"\r\n\r\nnonsense\r\nContent-Length: 0\r\n\r\n" + encode(request(via=VIA)))
        await far.next()
        writer.close()
        assert [data for data, _ in far.malformed] == [b"nonsense\r\nContent-Length: 0\r\n\r\n"]

    run(talk())


def test_a_receiver_that_fails_gets_the_next_message(caplog: pytest.LogCaptureFixture) -> None:
    async def talk() -> None:
        near, far = Party(), Party()
        target = await far.listen("tcp")
        fails = [True]

        def receive(*message: object) -> None:
            if fails:
                raise KeyError(fails.pop())
            far.messages.append(message)  # type: ignore[arg-type]

        far.transports._receive = receive
        for number in (1, 2):
            near.transports.send(request(number=number, via=VIA), target)
        assert (await far.next())[0].headers["CSeq"] == "2 MESSAGE"

    run(talk())
    assert "was not dealt with" in caplog.text


def test_blank_datagrams_are_nothing() -> None:
    async def talk() -> None:
        near, far = Party(), Party()
        await near.listen("udp")
        target = await far.listen("udp")
        loop = asyncio.get_running_loop()
        sender, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=target[1:])
        for data in (b"\r\n\r\n", b"\0", b"nonsense"):
            sender.sendto(data)
        near.transports.send(request(via=VIA), target)
        await far.next()
        await until(lambda: far.malformed)
        sender.close()
        assert [data for data, _ in far.malformed] == [b"nonsense"]

    run(talk())
