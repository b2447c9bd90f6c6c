"""What the bench of a call makes of SIPp's files."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from bench.call import load, report

COUNTS = """\
TotalCallCreated;SuccessfulCall(C);FailedCall(P);FailedCall(C);FailedUnexpectedMessage(C);FailedTimeoutOnRecv(C)
100;90;0;0;0;0
200;150;6;6;4;2
{last}
"""
WAITS = "Date_ms;response_time_ms;rtd_no\n1;4;INVITE\n2;8;INVITE\n2;3;MESSAGE\n"


def written(folder: Path, name: str, last: str) -> Path:
    """The files of one SIPp."""
    (folder / f"{name}.csv").write_text(COUNTS.format(last=last))
    (folder / f"{name}_17_rtt.csv").write_text(WAITS)
    return folder / name


def test_sessions_of_all_connections_are_added_up(tmp_path: Path) -> None:
    outcome = load.Outcome(2, 400)
    load._read(written(tmp_path, "load-1", "210;170;3;9;6;3"), outcome)
    load._read(written(tmp_path, "load-2", "190;190;0;0;0;0"), outcome)
    assert (outcome.started, outcome.done, outcome.lost) == (400, 360, 40)
    assert outcome.failed == {"UnexpectedMessage": 6, "TimeoutOnRecv": 3}
    # The rest was under way when the connection ended.
    assert outcome.cut == 31
    assert outcome.failing_s == 3
    assert outcome.waits_ms == {"INVITE": [4, 8, 4, 8], "MESSAGE": [3, 3], "BYE": []}


def test_a_sipp_that_wrote_nothing_had_no_session(tmp_path: Path) -> None:
    outcome = load.Outcome(2, 400)
    load._read(tmp_path / "load-1", outcome)
    assert outcome.started == outcome.lost == 0
    assert not outcome.flawless


@pytest.mark.parametrize(
    ("started", "done", "flawless"), [(1999, 1999, True), (1999, 1998, False), (1700, 1700, False), (0, 0, False)]
)
def test_a_load_without_loss_is_a_whole_one(started: int, done: int, *, flawless: bool) -> None:
    assert load.Outcome(10, 2000, started, done).flawless is flawless


def test_percentiles_are_values_that_were_seen() -> None:
    values = [float(number) for number in range(1, 1001)]
    assert [report.percentile(values, percent) for percent in (50, 99, 99.9, 100)] == [500, 990, 999, 1000]
    assert report.percentile([7.0], 50) == 7
    assert math.isnan(report.percentile([], 50))
