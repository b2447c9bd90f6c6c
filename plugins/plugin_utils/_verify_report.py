# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The results of test cases as one report: counts, verdict, and the words that close a run."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

VERSION = 1
"""Of the JSON report's shape."""

RESULTS = ("passed", "failed", "skipped")
EXCHANGED = ("status_out", "status_in", "message_out", "message_in")

Run = Mapping[str, Any]
Report = dict[str, Any]

# What XML 1.0 cannot hold, in whatever a partner may have sent.
_NOT_XML = {code: "\ufffd" for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}


def report(runs: Sequence[Run]) -> Report:
    """All of it as JSON's types. A run is `site`, `partner`, `mode`, `transport`, `public`, `started` (seconds since
    1970), `duration` (seconds) and `cases`: those of `_verify_cases.selection` with `result`, `reason`, `duration` and
    `steps` (`_verify_judge`)."""
    # A template of ansible-core before 2.19 makes text of a number.
    runs = [{**run, "started": float(run["started"]), "duration": float(run["duration"])} for run in runs]
    cases = [case for run in runs for case in run["cases"]]
    counts = {result: sum(case["result"] == result for case in cases) for result in RESULTS}
    verdict = "failed" if counts["failed"] else "passed" if counts["passed"] else "skipped"
    made: Report = {
        "version": VERSION,
        "started": _iso(min((run["started"] for run in runs), default=0.0)),
        "duration": round(sum(run["duration"] for run in runs), 2),
        "verdict": verdict,
        "counts": counts,
        "exchanged": exchanged(cases),
        "runs": [{**run, "started": _iso(run["started"])} for run in runs],
    }
    return {**made, "closing": closing(made)}


def closing(made: Mapping[str, Any]) -> str:
    """The last words of a run."""
    counts, through = made["counts"], made["exchanged"]
    told = f"{counts['passed']} test cases passed, {counts['failed']} failed, {counts['skipped']} skipped"
    ways = (
        f"out {_things(through['status_out'], through['message_out'])}, "
        f"in {_things(through['status_in'], through['message_in'])}"
    )
    if made["verdict"] == "failed":
        failed = [case["id"] for run in made["runs"] for case in run["cases"] if case["result"] == "failed"]
        return f"test cases failed: {', '.join(failed)}; {told} ({ways})"
    if all(through.values()):
        return f"presence and messages exchanged both ways through the NAT: {ways}; {told}"
    return f"{told}; nobody's presence and messages were exchanged both ways ({ways})"


def as_json(made: Report) -> str:
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def as_junit(made: Report) -> str:
    """JUnit XML as most servers read it: a suite for each site and group of cases."""
    root = ET.Element("testsuites", {"name": "verify", "time": f"{made['duration']:.2f}"})
    for run in made["runs"]:
        for group, cases in by_group(run["cases"]):
            results = Counter(case["result"] for case in cases)
            suite = ET.SubElement(
                root,
                "testsuite",
                {
                    "name": f"{run['site']}: {group}",
                    "tests": str(len(cases)),
                    "failures": str(results["failed"]),
                    "errors": "0",
                    "skipped": str(results["skipped"]),
                    "time": f"{sum(case['duration'] for case in cases):.2f}",
                    "timestamp": run["started"].rstrip("Z"),
                },
            )
            for case in cases:
                _junit_case(suite, run, case)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _junit_case(suite: ET.Element, run: Run, case: Mapping[str, Any]) -> None:
    told = {"name": case["id"], "classname": f"{run['site']}.{case['group']}", "time": f"{case['duration']:.2f}"}
    element = ET.SubElement(suite, "testcase", told)
    if case["result"] == "skipped":
        ET.SubElement(element, "skipped", {"message": _xml(case["reason"])})
        return
    if case["result"] == "failed":
        ET.SubElement(element, "failure", {"message": _xml(case["reason"])}).text = _xml(case["expected"])
    lines = [f"{step['where']}: {step['title']} -> {step['seen']}" for step in case["steps"]]
    ET.SubElement(element, "system-out").text = _xml("\n".join(lines))


def exchanged(cases: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many statuses and messages got through, by `EXCHANGED`."""
    counts: Counter[str] = Counter()
    for case in cases:
        for step in case["steps"]:
            counts.update(step["counts"])
    return {name: counts[name] for name in EXCHANGED}


def by_group(cases: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """The groups in the order of their first cases, each with all of its cases."""
    for group in dict.fromkeys(case["group"] for case in cases):
        yield group, [case for case in cases if case["group"] == group]


def _xml(text: str) -> str:
    return text.translate(_NOT_XML)


def _things(statuses: int, messages: int) -> str:
    return f"{_number(statuses, 'status', 'statuses')} and {_number(messages, 'message', 'messages')}"


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
