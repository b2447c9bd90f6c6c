"""Faults strike once, at the step they were ordered for."""

from __future__ import annotations

from pathlib import Path

from lab import fault_steps, faults
from lab.store import Store


def test_a_fault_strikes_once_and_only_at_its_step(tmp_path: Path) -> None:
    store = Store(tmp_path)
    faults.order(store, "db2icrt", "disk-full")
    assert faults.take(store, "db2start") is None
    assert faults.ordered(store) == {"db2icrt": ["disk-full"]}
    assert faults.take(store, "db2icrt") == "disk-full"
    assert faults.take(store, "db2icrt") is None
    assert faults.ordered(store) == {}


def test_orders_of_one_step_strike_one_after_the_other(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for kind in ("disk-full", "killed"):
        faults.order(store, "db2icrt", kind)
    assert [faults.take(store, "db2icrt") for _ in range(3)] == ["disk-full", "killed", None]


def test_the_steps_are_read_from_the_simulated_programs() -> None:
    assert {"db2icrt", "db2start", "idsicrt"} <= fault_steps.steps()
