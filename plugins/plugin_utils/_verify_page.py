# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The report as a page: one file without anything from elsewhere, for narrow and wide screens, light and dark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from ._verify_catalogue import MODES
from ._verify_report import by_group, exchanged

STYLE = Path(__file__).parent / "verify_page.css"

Case = Mapping[str, Any]

_SIGNS = {"passed": "\u2713", "failed": "\u2717", "skipped": "\u2013"}
_VERDICTS = {
    "passed": "Everything that was tried works",
    "failed": "Something does not work",
    "skipped": "Nothing was tried",
}


def page(made: Mapping[str, Any]) -> str:
    """The whole page of a report (`_verify_report.report`)."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>Verify: {escape(made['verdict'])}</title>",
            f"<style>\n{STYLE.read_text('utf-8')}</style>",
            "</head>",
            "<body>",
            *_head(made),
            "<main>",
            *(line for run in made["runs"] for line in _run(run)),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


# -- the top -----------------------------------------------------------------------------------------------------------
def _head(made: Mapping[str, Any]) -> Iterator[str]:
    verdict, counts = made["verdict"], made["counts"]
    yield f'<header class="{verdict}">'
    yield f'<p class="sign" aria-hidden="true">{_SIGNS[verdict]}</p>'
    yield f"<div><h1>{_VERDICTS[verdict]}</h1>"
    yield f"<p>{escape(made['closing'])}</p></div>"
    yield "</header>"
    yield '<section class="numbers" aria-label="Counts">'
    for result in ("passed", "failed", "skipped"):
        yield f'<p class="{result if counts[result] else "none"}"><b>{counts[result]}</b> {result}</p>'
    yield f"<p><b>{made['duration']:.1f} s</b> in all</p>"
    yield f"<p><b>{escape(made['started'].replace('T', ' ').replace('Z', ''))}</b> UTC</p>"
    yield "</section>"


def _run(run: Mapping[str, Any]) -> Iterator[str]:
    public = run["public"]
    yield f"<h2>{escape(run['site'])} and {escape(run['partner'])}</h2>"
    yield (
        f'<p class="about">{escape(MODES[run["mode"]])}; {escape(run["transport"])}; partners dial '
        f"<code>{escape(public['host'])}:{public['port']}</code></p>"
    )
    yield from _ways(run["cases"])
    yield from _failures(run["cases"])
    for group, cases in by_group(run["cases"]):
        tried = [case for case in cases if case["result"] != "skipped"]
        passed = sum(case["result"] == "passed" for case in tried)
        yield f'<section class="group"><h3>{escape(group)} <small>{passed} of {len(tried)}</small></h3>'
        for case in cases:
            yield from _case(case)
        yield "</section>"


def _ways(cases: Sequence[Case]) -> Iterator[str]:
    """What went which way, as two arrows."""
    counts = exchanged(cases)
    yield '<div class="ways">'
    for way, sign, words in (("out", "\u2192", "inside to partner"), ("in", "\u2190", "partner to inside")):
        alive = counts[f"status_{way}"] and counts[f"message_{way}"]
        yield (
            f'<p class="{"passed" if alive else "none"}"><span class="arrow" aria-hidden="true">{sign}</span> {words}: '
            f"<b>{counts[f'status_{way}']}</b> statuses, <b>{counts[f'message_{way}']}</b> messages</p>"
        )
    yield "</div>"


def _failures(cases: Sequence[Case]) -> Iterator[str]:
    failed = [case for case in cases if case["result"] == "failed"]
    if not failed:
        return
    yield '<nav class="failures" aria-label="Failed test cases"><h3>To be cured</h3><ul>'
    for case in failed:
        yield f'<li><a href="#{escape(case["id"])}">{escape(case["title"])}</a>: {escape(case["reason"])}</li>'
    yield "</ul><p>Which mistake shows where, and what puts it right: docs/verify.md, When a case fails.</p></nav>"


# -- a case ------------------------------------------------------------------------------------------------------------
def _case(case: Case) -> Iterator[str]:
    result = case["result"]
    opened = " open" if result == "failed" else ""
    yield f'<details class="case {result}" id="{escape(case["id"])}"{opened}>'
    yield (
        f'<summary><span class="sign" title="{result}">{_SIGNS[result]}</span>'
        f'<span class="title">{escape(case["title"])}</span>'
        f'<span class="id">{escape(case["id"])}</span>'
        f'<span class="time">{_time(case)}</span></summary>'
    )
    yield "<dl>"
    yield f"<dt>Expected</dt><dd>{escape(case['expected'])}</dd>"
    if case["reason"]:
        yield f"<dt>{'Skipped' if result == 'skipped' else 'Reason'}</dt><dd>{escape(case['reason'])}</dd>"
    yield "</dl>"
    if case["steps"]:
        yield '<ol class="steps">'
        for step in case["steps"]:
            yield from _step(step)
        yield "</ol>"
    yield "</details>"


def _time(case: Case) -> str:
    return "" if case["result"] == "skipped" else f"{case['duration']:.1f} s"


def _step(step: Mapping[str, Any]) -> Iterator[str]:
    result = "passed" if step["ok"] else "failed"
    yield f'<li class="{result}"><p><span class="sign" title="{result}">{_SIGNS[result]}</span> '
    yield f'<code>{escape(step["title"])}</code> <span class="where">on {escape(step["where"])}</span></p>'
    yield f'<p class="seen">{escape(step["seen"])}</p>'
    if not step["ok"]:
        yield f'<p class="wanted">wanted: {escape(step["expected"])}; {escape(step["reason"])}</p>'
    if step["messages"]:
        yield f"<details><summary>{len(step['messages'])} messages</summary>"
        for message in step["messages"]:
            yield from _message(message)
        yield "</details>"
    yield "</li>"


def _message(message: Mapping[str, Any]) -> Iterator[str]:
    sent = message["direction"] == "sent"
    sign = "\u2192" if sent else "\u2190"
    yield f'<details class="message {"sent" if sent else "received"}"><summary>'
    yield (
        f'<span class="at">{message["at_ms"]} ms</span><span class="arrow" aria-hidden="true">{sign}</span>'
        f"<code>{escape(message['start_line'])}</code>"
        f'<span class="where">{"to" if sent else "from"} {escape(str(message["peer"]))}</span></summary>'
    )
    text = "\n".join(f"{name}: {value}" for name, value in message["headers"])
    body = message.get("body") or ""
    yield f"<pre>{escape(message['start_line'])}\n{escape(text)}\n\n{escape(body)}</pre></details>"
