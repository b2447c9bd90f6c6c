"""Wrong clocks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.lab.conftest import Lab

HOUR_S = 3600


def ahead(lab: Lab) -> float:
    """Seconds that the host's clock is ahead of this machine's."""
    shown = lab.ssh("stgdm1", "date -u '+%Y-%m-%dT%H:%M:%S'").stdout.strip()
    return (datetime.fromisoformat(shown).replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()


@pytest.mark.parametrize("seconds", [-HOUR_S, HOUR_S])
def test_a_hosts_clock_is_set_off_and_right_again(lab: Lab, seconds: int) -> None:
    assert lab.ok("clock", "stgdm1", str(seconds)) == f"stgdm1: clock {seconds:+d} s\n"
    assert ahead(lab) == pytest.approx(seconds, abs=60)
    lab.ok("clock", "stgdm1", "0")
    assert ahead(lab) == pytest.approx(0, abs=60)


def test_an_unknown_host(lab: Lab) -> None:
    assert lab("clock", "nosuch", "1").returncode == 1
