"""The reports: counts, verdict, closing words, JSON, JUnit XML, page."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from plugins.action.verify_report import ActionModule
from plugins.plugin_utils._verify_page import page
from plugins.plugin_utils._verify_report import as_json, as_junit, report

EVIL = '<script>alert("1")</script> & \x00'


def step(**changes: Any) -> dict[str, Any]:
    return {
        "title": "alice say bob", "where": "stsrv1", "expected": "sent=yes", "seen": "sent=yes", "ok": True,
        "reason": "", "said": [], "messages": [], "counts": {}, **changes,
    }  # fmt: skip


def case(name: str, result: str = "passed", **changes: Any) -> dict[str, Any]:
    return {
        "id": name, "group": "Messages", "title": f"title of {name}", "expected": "it works", "result": result,
        "reason": "", "duration": 1.25, "steps": [step()], **changes,
    }  # fmt: skip


def run(*cases: dict[str, Any]) -> dict[str, Any]:
    return {
        "site": "rtp", "partner": "partner", "mode": "both", "transport": "tcp",
        "public": {"host": "stgw.rtp.example", "port": 5062}, "started": 1_200_000_000.0, "duration": 3.0,
        "cases": list(cases),
    }  # fmt: skip


ALL_WAYS = step(counts={"status_out": 1, "status_in": 2, "message_out": 1, "message_in": 3})
SKIPPED = case("c", "skipped", reason="no client", duration=0.0, steps=[])


# -- verdict -----------------------------------------------------------------------------------------------------------
def test_both_ways_are_told_with_the_counts() -> None:
    made = report([run(case("a", steps=[ALL_WAYS]), SKIPPED)])
    assert made["verdict"] == "passed"
    assert made["counts"] == {"passed": 1, "failed": 0, "skipped": 1}
    assert made["started"] == "2008-01-10T21:20:00Z"
    assert made["closing"] == (
        "presence and messages exchanged both ways through the NAT: out 1 status and 1 message, "
        "in 2 statuses and 3 messages; 1 test cases passed, 0 failed, 1 skipped"
    )


@pytest.mark.parametrize("missing", ["status_out", "status_in", "message_out", "message_in"])
def test_both_ways_are_not_claimed_when_one_was_not_seen(missing: str) -> None:
    counts = {name: count for name, count in ALL_WAYS["counts"].items() if name != missing}
    assert "exchanged both ways through" not in report([run(case("a", steps=[step(counts=counts)]))])["closing"]


def test_one_failure_is_the_verdict_and_is_named() -> None:
    made = report([run(case("a", steps=[ALL_WAYS]), case("b", "failed", reason="r"))])
    assert made["verdict"] == "failed"
    assert made["closing"].startswith("test cases failed: b; 1 test cases passed, 1 failed")


def test_nothing_tried_is_no_success() -> None:
    assert report([run(SKIPPED)])["verdict"] == "skipped"


# -- files -------------------------------------------------------------------------------------------------------------
def test_json_holds_everything() -> None:
    made = report([run(case("a", steps=[ALL_WAYS]), SKIPPED)])
    assert json.loads(as_json(made)) == made
    assert made["runs"][0]["cases"][0]["steps"] == [ALL_WAYS]


def test_junit_counts_and_survives_what_xml_cannot_hold() -> None:
    made = report([run(case("a"), case("b", "failed", reason=EVIL, steps=[step(seen=EVIL)]), SKIPPED)])
    root = ET.fromstring(as_junit(made))
    (suite,) = root
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped", "time")} == {
        "tests": "3", "failures": "1", "errors": "0", "skipped": "1", "time": "2.50",
    }  # fmt: skip
    names = [(one.get("name"), one.get("classname"), [child.tag for child in one]) for one in suite]
    assert names == [
        ("a", "rtp.Messages", ["system-out"]),
        ("b", "rtp.Messages", ["failure", "system-out"]),
        ("c", "rtp.Messages", ["skipped"]),
    ]
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == EVIL.replace("\x00", "\ufffd")


class _Page(HTMLParser):
    """Tags that are open, and everything that would be fetched or run."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.foreign: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in ("meta",):
            self.open.append(tag)
        if tag in ("script", "link", "img", "iframe") or "src" in found or any(name.startswith("on") for name in found):
            self.foreign.append(tag)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if found.get("href"):
            self.links.append(str(found["href"]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_whole_harmless_and_needs_nothing_else() -> None:
    message = {
        "direction": "received", "at_ms": 3, "peer": "9.9.9.9:5060", "start_line": EVIL, "headers": [["Via", EVIL]],
        "body": EVIL,
    }  # fmt: skip
    bad = case(
        "b", "failed", reason=EVIL, title=EVIL, steps=[step(ok=False, reason=EVIL, seen=EVIL, messages=[message])]
    )
    text = page(report([run(case("a", steps=[ALL_WAYS]), bad, SKIPPED)]))
    parser = _Page()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    assert parser.foreign == []
    assert "url(" not in text
    assert "@import" not in text
    assert set(parser.ids) == {"a", "b", "c"}
    # The list of what is to be cured leads to the case.
    assert parser.links == ["#b"]
    for words in ("title of a", "no client", "Via: <script>", "1 of 2"):
        assert words in parser.text


# -- the module --------------------------------------------------------------------------------------------------------
def _write(folder: Path, *runs: dict[str, Any], check: bool = False) -> dict[str, Any]:
    action = ActionModule.__new__(ActionModule)
    action._task = SimpleNamespace(check_mode=check)
    return action.compute({"folder": str(folder), "runs": list(runs)})


def test_the_reports_are_written_before_a_failure_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "build/verify"
    result = _write(folder, run(case("a"), case("b", "failed", reason="the reason")))
    assert result["failed"]
    assert "b: the reason" in result["msg"]
    assert sorted(file.name for file in folder.iterdir()) == ["index.html", "junit.xml", "verify.json"]
    assert not _write(folder, run(case("a")))["changed"]
    assert json.loads((folder / "verify.json").read_text())["verdict"] == "passed"


def test_nothing_is_written_in_check_mode(tmp_path: Path) -> None:
    assert _write(tmp_path / "x", run(case("a")), check=True)["skipped"]
    assert not (tmp_path / "x").exists()
