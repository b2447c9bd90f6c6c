# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TCP through the loop, over real sockets."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import Tuple

import pytest
from running import (
    NODE,
    OPTIONS,
    PARTNER,
    PROXY,
    SECOND,
    accepted,
    answer,
    bound,
    configuration,
    connected,
    endpoint,
    free_port,
    header,
    listening,
    message,
    outward,
    receive,
    running,
    sip_request,
    sip_response,
    tcp,
)

from sipnat import kernel
from sipnat.model import Endpoint, Limits, Upstream
from sipnat.rewriting.rules import Rules


def test_a_request_goes_out_and_its_answer_comes_back_by_its_connection() -> None:
    config, listener = outward()
    with running(config) as proxy:
        nodes = [connected(NODE, proxy.port("tcp")) for _ in range(3)]
        for number, node in enumerate(nodes):
            node.sendall(message(call_id=str(number)))
        partner = accepted(listener)
        requests = receive(partner, 3)
        assert partner.getpeername()[0] == PROXY
        for request in reversed(requests):
            partner.sendall(answer(request))
        for number, node in enumerate(nodes):
            assert header(receive(node)[0], b"Call-ID") == b"%d" % number


def test_every_split() -> None:
    """Two messages and keep-alives, cut at every place; and byte by byte."""
    config, listener = outward()
    first, second = message(body=b"one\r\n\r\n", call_id="1"), message(body=b"two", call_id="2")
    stream = b"\r\n\r\n" + first + b"\r\n" + second
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        partner = None
        for cut in range(1, len(stream)):
            for part in (stream[:cut], stream[cut:]):
                node.sendall(part)
                proxy.call(lambda: None)
            partner = partner or accepted(listener)
            bodies = [one.partition(b"\r\n\r\n")[2] for one in receive(partner, 2)]
            assert bodies == [b"one\r\n\r\n", b"two"]
            assert node.recv(2) == b"\r\n"
        for place in range(len(stream)):
            node.sendall(stream[place : place + 1])
            proxy.call(lambda: None)
        assert partner is not None
        assert len(receive(partner, 2)) == 2


def test_pipelined_messages_stay_in_order() -> None:
    config, listener = outward()
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(b"".join(message(call_id=str(number)) for number in range(500)))
        requests = receive(accepted(listener), 500)
        assert [header(one, b"Call-ID") for one in requests] == [b"%d" % number for number in range(500)]


@pytest.mark.parametrize("size", [1 << 20, 1000, 333])
def test_real_messages_by_whatever_kernel_there_is(size: int) -> None:
    """In pieces of any size, with line ends and nonsense between them."""
    config, listener = outward()
    config = replace(config, upstreams=configuration(("tcp",), upstreams=(Endpoint(NODE, 5060, "tcp"),)).upstreams)
    with running(config, lambda config, up: kernel.rewriter(Rules(config, up.choose))) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        nonsense = b"NONSENSE\r\nContent-Length: 3\r\n\r\n???"
        stream = b"".join(
            sip_request("tcp", node, listener, str(number)) + (b"\r\n" if number % 3 else nonsense)
            for number in range(60)
        )
        for place in range(0, len(stream), size):
            node.sendall(stream[place : place + size])
            proxy.call(lambda: None)
        partner = accepted(listener)
        requests = receive(partner, 60)
        assert [header(one, b"Call-ID") for one in requests] == [b"%d" % number for number in range(60)]
        partner.sendall(b"".join(sip_response(one) for one in requests))
        responses = receive(node, 60)
        assert [header(one, b"Call-ID") for one in responses] == [b"%d" % number for number in range(60)]
        assert proxy.metrics.messages[1][0] == 60
        assert proxy.metrics.messages[0][1] == 60


