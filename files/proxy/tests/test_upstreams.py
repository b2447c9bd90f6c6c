# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The choice among upstreams: even, the same everywhere, and steady while health changes."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from typing import List

import pytest
from configs import EVERYTHING, loaded

from sipnat.model import PER_HOST, Config, Endpoint, Host, Upstream
from sipnat.neighbours.upstreams import PIN_SECONDS, Upstreams
from sipnat.outcome import Target

CALLS = [b"%d@a.example" % number for number in range(900)]


def nodes(number: int) -> Config:
    hosts = tuple(Host(index, f"node{index}", (f"192.0.2.{index}",)) for index in range(1, number + 1))
    upstreams = tuple(Upstream(host.name, Endpoint(host.addresses[0], 5060, "tcp")) for host in hosts)
    return replace(loaded(EVERYTHING), hosts=hosts, upstreams=upstreams)


def chosen(upstreams: Upstreams, calls: List[bytes]) -> List[str]:
    found = [upstreams.choose(call) for call in calls]
    return [one.host if one is not None else "" for one in found]


def test_choice_is_even_and_the_same_in_every_instance() -> None:
    here, there = Upstreams(nodes(3)), Upstreams(nodes(3))
    assert chosen(here, CALLS) == chosen(there, CALLS)
    assert all(250 < number < 350 for number in Counter(chosen(here, CALLS)).values())


def test_only_calls_of_the_lost_node_move() -> None:
    config = nodes(3)
    before = chosen(Upstreams(config), CALLS)
    upstreams = Upstreams(config)
    upstreams.mark(config.upstreams[1], False)
    for old, new in zip(before, chosen(upstreams, CALLS)):
        assert new == old or (old == "node2" and new)


def test_missing_answers_move_no_transaction_but_new_calls() -> None:
    config = nodes(2)
    upstreams = Upstreams(config)
    upstreams.tick(1000.0)
    call = next(one for one in CALLS if chosen(upstreams, [one]) == ["node1"])
    upstreams.mark(config.upstreams[0], False)
    upstreams.tick(1000.0 + PIN_SECONDS - 1)
    assert chosen(upstreams, [call]) == ["node1"]
    assert set(chosen(upstreams, [b"new-" + one for one in CALLS])) == {"node2"}
    # It is not pinned anew by its own retransmissions: the next transaction of the Call-ID finds the node that is up.
    upstreams.tick(1000.0 + PIN_SECONDS)
    assert chosen(upstreams, [call]) == ["node2"]


def test_recovery_moves_no_transaction() -> None:
    config = nodes(2)
    upstreams = Upstreams(config)
    upstreams.tick(5.0)
    call = next(one for one in CALLS if chosen(Upstreams(config), [one]) == ["node1"])
    upstreams.mark(config.upstreams[0], False)
    assert chosen(upstreams, [call]) == ["node2"]
    upstreams.mark(config.upstreams[0], True)
    upstreams.tick(5.0 + PIN_SECONDS - 1)
    assert chosen(upstreams, [call]) == ["node2"]
    upstreams.tick(5.0 + 2 * PIN_SECONDS)
    assert chosen(upstreams, [call]) == ["node1"]


def test_refused_connection_moves_everything_at_once() -> None:
    config = nodes(2)
    upstreams = Upstreams(config)
    call = next(one for one in CALLS if chosen(upstreams, [one]) == ["node1"])
    assert upstreams.refused(Target("tcp", "192.0.2.1", 5060, "node1", True))
    assert not upstreams.refused(Target("tcp", "192.0.2.1", 5060, "node1", True))  # no news
    assert chosen(upstreams, [call]) == ["node2"]
    assert not upstreams.refused(Target("tcp", "198.51.100.7", 5060, "partner", False))
    upstreams.mark(config.upstreams[0], True)
    call = next(one for one in CALLS if chosen(upstreams, [one]) == ["node1"])
    upstreams.mark(config.upstreams[0], False)  # missing answers this time
    assert chosen(upstreams, [call]) == ["node1"]


def test_one_port_for_two_transports_makes_two_upstreams() -> None:
    first = nodes(1).upstreams[0]
    second = replace(first, endpoint=replace(first.endpoint, transport="udp"))
    upstreams = Upstreams(replace(nodes(1), upstreams=(first, second)))
    transports = Counter(one.endpoint.transport for one in map(upstreams.choose, CALLS) if one is not None)
    assert all(400 < transports[one] < 500 for one in ("tcp", "udp"))


def test_draining_sends_new_calls_elsewhere_and_keeps_old_ones() -> None:
    config = nodes(2)
    upstreams = Upstreams(config)
    call = next(one for one in CALLS if chosen(upstreams, [one]) == ["node1"])
    assert upstreams.drain("node1")
    for second in range(0, 10 * PIN_SECONDS, PIN_SECONDS - 1):  # a dialog that keeps talking
        upstreams.tick(float(second))
        assert chosen(upstreams, [call]) == ["node1"]
    assert set(chosen(upstreams, [b"new-" + one for one in CALLS])) == {"node2"}
    assert [drained for _one, _up, drained in upstreams.status()] == [True, False]
    upstreams.drain("node1", False)
    assert set(chosen(upstreams, [b"later-" + one for one in CALLS])) == {"node1", "node2"}
    assert not upstreams.drain("nobody")


def test_nobody_up_and_nobody_undrained() -> None:
    config = nodes(2)
    upstreams = Upstreams(config)
    for one in config.upstreams:
        upstreams.drain(one.host)
    assert set(chosen(upstreams, CALLS)) == {"node1", "node2"}  # refusing everybody would be worse
    for one in config.upstreams:
        upstreams.mark(one, False)
    assert upstreams.choose(b"another@a.example") is None


def test_new_configuration_keeps_health_of_those_that_stay() -> None:
    config = nodes(3)
    upstreams = Upstreams(config)
    upstreams.mark(config.upstreams[2], False)
    upstreams.configure(replace(config, upstreams=config.upstreams[1:]))
    assert [(one.host, up) for one, up, _drained in upstreams.status()] == [("node2", True), ("node3", False)]
    assert set(chosen(upstreams, CALLS)) == {"node2"}


def test_several_upstreams_of_one_host_have_their_own_health() -> None:
    config = loaded(EVERYTHING)
    upstreams = Upstreams(config)
    upstreams.mark(config.upstreams[1], False)
    assert [up for _one, up, _drained in upstreams.status()] == [True, False, True]
    upstreams.configure(replace(config, upstreams=config.upstreams[1:]))
    assert [up for _one, up, _drained in upstreams.status()] == [False, True]
    upstreams.configure(config)  # the first is new again
    assert [up for _one, up, _drained in upstreams.status()] == [True, False, True]
    ports = [replace(config.upstreams[0], endpoint=Endpoint("192.0.2.11", port, "tcp")) for port in range(PER_HOST + 1)]
    upstreams.configure(replace(config, upstreams=tuple(ports[1:])))
    assert all(up for _one, up, _drained in upstreams.status())  # nobody inherits the health of another
    with pytest.raises(ValueError, match="more than 8"):
        Upstreams(replace(config, upstreams=tuple(ports)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_processes_agree() -> None:
    config = nodes(2)
    upstreams = Upstreams(config)
    child = os.fork()
    if not child:
        upstreams.mark(config.upstreams[0], False)
        upstreams.choose(CALLS[0])  # pinned to node2 there
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert not upstreams.status()[0][1]
    upstreams.mark(config.upstreams[0], True)
    upstreams.mark(config.upstreams[1], False)
    assert chosen(upstreams, CALLS[:1]) == ["node2"]
