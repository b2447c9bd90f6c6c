"""What init starts from /etc/inittab."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from lab.aix.inittab import Entry, Inittab

_SH = "/bin/sh -c :"


def _due(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "inittab"
    file.write_text(text)
    return [entry.identifier for entry in Inittab(file).due(set())]


@pytest.mark.parametrize(
    ("line", "started"),
    [
        (f"a:2:once:{_SH}", True),
        (f"a:2345:respawn:{_SH} # comment", True),
        (f"a::once:{_SH}", True),
        (f"a:3:once:{_SH}", False),
        (f"a:2:off:{_SH}", False),
        (f":a:2:once:{_SH}", False),
        ("a:2:respawn:/no/such/program", False),
        ("init:2:initdefault:", False),
    ],
)
def test_entries_of_run_level_2_whose_program_exists_are_started(tmp_path: Path, line: str, started: bool) -> None:
    assert _due(tmp_path, line + "\n") == (["a"] if started else [])


def test_an_entry_that_is_removed_changed_or_off_is_over(tmp_path: Path) -> None:
    file = tmp_path / "inittab"
    file.write_text(f"stays:2:respawn:{_SH}\nchanges:2:respawn:{_SH}\nstops:2:off:{_SH}\n")
    lines = [f"stays:2:respawn:{_SH}", f"changes:2:respawn:{_SH} -x", f"stops:2:respawn:{_SH}", f"gone:2:respawn:{_SH}"]
    running = {entry for line in lines if (entry := Entry.parse(line))}
    assert {entry.identifier for entry in Inittab(file).over(running)} == {"changes", "stops", "gone"}


def test_a_once_entry_is_started_once_and_a_respawned_one_when_it_has_ended(tmp_path: Path) -> None:
    file = tmp_path / "inittab"
    file.write_text(f"one:2:once:{_SH}\ntwo:2:respawn:{_SH}\n")
    table = Inittab(file)
    first = table.due(set())
    assert [entry.identifier for entry in first] == ["one", "two"]
    assert table.due(set(first)) == []
    for entry in first:
        table.ended(entry)
    assert [entry.identifier for entry in table.due(set())] == ["two"]


def test_an_entry_that_ends_again_and_again_is_paused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    file = tmp_path / "inittab"
    file.write_text(f"bad:2:respawn:{_SH}\n")
    table = Inittab(file)
    starts = 0
    for _ in range(20):
        for entry in table.due(set()):
            starts += 1
            table.ended(entry)
    assert starts == 5
    pause = table.next_start_in()
    assert pause is not None
    now += pause + 1
    assert len(table.due(set())) == 1


def test_an_entry_that_was_removed_and_added_again_starts_again(tmp_path: Path) -> None:
    file = tmp_path / "inittab"
    file.write_text(f"a:2:once:{_SH}\n")
    table = Inittab(file)
    assert table.due(set())
    file.write_text("")
    assert table.due(set()) == []
    file.write_text(f"a:2:once:{_SH}\n")
    assert [entry.identifier for entry in table.due(set())] == ["a"]


def test_a_command_may_hold_colons() -> None:
    assert Entry.parse("a:2:once:/bin/sh -c 'echo a:b'") == Entry("a", "2", "once", "/bin/sh -c 'echo a:b'")
