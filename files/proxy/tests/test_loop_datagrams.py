# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Datagrams through the loop, over real sockets."""

from __future__ import annotations

import errno
import shutil
import socket
from dataclasses import replace
from pathlib import Path
from typing import Tuple

import pytest
from running import (
    NODE,
    PARTNER,
    PROXY,
    STRANGER,
    answer,
    bound,
    configuration,
    connected,
    endpoint,
    free_port,
    header,
    message,
    receive,
    running,
)

from sipnat.model import Endpoint, Limits, Listener, Log, Trace


def udp(sock: socket.socket) -> Endpoint:
    return endpoint(sock, "udp")


def test_a_request_goes_out_and_its_answer_comes_back_to_its_sender() -> None:
    node, partner = bound(NODE), bound(PARTNER)
    with running(configuration(("udp",), udp(partner))) as proxy:
        node.sendto(message(body=b"hello"), (PROXY, proxy.port("udp")))
        request, source = partner.recvfrom(65535)
        assert request.endswith(b"hello")
        assert source == (PROXY, proxy.port("udp"))
        partner.sendto(answer(request), source)
        response, source = node.recvfrom(65535)
        assert response.startswith(b"SIP/2.0 200 OK")
        assert source == (PROXY, proxy.port("udp"))
        assert proxy.metrics.messages == ([0, 1, 0, 0, 0], [1, 0, 0, 0, 0])


def test_more_than_one_batch_arrives_in_order() -> None:
    node, partner = bound(NODE), bound(PARTNER)
    with running(configuration(("udp",), udp(partner))) as proxy:
        for number in range(200):
            node.sendto(message(call_id=str(number)), (PROXY, proxy.port("udp")))
        assert [header(partner.recv(65535), b"Call-ID") for _ in range(200)] == [b"%d" % n for n in range(200)]


def test_an_answer_leaves_from_the_socket_that_its_request_came_in_by() -> None:
    node, partner = bound(NODE), bound(PARTNER)
    config = configuration(("udp",), Endpoint(PARTNER, 5060, "udp"), (udp(node),))
    other = Listener(PROXY, free_port(), "udp")
    with running(replace(config, listeners=(*config.listeners, other))) as proxy:
        for port in (other.port, proxy.port("udp")):
            partner.sendto(message(), (PROXY, port))
            request, source = node.recvfrom(65535)
            assert source == (PROXY, proxy.port("udp"))  # the first that talks to the inside
            node.sendto(answer(request), source)
            assert partner.recvfrom(65535)[1] == (PROXY, port)


def test_requests_go_out_by_the_socket_whose_port_the_via_names() -> None:
    node, partner = bound(NODE), bound(PARTNER)
    config = configuration(("udp",), udp(partner))
    named = Listener(PROXY, free_port(), "udp")
    config = replace(
        config,
        listeners=(*config.listeners, named),
        outbound=replace(config.outbound, ports={"udp": named.port}),
    )
    with running(config) as proxy:
        node.sendto(message(), (PROXY, proxy.port("udp")))
        assert partner.recvfrom(65535)[1] == (PROXY, named.port)


def test_ipv6() -> None:
    node = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    node.settimeout(10)
    node.bind(("::1", 0))
    partner = bound(PARTNER)
    config = configuration(("udp",), udp(partner))
    listener = Listener("::1", config.listeners[0].port, "udp", "inside")
    host = replace(config.hosts[0], addresses=("::1",))
    config = replace(config, listeners=(*config.listeners, listener), hosts=(host, *config.hosts[1:]))
    with running(config) as proxy:
        node.sendto(message(), ("::1", proxy.port("udp")))
        request, source = partner.recvfrom(65535)
        token = b"u1-::1/%d" % node.getsockname()[1]
        assert header(request, b"Token") == token
        partner.sendto(answer(request), source)
        assert node.recv(65535).startswith(b"SIP/2.0 200 OK")


