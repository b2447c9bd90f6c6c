"""How a target is talked to, and what is never repeated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plugins.plugin_utils import _programs
from plugins.plugin_utils._action import secrets_of
from plugins.plugin_utils._programs import PS_COMMAND, SH_COMMAND
from plugins.plugin_utils._target import ProgramFailed, Target


class Recorder:
    """An executor that always answers the same."""

    def __init__(self, rc: int = 0, stdout: str = "", stderr: str = "") -> None:
        self.answer = rc, stdout, stderr
        self.asked: list[tuple[str, bytes]] = []

    def low_level(self, command: str, stdin: bytes) -> tuple[int, str, str]:
        self.asked.append((command, stdin))
        return self.answer


@pytest.fixture(autouse=True)
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_programs, "PROGRAMS", tmp_path)
    for suffix in ("sh", "ps1"):
        (tmp_path / f"x.{suffix}").write_text("exit 0\n")


def test_a_secret_travels_on_standard_input_only() -> None:
    for platform, command in (("unix", SH_COMMAND), ("windows", PS_COMMAND)):
        recorder = Recorder()
        Target(recorder, platform).execute("x", {"password": "S3cret"})  # type: ignore[arg-type]
        assert recorder.asked[0][0] == command
        assert "S3cret" not in command


def test_a_failure_is_an_error_that_shows_no_secret() -> None:
    target = Target(Recorder(3, stderr="no\nbad password S3cret-long, S3cret"), "unix", ["S3cret", "S3cret-long", ""])
    with pytest.raises(ProgramFailed, match=r"x failed with exit code 3: no\nbad password \*{8}, \*{8}$") as error:
        target.execute("x")
    assert error.value.outcome.rc == 3
    assert "S3cret" not in error.value.outcome.stderr


def test_a_failure_can_be_looked_at() -> None:
    assert Target(Recorder(3, "a=1\n"), "unix").execute("x", check=False).get("a") == "1"


def test_a_long_complaint_is_cut_to_its_end() -> None:
    said = "\n".join(f"line {number}" for number in range(50))
    with pytest.raises(ProgramFailed) as error:
        Target(Recorder(1, stderr=said), "unix").execute("x")
    assert "line 49" in str(error.value)
    assert "line 29" not in str(error.value)


def test_every_secret_option_is_found() -> None:
    spec: dict[str, Any] = {
        "password": {"no_log": True},
        "name": {},
        "unset": {"no_log": True},
        "users": {"options": {"password": {"no_log": True}, "name": {}}},
        "one": {"options": {"keys": {"no_log": True}}},
    }
    options = {
        "password": "a",
        "name": "b",
        "unset": None,
        "users": [{"password": "c", "name": "d"}, {"password": None}],
        "one": {"keys": {"x": ["e", "f"], "y": 7}},
    }
    assert list(secrets_of(spec, options)) == ["a", "c", "e", "f", "7"]
