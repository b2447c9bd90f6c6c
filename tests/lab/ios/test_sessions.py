"""The command line of the simulated router against sessions as they look on a screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.ios.simulated import new_router, privileged, replay

SESSIONS = sorted((Path(__file__).parent / "sessions").glob("*.txt"))


@pytest.mark.parametrize("file", SESSIONS, ids=lambda file: file.stem)
def test_a_session_looks_as_recorded(file: Path, tmp_path: Path) -> None:
    session = file.read_text("utf-8")
    beginning = (lambda _: None) if session.startswith("natrouter>") else privileged
    assert replay(new_router(tmp_path), session, beginning) == session
