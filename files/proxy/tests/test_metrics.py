# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The figures, as a Prometheus server reads them."""

from __future__ import annotations

import os
import re
from typing import Dict

import pytest

from sipnat.operation.metrics import LABELS, Metrics
from sipnat.outcome import DROP, REQUEST

SAMPLE = re.compile(r'([a-z_]+)(\{[a-z_]+="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\[\\"n])*")*\})? (\S+)')


class Rewriter:
    def __init__(self, leaks: Dict[str, int], bad_tokens: int) -> None:
        self.leaks = leaks
        self.refusals = {404: bad_tokens}
        self.bad_tokens = bad_tokens


def read(metrics: Metrics) -> Dict[str, float]:
    """Every sample; each line must follow the grammar of the format, each family must be described once, before."""
    metrics.publish()
    samples: Dict[str, float] = {}
    described = []
    text = metrics.text()
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# "):
            _hash, what, name, _rest = line.split(" ", 3)
            if what == "TYPE":
                described.append(name)
            continue
        found = SAMPLE.fullmatch(line)
        assert found, line
        assert re.sub(r"_(bucket|sum|count)$", "", found[1]) == described[-1] or found[1] == described[-1]
        key = found[1] + (found[2] or "")
        assert key not in samples
        samples[key] = float(found[3])
    assert len(described) == len(set(described))
    return samples


def test_counts_are_shown() -> None:
    metrics = Metrics(kernel="compiled")
    metrics.messages[True][REQUEST] += 3
    metrics.messages[False][DROP] += 2
    metrics.drop("no via")
    metrics.connections["tls"][False] += 1
    metrics.tls_failure('bad "record"\\\n')
    metrics.event("dialled")
    metrics.node("node1:5060/tcp", True, 0.25)
    metrics.node("node2:5060/tcp", False, None)
    metrics.config_ok = 0
    samples = read(metrics)
    assert samples['sipnat_messages_total{leg="inside",kind="request"}'] == 3
    assert samples['sipnat_messages_total{leg="outside",kind="drop"}'] == 2
    assert samples['sipnat_drops_total{reason="no via"}'] == 1
    assert samples['sipnat_connections{leg="outside",transport="tls"}'] == 1
    assert samples['sipnat_tls_failures_total{reason="bad \\"record\\"\\\\\\n"}'] == 1
    assert samples['sipnat_events_total{event="dialled"}'] == 1
    assert samples['sipnat_node_up{node="node1:5060/tcp"}'] == 1
    assert samples['sipnat_node_rtt_seconds{node="node1:5060/tcp"}'] == 0.25
    assert samples['sipnat_node_up{node="node2:5060/tcp"}'] == 0
    assert 'sipnat_node_rtt_seconds{node="node2:5060/tcp"}' not in samples
    assert samples["sipnat_config_ok"] == 0
    assert samples["sipnat_cpu_seconds_total"] > 0
    assert any(key.startswith("sipnat_build_info{") and 'kernel="compiled"' in key for key in samples)


def test_histogram_is_cumulative() -> None:
    metrics = Metrics()
    for seconds in (0.000005, 0.00002, 0.00003, 5.0):
        metrics.observe(seconds)
    samples = read(metrics)
    assert [
        samples[f'sipnat_processing_seconds_bucket{{le="{bound}"}}']
        for bound in ("1e-05", "2e-05", "5e-05", "0.1", "+Inf")
    ] == [1, 2, 3, 3, 4]
    assert samples["sipnat_processing_seconds_count"] == 4
    assert samples["sipnat_processing_seconds_sum"] == pytest.approx(5.000055)


def test_labels_from_strangers_are_bounded() -> None:
    metrics = Metrics()
    long = '\xe9"' * 5000
    metrics.follow(Rewriter({f"X-{number}" + long: 1 for number in range(10 * LABELS)}, 0))
    for number in range(10 * LABELS):
        metrics.drop(f"reason {number}" + long)
        metrics.event(f"event {number}" + long)
        metrics.tls_failure(f"failure {number}" + long)
    samples = read(metrics)
    assert len([key for key in samples if key.startswith("sipnat_leaks_total")]) == LABELS + 1
    assert samples['sipnat_leaks_total{where="other"}'] == 9 * LABELS
    assert samples['sipnat_drops_total{reason="other"}'] == 9 * LABELS


def test_counters_of_a_replaced_rewriter_are_kept() -> None:
    metrics = Metrics()
    first, second = Rewriter({"Warning": 2}, 1), Rewriter({"Warning": 1, "Subject": 4}, 3)
    metrics.follow(first)
    first.bad_tokens += 1
    metrics.follow(second)
    samples = read(metrics)
    assert samples["sipnat_bad_tokens_total"] == 5
    assert samples['sipnat_replies_total{status="404"}'] == 4
    assert samples['sipnat_leaks_total{where="Warning"}'] == 3
    assert samples['sipnat_leaks_total{where="Subject"}'] == 4


def test_cpu_time_of_a_predecessor_is_kept() -> None:
    metrics = Metrics()
    before = read(metrics)["sipnat_cpu_seconds_total"]
    metrics.attach(0)
    assert read(metrics)["sipnat_cpu_seconds_total"] > 1.9 * before > 0


def count_in_child(metrics: Metrics, index: int, number: int) -> None:
    child = os.fork()
    if not child:
        metrics.attach(index)
        metrics.messages[True][REQUEST] += number
        metrics.drop("rate")
        metrics.observe(0.001)
        metrics.config_ok = index % 2
        metrics.publish()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_one_scrape_shows_all_processes_and_those_that_died() -> None:
    metrics = Metrics(processes=4)
    metrics.attach(3)
    metrics.drop("rate")  # the parent's: no child may count it again
    metrics.publish()
    count_in_child(metrics, 0, 10)
    count_in_child(metrics, 1, 100)
    count_in_child(metrics, 1, 1000)  # takes the place of the one before
    text = metrics.text()
    assert 'sipnat_messages_total{leg="inside",kind="request"} 1110' in text
    assert 'sipnat_drops_total{reason="rate"} 4' in text
    assert "sipnat_processing_seconds_count 3" in text
    assert "sipnat_config_ok 0" in text  # of one of them
    assert "sipnat_processes 3" in text
