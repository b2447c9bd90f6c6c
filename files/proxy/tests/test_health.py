# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Health: what is asked, what counts as an answer, and when an upstream is up or down."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Callable, List, Tuple

import pytest
from configs import EVERYTHING, loaded

from sipnat.model import Config
from sipnat.model import Health as Times
from sipnat.neighbours.health import Health
from sipnat.neighbours.upstreams import Upstreams
from sipnat.operation.log import Log
from sipnat.operation.metrics import Metrics
from sipnat.outcome import Target


class Timer:
    def __init__(self, when: float, callback: Callable[[], None]) -> None:
        self.when = when
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Loop:
    """Time that passes when told, and a network that keeps what was sent."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sent: List[Tuple[Target, bytes]] = []
        self.timers: List[Timer] = []

    def send(self, target: Target, data: bytes) -> None:
        self.sent.append((target, data))

    def later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        self.timers.append(Timer(self.now + seconds, callback))
        return self.timers[-1]

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while True:
            due = [one for one in self.timers if one.when <= end and not one.cancelled]
            if not due:
                break
            timer = min(due, key=lambda one: one.when)
            self.timers.remove(timer)
            self.now = timer.when
            timer.callback()
        self.now = end


class Site:
    """A Health with all around it: interval 10, timeout 3, down after 2, up after 2."""

    def __init__(self) -> None:
        self.config = replace(loaded(EVERYTHING), health=Times(interval=10, timeout=3, down_after=2, up_after=2))
        self.loop = Loop()
        self.upstreams = Upstreams(self.config)
        self.metrics = Metrics()
        self.log = Log(replace(self.config.log, file=os.devnull))
        self.health = Health(self.config, self.upstreams, self.metrics, self.loop, self.log)

    def up(self) -> List[bool]:
        return [up for _one, up, _drained in self.upstreams.status()]

    def round(self, *answers: bytes) -> None:
        """Let the next questions be asked and judged; these statuses answer them, b"" not at all, the rest 200."""
        self.loop.sent.clear()
        self.loop.advance(7)
        for number, (_target, question) in enumerate(self.loop.sent):
            status = answers[number] if number < len(answers) else b"200 OK"
            if status:
                self.health.answer(answer(question, status))
        self.loop.advance(3)


def answer(question: bytes, status: bytes = b"200 OK") -> bytes:
    return b"SIP/2.0 " + status + b"\r\n" + question.split(b"\r\n", 1)[1]


def started() -> Site:
    site = Site()
    site.health.start()
    for _target, question in site.loop.sent:
        site.health.answer(answer(question))
    site.loop.advance(3)
    return site


def test_each_upstream_is_asked_over_its_own_transport() -> None:
    site = started()
    assert [target for target, _question in site.loop.sent] == [
        Target("tcp", "192.0.2.11", 5060, "node1", True),
        Target("tls", "2001:db8:1::11", 5061, "node1", True),
        Target("udp", "192.0.2.12", 5070, "node2", True),
    ]
    first, second, third = (question.decode().split("\r\n") for _target, question in site.loop.sent)
    assert first[0] == "OPTIONS sip:192.0.2.11:5060;transport=tcp SIP/2.0"
    assert first[1].startswith("Via: SIP/2.0/TCP 192.0.2.5:5062;rport;branch=z9hG4bKnphc~")
    assert second[0] == "OPTIONS sip:[2001:db8:1::11]:5061;transport=tls SIP/2.0"
    assert second[1].startswith("Via: SIP/2.0/TLS [2001:db8:1::5]:5061;")
    assert third[0] == "OPTIONS sip:192.0.2.12:5070 SIP/2.0"
    calls = {line for question in (first, second, third) for line in question if line.startswith("Call-ID: npcheck-")}
    assert len(calls) == 3


def test_down_after_missing_answers_in_a_row_and_up_after_some() -> None:
    site = started()
    assert site.up() == [True, True, True]
    site.round(b"")
    site.round()  # one was missing, the next came
    site.round(b"")
    assert site.up()[0]
    site.round(b"")
    assert site.up() == [False, True, True]
    site.round()
    assert not site.up()[0]  # up only after two
    site.round()
    assert site.up()[0]


@pytest.mark.parametrize(
    ("status", "alive"),
    [
        (b"404 Not Found", True),
        (b"405 No", True),
        (b"500 Oops", True),
        (b"503 Draining", False),
        (b"100 Trying", False),
    ],
)
def test_what_counts_as_an_answer(status: bytes, alive: bool) -> None:
    site = started()
    for _round in range(3):
        site.round(status)
    assert site.up() == [alive, True, True]


def test_late_repeated_and_foreign_answers_count_for_nothing() -> None:
    site = started()
    question = site.loop.sent[0][1]
    assert not site.health.answer(answer(question))  # again
    site.round(b"", b"", b"")
    late = [one for _target, one in site.loop.sent]
    site.loop.sent.clear()
    site.loop.advance(7)
    fresh = site.loop.sent[0][1]
    assert not any(site.health.answer(answer(one)) for one in late)
    for old, new in [(b"npcheck-", b"npchecks-"), (b"-8-", b"-99999-"), (b"Call-ID", b"Call-Id-X"), (b"\r\n", b"\n")]:
        site.health.answer(answer(fresh).replace(old, new))
    for garbage in (b"", b"SIP/2.0", b"\r\n\r\n", b"SIP/2.0 200 OK\r\nCall-ID: npcheck-\r\n\r\n", bytes(range(256))):
        assert not site.health.answer(garbage)
    assert not site.health.answer(answer(fresh).replace(b"-8-", b"-" + b"8" * 5000 + b"-"))
    another = started()
    assert not another.health.answer(answer(fresh))  # an instance that was here before
    site.loop.advance(3)
    assert site.up() == [False, False, False]


def test_refused_upstream_comes_back_by_its_answers() -> None:
    site = started()
    site.upstreams.refused(site.loop.sent[0][0])
    assert not site.up()[0]
    site.round()
    site.round()
    assert site.up()[0]


def test_metrics_show_health_and_time() -> None:
    site = Site()
    site.health.start()
    site.loop.advance(0.25)
    site.health.answer(answer(site.loop.sent[0][1]))
    site.upstreams.mark(site.config.upstreams[2], False)
    site.loop.advance(3)
    site.metrics.publish()
    text = site.metrics.text()
    assert 'sipnat_node_rtt_seconds{node="node1:5060/tcp"} 0.25' in text
    assert 'sipnat_node_up{node="node1:5060/tcp"} 1' in text
    assert 'sipnat_node_up{node="node2:5070/udp"} 0' in text


def test_new_configuration_keeps_what_is_known_of_those_that_stay() -> None:
    site = started()
    site.round(b"", b"", b"")
    changed: Config = replace(site.config, upstreams=site.config.upstreams[1:])
    site.upstreams.configure(changed)
    site.health.configure(changed)
    site.round(b"")  # the second missing answer in a row for what is now the first
    assert site.up() == [False, True]
    site.health.stop()
    sent = len(site.loop.sent)
    site.loop.advance(100)
    assert len(site.loop.sent) == sent


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_answer_may_reach_another_process() -> None:
    site = started()
    for one in site.config.upstreams:
        site.upstreams.mark(one, False)
    for _round in range(2):
        site.loop.sent.clear()
        site.loop.advance(7)
        child = os.fork()
        if not child:
            other = Health(site.config, site.upstreams, site.metrics, site.loop, site.log)
            heard = [other.answer(answer(question)) for _target, question in site.loop.sent]
            os._exit(0 if all(heard) else 1)
        assert os.waitpid(child, 0)[1] == 0
        site.loop.advance(3)
    assert site.up() == [True, True, True]
