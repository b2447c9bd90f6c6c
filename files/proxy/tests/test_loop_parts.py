# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The parts of the event loop that other tests meet only on one system, or only in passing."""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
from functools import partial
from typing import Any, List

import pytest

from sipnat.model import Log as LogSettings
from sipnat.operation.log import Log
from sipnat.service import channel
from sipnat.service.signals import Signals
from sipnat.transport import poller
from sipnat.transport.poller import READ, WRITE, Poller
from sipnat.transport.reactor import Reactor
from sipnat.transport.timers import FAR, Deadlines, Timers


class _Handler:
    def ready(self, events: int) -> None:
        """Is not called here."""


@pytest.mark.parametrize("kind", dict.fromkeys((Poller, poller._SelectorsPoller)))
def test_pollers(kind: Any) -> None:
    """Of this system, and of those without epoll."""
    one, other = socket.socketpair()
    watched, handler = kind(), _Handler()
    number = one.fileno()
    watched.add(number, READ | WRITE, handler)
    assert watched.handlers == {number: handler}
    assert watched.wait(0) == [(number, WRITE)]
    other.send(b".")
    assert watched.wait(1) == [(number, READ | WRITE)]
    watched.change(number, READ)
    assert watched.wait(1) == [(number, READ)]
    watched.change(number, 0)
    assert watched.wait(0) == []
    watched.change(number, WRITE)
    assert watched.wait(1) == [(number, WRITE)]
    watched.remove(number)
    watched.remove(number)
    assert watched.wait(0) == []
    watched.add(number, READ, handler)
    one.close()
    watched.remove(number)
    watched.close()
    watched.remove(number)
    other.close()


def test_timers_run_in_their_order_and_can_be_cancelled() -> None:
    timers = Timers()
    ran: List[int] = []
    assert timers.next == FAR
    for number in (3, 1, 2):
        timers.later(number, partial(ran.append, number))
    cancelled = timers.later(1.5, lambda: ran.append(0))
    cancelled.cancel()
    start = timers.next
    timers.run(start - 0.5)
    assert ran == []
    timers.run(start + 1.2)
    assert ran == [1, 2]
    timers.run(start + 10)
    assert ran == [1, 2, 3]
    assert timers.next == FAR


def test_deadlines() -> None:
    timers = Timers()
    missed: List[str] = []
    deadlines = Deadlines(timers, 0.0, missed.append)
    for name in "abc":
        deadlines.start(name)
    deadlines.stop("b")
    assert "a" in deadlines
    assert len(deadlines) == 2
    timers.run(FAR)
    assert missed == ["a", "c"]
    assert len(deadlines) == 0
    assert timers.next == FAR  # nothing is left to look at


def test_a_deadline_whose_end_fails_does_not_stop_the_others() -> None:
    timers = Timers()
    missed: List[str] = []

    def end(name: str) -> None:
        missed.append(name)
        if name == "a":
            raise ZeroDivisionError

    deadlines = Deadlines(timers, 0.0, end)
    deadlines.start("a")
    deadlines.start("b")
    with pytest.raises(ZeroDivisionError):
        timers.run(FAR)
    timers.run(FAR)
    assert missed == ["a", "b"]


def test_signals_come_between_wake_ups() -> None:
    reactor = Reactor(Log(LogSettings(level="error")))
    signals = Signals(reactor)
    came: List[str] = []

    def heard() -> None:
        came.append("SIGTERM")
        reactor.quit()

    signals.on("SIGTERM", heard)
    signals.on("SIGNONE", heard)  # this system has it not
    os.kill(os.getpid(), signal.SIGTERM)
    assert came == []
    reactor.run()
    assert came == ["SIGTERM"]
    signals.close()
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    reactor.close()


def test_a_mistake_in_a_timer_is_told_and_the_loop_goes_on(tmp_path: Any) -> None:
    reactor = Reactor(Log(LogSettings(level="warning", file=str(tmp_path / "log"))))

    def mistake() -> None:
        raise ZeroDivisionError

    reactor.later(0, mistake)
    reactor.later(0.01, reactor.quit)
    reactor.run()
    reactor.close()
    assert "ZeroDivisionError" in (tmp_path / "log").read_text()
    assert "test_loop_parts.py:" in (tmp_path / "log").read_text()


def test_orders_arrive_whole_and_with_their_sockets() -> None:
    ours, theirs = socket.socketpair()
    orders = channel.Orders(theirs)
    assert orders.take() == []
    with socket.socket(type=socket.SOCK_DGRAM) as one:
        one.bind(("127.71.1.9", 0))

        def send() -> None:
            channel.send(ours, ("reload", b"x" * 1000000, ["name"]), [one])
            channel.send(ours, ("stop",))

        sender = threading.Thread(target=send)
        sender.start()
        taken: List[Any] = []
        while len(taken) < 2:
            select.select([theirs], [], [], 10)
            taken += orders.take()
        sender.join()
        (first, sockets), (second, none) = taken
        assert first == ("reload", b"x" * 1000000, ["name"])
        assert [each.getsockname() for each in sockets] == [one.getsockname()]
        assert (second, none) == (("stop",), [])
        sockets[0].close()
        # Those that wait together come together: each has its own sockets.
        channel.send(ours, ("drain",))
        channel.send(ours, ("reload", ["name"]), [one])
        channel.send(ours, ("stop",))
        taken = []
        while len(taken) < 3:
            select.select([theirs], [], [], 10)
            taken += orders.take()
        assert [(order[0], len(sockets)) for order, sockets in taken] == [("drain", 0), ("reload", 1), ("stop", 0)]
        taken[1][1][0].close()
    ours.close()
    with pytest.raises(EOFError):
        orders.take()
    orders.close()