@pytest.mark.parametrize("leg", ["inside", "outside"])
def test_who_may_send(leg: str) -> None:
    """Strangers at no socket, the sides at theirs."""
    node, partner, stranger = bound(NODE), bound(PARTNER), bound(STRANGER)
    config = configuration(("udp",), Endpoint(PARTNER, 5060, "udp"))
    config = replace(config, listeners=(replace(config.listeners[0], leg=leg),))
    allowed, barred = (node, partner) if leg == "inside" else (partner, node)
    with running(config) as proxy:
        where = (PROXY, proxy.port("udp"))
        for one in (stranger, barred, allowed):
            one.sendto(message("OPTIONS sip:proxy SIP/2.0"), where)
        assert allowed.recv(65535).startswith(b"SIP/2.0 200")
        assert proxy.counted("drops", "refused") == 2
        for one in (stranger, barred):
            one.setblocking(False)
            with pytest.raises(BlockingIOError):
                one.recv(65535)


def test_rate_limit_of_the_outside_only() -> None:
    node, partner = bound(NODE), bound(PARTNER)
    config = configuration(("udp",), Endpoint(PARTNER, 5060, "udp"), limits=Limits(rate=0.001, burst=5))
    with running(config) as proxy:
        where = (PROXY, proxy.port("udp"))
        for sock, number in ((partner, 5), (node, 20)):
            for _ in range(20):
                sock.sendto(message("OPTIONS sip:proxy SIP/2.0"), where)
            for _ in range(number):
                assert sock.recv(65535).startswith(b"SIP/2.0 200")
        assert proxy.counted("drops", "rate") == 15


def test_remembered_senders_are_bounded() -> None:
    senders = [bound(NODE) for _ in range(8)]
    with running(configuration(("udp",), Endpoint(PARTNER, 5060, "udp"), limits=Limits(rate=0, flows=3))) as proxy:
        for _ in range(2):
            for sender in senders:
                sender.sendto(message("OPTIONS sip:proxy SIP/2.0"), (PROXY, proxy.port("udp")))
                assert sender.recv(65535).startswith(b"SIP/2.0 200")
        listener = proxy.loop._sockets["udp", PROXY, proxy.port("udp"), "", 0]
        handler = proxy.loop.poller.handlers[listener.fileno()]
        assert len(handler.flows) == 3  # type: ignore[attr-defined]


def test_a_destination_that_cannot_be_reached_stops_nobody() -> None:
    """The kernel refuses to send: no route, a rule of the firewall. Here: a broadcast address, which is not allowed. A
    repetition would not help, so the sender is told (RFC 3261 16.9)."""
    node = bound(NODE)
    blocked = Endpoint("255.255.255.255", 9, "udp")
    with running(configuration(("udp", "tcp"), blocked)) as proxy:
        where = (PROXY, proxy.port("udp"))
        for _ in range(70):
            node.sendto(message(), where)
            assert node.recv(65535).startswith(b"SIP/2.0 503")
        node.sendto(message("OPTIONS sip:proxy SIP/2.0"), where)
        assert node.recv(65535).startswith(b"SIP/2.0 200")
        stream = connected(NODE, proxy.port("tcp"))
        stream.sendall(message())
        assert receive(stream)[0].startswith(b"SIP/2.0 503")
        assert proxy.counted("drops", "send_eacces") == 71


def test_a_request_that_is_too_long_for_udp_is_refused() -> None:
    """It fits as it came, but not with what is added, or it came by a stream."""
    partner, node = bound(PARTNER), bound(NODE)
    with running(configuration(("udp", "tcp"), udp(partner))) as proxy:
        stream = connected(NODE, proxy.port("tcp"))
        stream.sendall(message(body=bytes(65450)))
        assert receive(stream)[0].startswith(b"SIP/2.0 513")
        node.sendto(message(body=bytes(65430)), (PROXY, proxy.port("udp")))
        assert node.recv(65535).startswith(b"SIP/2.0 513")