@pytest.mark.parametrize(
    ("parts", "answers"),
    [
        ([b"\r\n\r\n"], 1),
        ([b"\r\n", b"\r\n"], 1),
        ([b"\r", b"\n\r", b"\n"], 1),
        ([b"\r\n\r\n\r\n\r\n"], 2),
        ([b"\r\n"], 0),
        ([b"\r\n\r\n\r\n", OPTIONS, b"\r\n"], 1),
    ],
)
def test_keep_alive(parts: Tuple[bytes, ...], answers: int) -> None:
    config, _listener = outward()
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        for part in parts:
            node.sendall(part)
            proxy.call(lambda: None)
        node.sendall(OPTIONS)
        expected = b"\r\n" * answers
        data = b""
        while data.count(b"Content-Length") <= (OPTIONS in parts):
            data += node.recv(65536)
        assert data.startswith(expected + b"SIP/2.0 200")


def test_a_partner_that_is_not_there_is_told_to_the_sender() -> None:
    config = configuration(("tcp",), Endpoint(PARTNER, free_port(PARTNER), "tcp"))
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(message())
        assert receive(node)[0].startswith(b"SIP/2.0 503")
        assert proxy.counted("events", "dial_failed") == 1


def test_a_partner_that_does_not_answer_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its queue is full: the kernel drops our SYN. Others are served in the meantime, and the sender hears of it."""
    full = socket.socket()
    full.bind((PARTNER, 0))
    full.listen(0)
    fillers = []
    for _ in range(4):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(full.getsockname())
        fillers.append(filler)
    config = configuration(("tcp",), tcp(full), limits=Limits(rate=0, connect=0.3))
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(message() + OPTIONS)
        first, second = receive(node, 2)
        assert first.startswith(b"SIP/2.0 200")
        assert second.startswith(b"SIP/2.0 503")
    for filler in fillers:
        filler.close()


def test_a_refused_request_goes_to_the_next_upstream_at_once() -> None:
    second = listening(SECOND)
    dead = Endpoint(NODE, free_port(NODE), "tcp")
    config = configuration(("tcp",), Endpoint(PARTNER, 5060, "tcp"), (dead, tcp(second)))
    with running(config) as proxy:
        partner = connected(PARTNER, proxy.port("tcp"))
        partner.sendall(b"".join(message(call_id=str(number)) for number in range(20)))
        requests = receive(accepted(second), 20)
        assert sorted(int(header(one, b"Call-ID")) for one in requests) == list(range(20))
        assert proxy.counted("events", "failover") > 0
        assert proxy.counted("events", "dial_failed") == 1
        assert proxy.counted("drops", "undeliverable") == 0


def test_a_dialog_of_an_upstream_that_is_gone_goes_on_at_another() -> None:
    """Its requests name the dead one. The first finds out, the others do not even try."""
    second = listening(SECOND)
    dead = Endpoint(NODE, free_port(NODE), "tcp")
    config = configuration(("tcp",), Endpoint(PARTNER, 5060, "tcp"), (dead, endpoint(second, "tcp")))
    with running(config) as proxy:
        partner = connected(PARTNER, proxy.port("tcp"))
        survivor = None
        for number in range(3):
            partner.sendall(message(call_id=str(number), Node=str(dead.port)))
            survivor = survivor or accepted(second)
            assert header(receive(survivor)[0], b"Call-ID") == b"%d" % number
        assert proxy.counted("events", "dial_failed") == 1


def test_no_upstream_is_left() -> None:
    dead = (Endpoint(NODE, free_port(NODE), "tcp"), Endpoint(SECOND, free_port(SECOND), "tcp"))
    with running(configuration(("tcp",), Endpoint(PARTNER, 5060, "tcp"), dead)) as proxy:
        partner = connected(PARTNER, proxy.port("tcp"))
        partner.sendall(message())
        assert receive(partner)[0].startswith(b"SIP/2.0 503 No Upstream")


def test_an_upstream_that_ends_and_comes_again() -> None:
    listener = listening(NODE)
    config = configuration(("tcp",), Endpoint(PARTNER, 5060, "tcp"), (tcp(listener),))
    with running(config) as proxy:
        partner = connected(PARTNER, proxy.port("tcp"))
        for _ in range(2):
            partner.sendall(message())
            node = accepted(listener)
            request = receive(node)[0]
            node.sendall(answer(request))
            assert receive(partner)[0].startswith(b"SIP/2.0 200")
            node.close()
            proxy.until(lambda: not proxy.loop.pool)


def test_answers_without_their_connection_go_where_the_via_says() -> None:
    """RFC 3261 18.2.2: the connection is gone, a new one is made."""
    config, listener = outward()
    server = listening(NODE)
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(message())
        partner = accepted(listener)
        request = receive(partner)[0]
        node.close()
        proxy.until(lambda: len(proxy.loop.connections) == 1)
        token = header(request, b"Token").decode()
        partner.sendall(message("SIP/2.0 200 OK", Token=token, Transport="tcp", Port=str(server.getsockname()[1])))
        assert receive(accepted(server))[0].startswith(b"SIP/2.0 200")
        partner.sendall(message("SIP/2.0 200 OK", Token=token))
        partner.sendall(message("SIP/2.0 200 OK", Token=token, Transport="tcp", Port=str(free_port(NODE))))
        proxy.until(lambda: proxy.metrics._drops.get("gone") == 2)


def test_from_udp_to_tcp_and_back() -> None:
    listener = listening(PARTNER)
    node = bound(NODE)
    with running(configuration(("udp", "tcp"), tcp(listener))) as proxy:
        node.sendto(message(), (PROXY, proxy.port("udp")))
        partner = accepted(listener)
        request = receive(partner)[0]
        partner.sendall(answer(request))
        assert node.recv(65535).startswith(b"SIP/2.0 200")


def test_from_tcp_to_udp_and_back() -> None:
    partner = bound(PARTNER)
    with running(configuration(("udp", "tcp"), endpoint(partner, "udp"))) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(message())
        request, source = partner.recvfrom(65535)
        partner.sendto(answer(request), source)
        assert receive(node)[0].startswith(b"SIP/2.0 200")


def test_ipv6_inside_ipv4_outside() -> None:
    config, listener = outward()
    inner = replace(config.listeners[0], address="::1", leg="inside")
    host = replace(config.hosts[0], addresses=("::1",))
    config = replace(config, listeners=(*config.listeners, inner), hosts=(host, *config.hosts[1:]))
    with running(config):
        node = socket.create_connection(("::1", inner.port), 10)
        node.settimeout(10)
        node.sendall(message())
        partner = accepted(listener)
        assert partner.getpeername()[0] == PROXY
        partner.sendall(answer(receive(partner)[0]))
        assert receive(node)[0].startswith(b"SIP/2.0 200")


def test_ipv6_upstream() -> None:
    listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    listener.settimeout(10)
    place = endpoint(listener, "tcp")
    config, _partner = outward()
    inner = replace(config.listeners[0], address="::1", leg="inside")
    host = replace(config.hosts[0], addresses=("::1",))
    config = replace(
        config,
        listeners=(*config.listeners, inner),
        hosts=(host, *config.hosts[1:]),
        upstreams=(Upstream("node", place),),
    )
    with running(config) as proxy:
        partner = connected(PARTNER, proxy.port("tcp"))
        partner.sendall(message())
        node = accepted(listener)
        node.sendall(answer(receive(node)[0]))
        assert receive(partner)[0].startswith(b"SIP/2.0 200")


def test_a_stream_that_cannot_be_read_on_is_answered_and_closed() -> None:
    config, _listener = outward()
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(b"MESSAGE sip:a@example.com SIP/2.0\r\nCall-ID: 1\r\n\r\n" + b"x" * 200000)
        found = receive(node, 2)
        assert len(found) == 1
        assert found[0].startswith(b"SIP/2.0 400")
        assert proxy.counted("events", "closed_framing") == 1


def test_the_rewriter_ends_a_stream() -> None:
    config, _listener = outward()
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(message("CLOSE sip:a@example.com SIP/2.0") + OPTIONS)
        found = receive(node, 2)
        assert [one[:11] for one in found] == [b"SIP/2.0 400"]
        node.close()
        proxy.until(lambda: not proxy.loop.lingering)
