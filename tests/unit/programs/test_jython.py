"""Every text of this collection that wsadmin runs is for Jython 2.1, in ASCII, and ends with its last line."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.products.was.wsadmin.dialect import check
from plugins.plugin_utils._programs import PROGRAMS, jy_source

PROGRAM_FILES = sorted(PROGRAMS.glob("*.jy"))


def test_there_are_programs() -> None:
    assert PROGRAM_FILES


@pytest.mark.parametrize("file", PROGRAM_FILES, ids=lambda file: file.stem)
def test_a_program_is_for_jython_2_1(file: Path) -> None:
    assert check(jy_source(file.stem), file.name) == []


@pytest.mark.parametrize("file", PROGRAM_FILES, ids=lambda file: file.stem)
def test_a_program_is_ascii_and_ends_with_a_line(file: Path) -> None:
    # The product reads scripts in the encoding of the platform, whichever that is.
    text = jy_source(file.stem)
    assert text.isascii()
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
