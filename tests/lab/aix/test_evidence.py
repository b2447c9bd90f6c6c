"""`docs/evidence/aix.md` says of every command what it rests on."""

from __future__ import annotations

import re
from pathlib import Path

from lab.aix.userland.allowlist import OWN
from lab.aix.userland.flags import GUARDS

EVIDENCE = (Path(__file__).parents[3] / "docs/evidence/aix.md").read_text("utf-8")


def test_every_command_has_a_row() -> None:
    named = {word for code in re.findall(r"`([^`]*)`", EVIDENCE) for word in code.split()[:1]}
    missing = {name for folders in OWN.values() for names in folders.values() for name in names} - named
    assert not missing


def test_the_table_of_lent_tools_is_the_data() -> None:
    for name, guard in GUARDS.items():
        row = next(line for line in EVIDENCE.splitlines() if line.startswith(f"| `{name}` |"))
        _, _, passed, unemulated, code, _ = (cell.strip() for cell in row.split("|"))
        flags = {letter for letter in guard.flags if letter != ":"}
        assert {word[1:] for word in passed.split() if word.startswith("-")} == flags, name
        assert {word[1:] for word in unemulated.split() if len(word) > 1} == set(guard.unemulated), name
        assert code == str(guard.code), name
