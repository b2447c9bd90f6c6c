# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What a test case is: its keys, its steps, and what they may say. The page docs/verify.md tells it to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Case = Mapping[str, Any]

CASE_KEYS = frozenset(
    {"id", "group", "title", "expected", "modes", "transports", "needs", "disruptive", "steps", "undo"}
)
REQUIRED = ("id", "group", "title", "expected", "modes", "steps")
STEP_KEYS: Mapping[str, tuple[str, ...]] = {
    "person": ("does", "contact", "text", "seconds", "status", "expect", "patient"),
    "probe": (
        "from", "to", "port", "transport", "sender", "recipient", "text", "outside", "expect", "headers", "patient",
    ),
    "servers": ("number", "state"),
    "nat_proxy": (),
    "translations": (),
    "community": ("properties", "communities"),
    "cell": ("property", "sprayer"),
    "router": ("port",),
    "wait": (),
}  # fmt: skip
"""By the key that tells what a step is its other keys; each kind but `person` is a stage of its own."""

UNDO = ("servers", "community", "cell", "router")
"""What can be put back behind a case."""

PEOPLE = tuple(f"{side}{which}" for side in ("inside", "outside") for which in ("", "2", "_offline"))
PLACES: Mapping[str, tuple[str, ...]] = {"from": ("partner_gateway", "inside_server"), "to": ("public", "sip_proxy")}
"""Where a probe is, and where it goes."""

METHODS = ("OPTIONS", "SUBSCRIBE", "MESSAGE", "INVITE")

WORDS = {
    "presence": ("contact", "seconds", "status"),
    "say": ("contact", "text", "seconds"),
    "inbox": ("contact", "seconds"),
    "compose": ("contact",),
    "close": ("contact",),
    "forget": ("contact",),
    "set": ("status",),
}
"""What a client program is asked for, and the words behind it."""

MODES = {
    "both": "the SIP NAT proxy in front of WebSphere's SIP proxy",
    "was": "WebSphere's SIP proxy alone",
    "sipnat": "the SIP NAT proxy in front of a standalone gateway",
}


class CaseError(Exception):
    """A case that cannot be understood; the words name it, its place and the cure."""


def check(case: Case, known: set[str]) -> None:
    """Raises `CaseError` for a case that cannot be understood; `known` are the ids of those before it."""
    name = case.get("id", "?")
    missing = [key for key in REQUIRED if not case.get(key)]
    strange = sorted(set(case) - CASE_KEYS)
    for keys, wrong in ((missing, "missing"), (strange, "unknown")):
        if keys:
            raise CaseError(f"case {name}: {', '.join(keys)} {wrong}; a case has {', '.join(sorted(CASE_KEYS))}")
    if name in known:
        raise CaseError(f"case {name}: there are two of that id; give each its own")
    foreign = [mode for mode in case["modes"] if mode not in MODES]
    if foreign:
        raise CaseError(f"case {name}: {', '.join(foreign)} is no mode; there are {', '.join(MODES)}")
    lasting = [what for what in case.get("undo", []) if what not in UNDO]
    if lasting:
        raise CaseError(f"case {name}: {', '.join(lasting)} cannot be put back; undo may name {', '.join(UNDO)}")
    for step in case["steps"]:
        _check_step(case, step)


def _check_step(case: Case, step: Mapping[str, Any]) -> None:
    kind = kind_of(case, step)
    strange = sorted(set(step) - {kind, *STEP_KEYS[kind]})
    if strange:
        others = ", ".join(STEP_KEYS[kind]) or "nothing else"
        raise CaseError(f"case {case['id']}: {', '.join(strange)} unknown; a step with {kind} may have {others}")
    if kind == "person":
        _check_choice(case, step, "does", tuple(WORDS))
        # The last words of a call may be left out.
        _check_there(case, step, (*WORDS[step["does"]][:1], *(["text"] if step["does"] == "say" else [])))
    if kind == "probe":
        _check_choice(case, step, "probe", METHODS)
        _check_there(case, step, tuple(PLACES))
        for key, places in PLACES.items():
            _check_choice(case, step, key, places)
    for key in ("person", "contact", "sender", "recipient"):
        if key in step and (key == "person" or "@" not in str(step[key])):
            _check_choice(case, step, key, PEOPLE)


def _check_there(case: Case, step: Mapping[str, Any], keys: tuple[str, ...]) -> None:
    missing = [key for key in keys if not step.get(key)]
    if missing:
        raise CaseError(f"case {case['id']}: {', '.join(missing)} missing in step {dict(step)}")


def _check_choice(case: Case, step: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> None:
    if step.get(key) not in choices:
        raise CaseError(f"case {case['id']}: {key}: {step.get(key)!r} is unknown; there are {', '.join(choices)}")


def kind_of(case: Case, step: Mapping[str, Any]) -> str:
    """The key that tells what a step is. Raises `CaseError`."""
    kinds = [kind for kind in STEP_KEYS if kind in step]
    if len(kinds) != 1:
        raise CaseError(f"case {case['id']}: step {dict(step)} has to have exactly one of {', '.join(STEP_KEYS)}")
    return kinds[0]
