# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The life of TCP connections: who may have them, how long, through reloads and to the end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from running import (
    NODE,
    OPTIONS,
    PARTNER,
    PROXY,
    STRANGER,
    accepted,
    answer,
    connected,
    free_port,
    listening,
    message,
    outward,
    receive,
    refused,
    reload,
    running,
    tcp,
)

from sipnat.model import Endpoint, Limits


def test_who_may_connect() -> None:
    config, _listener = outward()
    with running(config) as proxy:
        assert refused(STRANGER, proxy.port("tcp"))
        assert proxy.counted("drops", "refused") == 1


def test_connections_of_one_peer_are_limited() -> None:
    config, _listener = outward(Limits(rate=0, connections_per_peer=3))
    with running(config) as proxy:
        partners = [connected(PARTNER, proxy.port("tcp")) for _ in range(3)]
        for partner in partners:
            partner.sendall(OPTIONS)
            receive(partner)
        assert refused(PARTNER, proxy.port("tcp"))
        partners.pop().close()
        proxy.until(lambda: len(proxy.loop.connections) == 2)
        again = connected(PARTNER, proxy.port("tcp"))
        again.sendall(OPTIONS)
        assert receive(again)


def test_a_sender_above_its_rate_is_read_later_and_loses_nothing() -> None:
    config, _listener = outward(Limits(rate=50, burst=5))
    with running(config) as proxy:
        partner = connected(PARTNER, proxy.port("tcp"))
        partner.sendall(OPTIONS * 15)
        assert len(receive(partner, 15)) == 15


def test_idle_connections_are_closed_and_busy_ones_are_not() -> None:
    config, _listener = outward(Limits(rate=0, idle=0.4))
    with running(config) as proxy:
        idle, busy = connected(NODE, proxy.port("tcp")), connected(NODE, proxy.port("tcp"))
        idle.setblocking(False)
        while True:
            busy.sendall(OPTIONS)
            assert receive(busy)
            try:
                assert idle.recv(1) == b""
                break
            except BlockingIOError:
                continue
        assert proxy.counted("events", "closed_idle") == 1


def test_reload_keeps_connections_and_changes_listeners() -> None:
    config, listener = outward()
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(message())
        partner = accepted(listener)
        request = receive(partner)[0]
        other = listening(PARTNER)
        moved = replace(config.listeners[0], port=free_port())
        changed = replace(config, listeners=(moved,), partners=(replace(config.partners[0], endpoint=tcp(other)),))
        reload(proxy, changed)
        partner.sendall(answer(request))
        assert receive(node)[0].startswith(b"SIP/2.0 200")
        node.sendall(message())
        assert receive(accepted(other))[0].startswith(b"MESSAGE")
        with pytest.raises(ConnectionRefusedError):
            connected(NODE, config.listeners[0].port)
        connected(NODE, moved.port).sendall(message())


def test_reload_closes_connections_of_those_who_may_no_longer_send() -> None:
    config, _listener = outward()
    with running(config) as proxy:
        partner, node = connected(PARTNER, proxy.port("tcp")), connected(NODE, proxy.port("tcp"))
        for sock in (partner, node):
            sock.sendall(OPTIONS)
            receive(sock)
        other = replace(config.partners[0], endpoint=Endpoint("127.71.4.1", 5060, "tcp"), networks=("127.71.4.0/24",))
        reload(proxy, replace(config, partners=(other,)))
        assert partner.recv(1) == b""
        node.sendall(OPTIONS)
        assert receive(node)


def test_a_reload_that_fails_changes_nothing() -> None:
    config, _listener = outward()
    taken = listening(PROXY)
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        bad = (*config.listeners, replace(config.listeners[0], port=taken.getsockname()[1]))
        with pytest.raises(OSError, match="cannot listen at tcp"):
            reload(proxy, replace(config, listeners=bad))
        for sock in (node, connected(NODE, proxy.port("tcp"))):
            sock.sendall(OPTIONS)
            assert receive(sock)


def test_stop_serves_what_is_under_way_and_then_closes() -> None:
    config, listener = outward(Limits(rate=0, drain=0.5))
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(message())
        partner = accepted(listener)
        request = receive(partner)[0]
        proxy.call(proxy.loop.stop)
        with pytest.raises(ConnectionRefusedError):
            connected(NODE, proxy.port("tcp"))
        node.sendall(OPTIONS)
        assert receive(node)[0].startswith(b"SIP/2.0 503")
        partner.sendall(answer(request))
        assert receive(node)[0].startswith(b"SIP/2.0 200")
        for sock in (node, partner):
            assert sock.recv(1) == b""
            sock.close()
        proxy.thread.join(10)
        assert not proxy.thread.is_alive()


def test_a_forged_token_leads_to_no_connection_of_the_same_side() -> None:
    """A response from outside is made for the inside; another partner must not get it, nor its own sender."""
    config, _listener = outward()
    with running(config) as proxy:
        victim, attacker = connected("127.71.2.61", proxy.port("tcp")), connected("127.71.2.62", proxy.port("tcp"))
        for sock in (victim, attacker):
            sock.sendall(OPTIONS)
            receive(sock)
        tokens = [flow.decode() for flow in proxy.call(lambda: list(proxy.loop.connections))]
        for token in tokens:
            attacker.sendall(message("SIP/2.0 200 OK", Token=token))
        attacker.sendall(OPTIONS)
        assert receive(attacker)[0].startswith(b"SIP/2.0 200 OK\r\nCall-ID: 1\r\nContent-Length")
        assert proxy.counted("drops", "side") == 2
        victim.setblocking(False)
        with pytest.raises(BlockingIOError):
            victim.recv(1)