def test_a_full_buffer_is_left_to_the_repetition() -> None:
    """That of a sender by UDP; by a stream nothing is repeated."""
    partner, node = bound(PARTNER), bound(NODE)
    with running(configuration(("udp", "tcp"), udp(partner))) as proxy:

        def full(_data: bytes, _where: Tuple[str, int]) -> int:
            raise BlockingIOError(errno.EAGAIN, "full")

        proxy.call(lambda: proxy.loop.routes.update({PARTNER: full}))
        stream = connected(NODE, proxy.port("tcp"))
        stream.sendall(message())
        assert receive(stream)[0].startswith(b"SIP/2.0 503")
        for data in (message(), message("OPTIONS sip:proxy SIP/2.0")):
            node.sendto(data, (PROXY, proxy.port("udp")))
        assert node.recv(65535).startswith(b"SIP/2.0 200")
        assert proxy.counted("drops", "send_eagain") == 2


def test_nothing_listens_at_the_destination() -> None:
    """What comes back is an error of the socket on some systems; the next datagrams are served."""
    node = bound(NODE)
    gone = Endpoint(PARTNER, free_port(PARTNER), "udp")
    with running(configuration(("udp",), gone)) as proxy:
        for _ in range(5):
            node.sendto(message(), (PROXY, proxy.port("udp")))
        node.sendto(message("OPTIONS sip:proxy SIP/2.0"), (PROXY, proxy.port("udp")))
        assert node.recv(65535).startswith(b"SIP/2.0 200")


def test_a_long_request_stays_on_udp_and_is_counted() -> None:
    node, partner = bound(NODE), bound(PARTNER)
    with running(configuration(("udp",), udp(partner))) as proxy:
        node.sendto(message(body=b"x" * 1400), (PROXY, proxy.port("udp")))
        assert partner.recv(65535).endswith(b"x" * 1400)
        assert proxy.counted("events", "oversize") == 1


def test_dropped_messages_are_counted_by_reason() -> None:
    node = bound(NODE)
    with running(configuration(("udp",), Endpoint(PARTNER, 5060, "udp"))) as proxy:
        where = (PROXY, proxy.port("udp"))
        for data in (b"", b"\r\n\r\n", b"\0" * 100, message("OPTIONS sip:proxy SIP/2.0")):
            node.sendto(data, where)
        assert node.recv(65535).startswith(b"SIP/2.0 200")
        assert proxy.counted("drops", "nonsense") == 3


def test_a_mistake_of_ours_in_one_message_stops_nobody() -> None:
    node = bound(NODE)
    with running(configuration(("udp",), Endpoint(PARTNER, 5060, "udp"))) as proxy:
        node.sendto(message("FAULT sip:a@example.com SIP/2.0"), (PROXY, proxy.port("udp")))
        node.sendto(message("OPTIONS sip:proxy SIP/2.0"), (PROXY, proxy.port("udp")))
        assert node.recv(65535).startswith(b"SIP/2.0 200")
        assert proxy.counted("events", "internal") == 1


def test_draining_refuses_the_question_but_not_the_traffic() -> None:
    node, partner = bound(NODE), bound(PARTNER)
    with running(configuration(("udp",), udp(partner))) as proxy:
        proxy.call(proxy.loop.drain)
        node.sendto(message("OPTIONS sip:proxy SIP/2.0"), (PROXY, proxy.port("udp")))
        assert node.recv(65535).startswith(b"SIP/2.0 503")
        node.sendto(message(), (PROXY, proxy.port("udp")))
        assert partner.recv(65535)
        proxy.call(proxy.loop.undrain)
        node.sendto(message("OPTIONS sip:proxy SIP/2.0"), (PROXY, proxy.port("udp")))
        assert node.recv(65535).startswith(b"SIP/2.0 200")


def test_a_trace_that_cannot_be_written_is_told_and_stops_nothing(tmp_path: Path) -> None:
    node, partner = bound(NODE), bound(PARTNER)
    folder = tmp_path / "folder"
    folder.mkdir()
    config = replace(
        configuration(("udp",), endpoint(partner, "udp")),
        trace=Trace(file=str(folder / "trace.pcap")),
        log=Log(level="warning", file=str(tmp_path / "log")),
    )
    with running(config) as proxy:
        assert proxy.call(lambda: proxy.loop.trace(True)) == ""
        shutil.rmtree(folder)
        node.sendto(message(), (PROXY, proxy.port("udp")))
        assert partner.recv(65535)
        proxy.until(lambda: "reason=trace" in (tmp_path / "log").read_text())
