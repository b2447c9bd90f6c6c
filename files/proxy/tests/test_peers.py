# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who may send, how much, and over how many connections."""

from __future__ import annotations

from dataclasses import replace

import pytest
from configs import EVERYTHING, changed, loaded

from sipnat.neighbours.peers import Peer, Peers


def known(peers: Peers, address: str) -> Peer:
    peer = peers.classify(address)
    assert peer is not None
    return peer


@pytest.mark.parametrize(
    ("address", "outward", "name"),
    [
        ("192.0.2.11", True, "node1"),
        ("2001:db8:1::11", True, "node1"),
        ("::ffff:192.0.2.12", True, "node2"),
        ("192.0.2.1", False, "firewall"),
        ("198.51.100.0", False, "away"),
        ("198.51.100.15", False, "away"),
        ("198.51.100.99", False, "old"),
        ("2001:db8:2::7", False, "six"),
    ],
)
def test_side_follows_from_the_source(address: str, outward: bool, name: str) -> None:
    peer = known(Peers(loaded(EVERYTHING)), address)
    assert (peer.outward, peer.name) == (outward, name)
    assert peer.reuse == (name == "away")


@pytest.mark.parametrize(
    "address",
    [
        "192.0.2.13",
        "198.51.100.16",
        "203.0.113.45",
        "2001:db8:2::8",
        "127.0.0.1",
        "::1",
        "fe80::1%eth0",
        "",
        "nonsense",
    ],
)
def test_all_others_are_refused(address: str) -> None:
    assert Peers(loaded(EVERYTHING)).classify(address) is None


def test_longest_network_wins() -> None:
    config = loaded(EVERYTHING)
    wide = replace(config.partners[1], networks=("198.51.0.0/16", "0.0.0.0/1"))
    peers = Peers(replace(config, partners=(wide, config.partners[0])))
    assert [known(peers, one).name for one in ("198.51.100.3", "198.51.100.16", "9.9.9.9")] == ["away", "old", "old"]
    assert peers.classify("203.0.113.1") is None


def test_rate_is_a_token_bucket() -> None:
    peers = Peers(loaded(EVERYTHING))
    away, old, node = (known(peers, one) for one in ("198.51.100.3", "198.51.100.99", "192.0.2.11"))
    assert [peers.allow(away, 100.0) for _each in range(301)] == [True] * 300 + [False]  # the burst
    assert [peers.allow(away, 100.1) for _each in range(6)] == [True] * 5 + [
        False
    ]  # 50 a second: the partner's own rate
    assert [peers.allow(old, 100.1) for _each in range(301)] == [True] * 300 + [False]
    assert [peers.allow(old, 100.2) for _each in range(11)] == [True] * 10 + [False]  # 100 a second: that of limits
    assert [peers.allow(away, 10000.0) for _each in range(301)] == [True] * 300 + [False]  # never more than the burst
    assert all(peers.allow(node, 100.0) for _each in range(1000))  # the inside has no limit
    assert (away.limited, node.limited) == (True, False)


def test_credit_is_what_allow_would_take() -> None:
    peers = Peers(loaded(EVERYTHING))
    one, other, node = (known(peers, address) for address in ("198.51.100.3", "198.51.100.4", "192.0.2.11"))
    now = 100.0
    for used, pause in ((64, 0.0), (64, 0.01), (1, 0.5), (64, 0.0), (64, 0.0), (64, 0.0), (64, 0.3), (64, 100.0)):
        now += pause
        credit = peers.credit(one, now, used)
        allowed = [peers.allow(other, now) for _each in range(used)]
        assert credit == sum(allowed)
        peers.spend(one, now, credit)
        assert one.due == pytest.approx(other.due)
    assert peers.credit(one, now, 1000) < 300
    assert peers.credit(node, now, 1000) == 1000
    peers.spend(node, now, 1000)
    assert peers.allow(node, now)


def test_rate_zero_is_no_limit() -> None:
    peers = Peers(loaded(changed(EVERYTHING, "limits.rate", 0)))
    old = known(peers, "198.51.100.99")
    assert not old.limited
    assert all(peers.allow(old, 1.0) for _each in range(2000))


def test_connections_are_limited_per_peer_and_per_side() -> None:
    config = loaded(EVERYTHING)
    limits = replace(config.limits, connections=5, connections_per_peer=3)
    peers = Peers(replace(config, limits=limits))
    first, second, node = (known(peers, one) for one in ("198.51.100.3", "198.51.100.4", "192.0.2.11"))
    assert [peers.connect(first) for _each in range(4)] == [True] * 3 + [False]
    assert [peers.connect(second) for _each in range(3)] == [True] * 2 + [False]
    assert [peers.connect(node) for _each in range(6)] == [True] * 5 + [False]  # the outside takes nothing from it
    peers.disconnect(first)
    assert peers.connect(second)
    assert not peers.connect(first)


def test_memory_is_bounded_and_those_with_connections_are_kept() -> None:
    config = loaded(EVERYTHING)
    wide = replace(config.partners[1], networks=("10.0.0.0/8",))
    peers = Peers(replace(config, partners=(wide,), limits=replace(config.limits, flows=50, connections=10)))
    kept = known(peers, "10.0.0.1")
    assert peers.connect(kept)
    for number in range(1000):
        peers.classify(f"10.1.{number // 250}.{number % 250}")
        peers.classify(f"172.16.{number // 250}.{number % 250}")  # refused: not remembered
    assert len(peers._known) == 50 + 2 * 10
    assert peers.classify("10.0.0.1") is kept


def test_new_configuration_changes_peers_in_place() -> None:
    config = loaded(EVERYTHING)
    peers = Peers(config)
    away, node = known(peers, "198.51.100.3"), known(peers, "192.0.2.11")
    peers.connect(away)
    peers.connect(node)
    moved = replace(config.partners[1], name="moved", networks=("192.0.2.11/32",), rate=7.0)
    peers.configure(replace(config, partners=(moved,), hosts=config.hosts[1:], upstreams=config.upstreams[2:]))
    assert not away.permitted
    assert peers.classify("198.51.100.3") is None
    assert (node.permitted, node.outward, node.name, node.limited) == (True, False, "moved", True)
    assert peers.classify("192.0.2.11") is node
    peers.disconnect(away)
    peers.disconnect(node)
    assert peers._connections == [0, 0]
