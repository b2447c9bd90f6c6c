# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""UDP sockets that belong to one peer."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from running import (
    NODE,
    PARTNER,
    PROXY,
    SECOND,
    Running,
    answer,
    bound,
    configuration,
    endpoint,
    header,
    message,
    running,
    sip_request,
    sip_response,
)

from sipnat import kernel
from sipnat.model import Config, Endpoint, Limits, Listener
from sipnat.rewriting.rules import Rules
from sipnat.transport import associations

pytestmark = pytest.mark.skipif(not associations.POSSIBLE, reason="only on Linux")


def both(node: socket.socket, partner: socket.socket, **limits: float) -> Config:
    return configuration(
        ("udp",),
        endpoint(partner, "udp"),
        (endpoint(node, "udp"),),
        Limits(**{"rate": 0, **limits}),  # type: ignore[arg-type]
    )


def associated(proxy: Running) -> int:
    """How many there are."""
    handlers = proxy.call(lambda: list(proxy.loop.poller.handlers.values()))
    return sum(isinstance(one, associations.Association) for one in handlers)


def test_upstreams_and_partners_have_one_each() -> None:
    node, partner = bound(NODE), bound(PARTNER)
    with running(both(node, partner)) as proxy:
        assert associated(proxy) == 2
        where = (PROXY, proxy.port("udp"))
        for sender, receiver in ((node, partner), (partner, node)):
            for number in range(100):
                sender.sendto(message(call_id=str(number)), where)
            for _ in range(100):
                request, source = receiver.recvfrom(65535)
                assert source == where
                receiver.sendto(answer(request), where)
            for _ in range(100):
                response, source = sender.recvfrom(65535)
                assert source == where
                assert response.startswith(b"SIP/2.0 200")
        assert proxy.metrics.messages == ([100, 100, 0, 0, 0], [100, 100, 0, 0, 0])


def test_real_messages_by_whatever_kernel_there_is() -> None:
    """With messages between them that only Python does; what a batch may have is what single ones might."""
    node, partner = bound(NODE), bound(PARTNER)
    with running(
        both(node, partner, rate=0.001, burst=150), lambda config, up: kernel.rewriter(Rules(config, up.choose))
    ) as proxy:
        where = (PROXY, proxy.port("udp"))
        for number in range(100):
            node.sendto(sip_request("udp", node, partner, str(number)), where)
            if number % 10 == 0:
                node.sendto(b"nonsense", where)
        requests = [partner.recv(65535) for _ in range(100)]
        assert [header(one, b"Call-ID") for one in requests] == [b"%d" % number for number in range(100)]
        for one in requests:
            partner.sendto(sip_response(one), where)
        responses = [node.recv(65535) for _ in range(100)]
        assert [header(one, b"Call-ID") for one in responses] == [b"%d" % number for number in range(100)]
        for one in requests:
            partner.sendto(sip_response(one), where)
        assert len([node.recv(65535) for _ in range(50)]) == 50
        proxy.until(lambda: proxy.metrics._drops.get("rate") == 50)
        assert proxy.metrics.messages == ([0, 150, 0, 0, 0], [100, 0, 0, 10, 0])


def test_another_port_of_the_same_peer_comes_by_the_listener() -> None:
    node, partner, other = bound(NODE), bound(PARTNER), bound(PARTNER)
    with running(both(node, partner)) as proxy:
        where = (PROXY, proxy.port("udp"))
        other.sendto(message(), where)
        request, _source = node.recvfrom(65535)
        node.sendto(answer(request), where)
        response, source = other.recvfrom(65535)
        assert response.startswith(b"SIP/2.0 200")
        assert source == where


