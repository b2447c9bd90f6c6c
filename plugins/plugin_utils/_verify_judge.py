# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What became of a stage of a test case: a list of steps, each expected, seen and judged.

A step is `title`, `where` (a host), `expected`, `seen`, `ok`, `reason` (empty when it is as expected), `said` (what a
client program printed), `messages` (what a probe sent and received), and `counts`, what was exchanged: `status_out`,
`message_in` and so on, as seen from the site behind the NAT.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

Step = dict[str, Any]
Result = Mapping[str, Any]

KNOWN = ("online", "away", "offline")


def client(stage: Mapping[str, Any], result: Result) -> list[Step]:
    """Of what people of one host did."""
    answers: Sequence[Result] = result.get("answers", [])
    return [_called(stage, call, answer, _failure(result)) for call, answer in zip_longest(stage["calls"], answers)]


def probe(stage: Mapping[str, Any], result: Result) -> list[Step]:
    """Of a probe."""
    options = stage["options"]
    to = f"{options['host']}:{options.get('port', '')}/{options['transport']}"
    people = f" {options['sender']} to {options['recipient']}" if options.get("recipient") else ""
    problems = [*result.get("problems", []), *_wrong_headers(stage["headers"], result.get("messages", []))]
    if stage["partly_public"]:
        problems += _shown(result)
    failure = _failure(result)
    if failure and not problems:
        problems = [failure]
    status = result.get("status", 0)
    seen = f"{status} {result.get('reason', '')}".strip() if status else "no answer"
    notify = result.get("notify") or {}
    if notify.get("basic"):
        seen += f", then NOTIFY: {notify['basic']}"
    return [
        {
            "title": f"{options['method']}{people} at {to}",
            "where": stage["host"],
            "expected": _expectations(
                {**options["expect"], "no_inside": stage["partly_public"] or options["expect"].get("no_inside", False)},
                stage["headers"],
            ),
            "seen": f"{seen} after {result['rtt_ms']} ms" if status and "rtt_ms" in result else seen,
            "ok": not problems,
            "reason": "; ".join(problems),
            "said": [],
            "messages": list(result.get("messages", [])),
            "counts": {},
        }
    ]


# -- client ------------------------------------------------------------------------------------------------------------
def _called(stage: Mapping[str, Any], call: Mapping[str, Any], answer: Result | None, failure: str) -> Step:
    expect = call["expect"]
    wanted = ", ".join(f"{key}={value}" for key, value in expect.items()) or "exit code 0"
    step: Step = {
        "title": " ".join(call["words"]), "where": stage["host"], "expected": wanted, "said": [], "messages": [],
        "counts": {},
    }  # fmt: skip
    if answer is None:
        return {**step, "seen": "nothing", "ok": False, "reason": failure or "the client was not called"}
    said = list(answer["said"])
    reason = _wrong(expect, said, answer["exit"])
    if not reason:
        step["counts"] = _counted(call, expect)
    return {**step, "seen": ", ".join(said) or f"exit code {answer['exit']}", "ok": not reason, "reason": reason,
            "said": said}  # fmt: skip


def _wrong(expect: Mapping[str, Any], said: Sequence[str], code: int) -> str:
    pairs = [tuple(line.partition("=")[::2]) for line in said]
    for key, value in expect.items():
        values = [text for name, text in pairs if name == key]
        if str(value) not in values:
            what = f"{key} is {', '.join(values)}" if values else f"there is no {key}"
            more = ", ".join(f"{name} {text}" for name, text in pairs if name in ("reason", "code") and text)
            return f"{what}, wanted is {value}" + (f" ({more})" if more else "")
    if not expect and code != 0:
        return ", ".join(said) or f"exit code {code}"
    return ""


def _counted(call: Mapping[str, Any], expect: Mapping[str, Any]) -> dict[str, int]:
    """A status goes to who watches, a message to whose inbox it is in."""
    other = "in" if call["side"] == "out" else "out"
    if call["does"] == "presence" and expect.get("status") in KNOWN:
        return {f"status_{other}": 1}
    if call["does"] == "inbox" and "message" in expect:
        return {f"message_{other}": 1}
    return {}


# -- probe -------------------------------------------------------------------------------------------------------------
def _wrong_headers(wanted: Mapping[str, str], messages: Sequence[Result]) -> list[str]:
    """Header fields of received messages that do not match; a pattern has to match one of them."""
    problems = []
    for name, pattern in wanted.items():
        values = [
            value
            for message in messages
            if message["direction"] == "received"
            for field, value in message["headers"]
            if field.lower() == name.lower()
        ]
        if not any(re.search(pattern, value) for value in values):
            problems.append(f"{name} is {' and '.join(values) or 'not there'}; wanted is {pattern}")
    return problems


def _shown(result: Result) -> list[str]:
    """Inside addresses where a partner uses them: anywhere but in a Call-ID and in Via fields below the topmost."""
    problems = []
    for seen in result.get("inside_seen", []):
        fields = [value for name, value in result["messages"][seen["message"]]["headers"] if name == seen["where"]]
        if seen["where"] == "Call-ID" or (seen["where"] == "Via" and seen["value"] not in fields[0]):
            continue
        problems.append(f"{seen['value']} of the inside in {seen['where']}")
    return problems


def _expectations(expect: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    words = []
    for key, value in expect.items():
        text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        if key != "no_inside":
            words.append(f"{key} {text}")
        elif value:
            words.append("no address of the inside")
    words += [f"{name} like {pattern}" for name, pattern in headers.items()]
    return "; ".join(words) or "an answer"


# -- both --------------------------------------------------------------------------------------------------------------
def _failure(result: Result) -> str:
    """Why a task gave no answer; empty when it did."""
    if result.get("answers") or result.get("messages"):
        return ""
    if result.get("unreachable"):
        return f"unreachable: {result.get('msg', '')}".strip()
    return str(result.get("msg", ""))
