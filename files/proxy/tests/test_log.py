# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The log: one event a line, whatever strangers write, and no more lines than they deserve."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

import pytest

from sipnat.model import Log as Settings
from sipnat.operation.log import LONGEST, PER_REASON, REASONS, WINDOW, Log


def settings(folder: Path, **more: Any) -> Settings:
    return Settings(file=str(folder / "log"), **more)


def lines(folder: Path) -> List[str]:
    return (folder / "log").read_text("ascii").splitlines()


def entries(folder: Path) -> List[Dict[str, str]]:
    return [json.loads(line) for line in lines(folder)]


def test_text_quotes_what_would_be_ambiguous(tmp_path: Path) -> None:
    Log(settings(tmp_path)).info("up again", host="node1", reason='a "b" \\', empty="", unknown=None, port=5060)
    stamp, line = lines(tmp_path)[0].split(" ", 1)
    assert stamp.startswith("time=20")
    assert line == r'level=info event="up again" host=node1 reason="a \"b\" \\" port=5060'


@pytest.mark.parametrize("form", ["text", "json"])
def test_strangers_write_neither_lines_nor_control_characters(tmp_path: Path, form: str) -> None:
    log = Log(settings(tmp_path, format=form))
    nasty = b"a@b\r\ntime=1 event=forged\x1b[2J\x00\xff\xc3\xa9\x7f"
    log.warning("refused", call_id=nasty, source="\u2028\u202e")
    assert len(lines(tmp_path)) == 1
    assert all(32 <= ord(character) < 127 for character in lines(tmp_path)[0])


def test_json_holds_the_same(tmp_path: Path) -> None:
    log = Log(settings(tmp_path, format="json"))
    log.error("bad token", call_id=b"1@a.example", number=7)
    found = entries(tmp_path)[0]
    assert found.pop("time").endswith("Z")
    assert found == {"level": "error", "event": "bad token", "call_id": "1@a.example", "number": "7"}


def test_long_values_are_cut(tmp_path: Path) -> None:
    log = Log(settings(tmp_path, format="json"))
    log.info("event", call_id=b"x" * 100000, text="y" * LONGEST)
    found = entries(tmp_path)[0]
    assert found["call_id"] == "x" * LONGEST + "..."
    assert found["text"] == "y" * LONGEST


def test_level_is_the_lowest_that_is_written(tmp_path: Path) -> None:
    log = Log(settings(tmp_path, level="warning", format="json"))
    for write in (log.debug, log.info, log.warning, log.error):
        write(write.__name__)
    log.drop("rate", 0.0)
    assert [one["event"] for one in entries(tmp_path)] == ["warning", "error", "refused"]
    log.configure(settings(tmp_path, level="error", format="json"))
    log.drop("another", 0.0)
    assert len(lines(tmp_path)) == 3


def test_refusals_are_limited_for_each_reason(tmp_path: Path) -> None:
    log = Log(settings(tmp_path, format="json"))
    for number in range(100):
        log.drop("rate", 5.0, source=f"198.51.100.{number}")
    log.drop("no via", 5.0)
    for _each in range(100):
        log.drop("rate", 5.0 + WINDOW)
    found = entries(tmp_path)
    assert [one["reason"] for one in found] == ["rate"] * PER_REASON + ["no via"] + ["rate"] * PER_REASON
    omitted = [one.get("omitted") for one in found]
    assert omitted == [None] * (PER_REASON + 1) + [str(100 - PER_REASON)] + [None] * (PER_REASON - 1)


def test_reasons_without_number_share_a_limit(tmp_path: Path) -> None:
    log = Log(settings(tmp_path, format="json"))
    for number in range(10 * REASONS):
        log.drop(f"reason {number}", 1.0)
    assert len(lines(tmp_path)) == REASONS + PER_REASON


def test_rotation_and_a_full_disk(tmp_path: Path) -> None:
    log = Log(settings(tmp_path))
    log.info("first")
    (tmp_path / "log").rename(tmp_path / "old")
    log.configure(settings(tmp_path))
    log.info("second")
    assert "second" in lines(tmp_path)[0]
    with pytest.raises(OSError, match=r"log\.file: .*nowhere/log: No such file"):
        log.configure(Settings(file=str(tmp_path / "nowhere" / "log")))
    log.info("third")  # the old file stays in use
    assert "third" in lines(tmp_path)[1]
    log.close()
    log.info("after the end")  # no traceback


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_disk_is_no_reason_to_keep_the_file(tmp_path: Path) -> None:
    log = Log(Settings(file="/dev/full"))
    log.info("lost")
    log.configure(settings(tmp_path))
    log.info("first")
    assert "first" in lines(tmp_path)[0]


def test_errors_are_told_without_their_number(tmp_path: Path) -> None:
    log = Log(settings(tmp_path))
    with pytest.raises(OSError, match="gone") as caught:
        (tmp_path / "gone").open()
    log.error("start", error=caught.value)
    log.error("start", error=OSError("the collector does not read"))
    log.error("start", error=OSError(98, "cannot listen"))
    gone = f'error="{tmp_path}/gone: No such file or directory"'
    told = [line.partition("event=start ")[2] for line in lines(tmp_path)]
    assert told == [gone, 'error="the collector does not read"', 'error="cannot listen"']


def test_service_without_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    log = Log(Settings())
    log.error("event")
    log.close()