def test_its_rate_is_limited_and_it_is_answered() -> None:
    node, partner = bound(NODE), bound(PARTNER)
    with running(both(node, partner, rate=0.001, burst=3)) as proxy:
        where = (PROXY, proxy.port("udp"))
        for _ in range(10):
            partner.sendto(message("OPTIONS sip:proxy SIP/2.0"), where)
        for _ in range(3):
            assert partner.recv(65535).startswith(b"SIP/2.0 200")
        proxy.until(lambda: proxy.metrics._drops.get("rate") == 7)
        proxy.call(proxy.loop.drain)
        node.sendto(message("OPTIONS sip:proxy SIP/2.0"), where)
        assert node.recv(65535).startswith(b"SIP/2.0 503")


def test_an_upstream_that_is_gone_is_known_at_once() -> None:
    """ICMP tells; the sender repeats its request, which then goes to the other one."""
    gone, second, partner = bound(NODE), bound(SECOND), bound(PARTNER)
    config = configuration(
        ("udp",), endpoint(partner, "udp"), (endpoint(gone, "udp"), endpoint(second, "udp")), Limits(rate=0)
    )
    with running(config) as proxy:
        gone.close()
        where = (PROXY, proxy.port("udp"))
        for number in range(20):
            partner.sendto(message(call_id=str(number)), where)
        proxy.until(lambda: [up for _, up, _ in proxy.loop.upstreams.status()] == [False, True])
        second.setblocking(False)
        with pytest.raises(BlockingIOError):
            while second.recv(65535):
                pass
        second.settimeout(10)
        for number in range(20):
            partner.sendto(message(call_id=str(number)), where)
            assert second.recv(65535)


def test_reload_keeps_opens_and_closes_them() -> None:
    node, partner, other = bound(NODE), bound(PARTNER), bound(PARTNER)
    config = both(node, partner)
    with running(config) as proxy:
        before = dict(proxy.loop._sockets)
        moved = replace(config, partners=(replace(config.partners[0], endpoint=endpoint(other, "udp")),))
        rewriter = type(proxy.loop.rewriter)(moved, proxy.loop.upstreams)  # type: ignore[call-arg]
        proxy.call(lambda: proxy.loop.reload(moved, rewriter))
        assert associated(proxy) == 2
        after = proxy.loop._sockets
        assert len(after.keys() & before.keys()) == 2
        assert all(after[key] is before[key] for key in after.keys() & before.keys())
        assert sum(one.fileno() < 0 for one in before.values()) == 1
        node.sendto(message(), (PROXY, proxy.port("udp")))
        assert other.recv(65535)


def test_nobody_else_can_join_the_port() -> None:
    node, partner = bound(NODE), bound(PARTNER)
    with running(both(node, partner)) as proxy, socket.socket(type=socket.SOCK_DGRAM) as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="Address already in use"):
            thief.bind((PROXY, proxy.port("udp")))


def test_who_has_none() -> None:
    """Other transports, other families, the other side of a listener, and listeners at every address."""
    node, partner = bound(NODE), bound(PARTNER)
    config = both(node, partner)
    listener = config.listeners[0]
    assert [one.name for one in associations.pairs(config)] == ["node", "partner"]
    for changed, names in (
        (replace(config, listeners=(replace(listener, leg="inside"),)), ["node"]),
        (replace(config, listeners=(replace(listener, leg="outside"),)), ["partner"]),
        (replace(config, listeners=(Listener("0.0.0.0", 5060, "udp"),)), []),
        (replace(config, listeners=(Listener("::1", 5060, "udp"),)), []),
        (replace(config, upstreams=(replace(config.upstreams[0], endpoint=Endpoint(NODE, 1, "tcp")),)), ["partner"]),
    ):
        assert [one.name for one in associations.pairs(changed)] == names


def test_a_peer_that_cannot_be_reached_does_without() -> None:
    """No route now: requests try again by the listener."""
    node = bound(NODE)
    config = configuration(("udp",), Endpoint("255.255.255.255", 5060, "udp"), (endpoint(node, "udp"),), Limits(rate=0))
    with running(config) as proxy:
        assert associated(proxy) == 1
        node.sendto(message(), (PROXY, proxy.port("udp")))
        proxy.until(lambda: proxy.metrics._drops.get("send_eacces") == 1)
