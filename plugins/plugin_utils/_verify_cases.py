# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Which test cases are run here, and what has to be done for each, stage by stage.

The steps of a case name people and places by what they are (`inside`, `outside_offline`, `public`, `partner_gateway`);
the context says who and where that is. What it has to hold: the documentation of the filter `verify_selection`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ._verify_catalogue import MODES, WORDS, Case, CaseError, check, kind_of

Context = Mapping[str, Any]
Stage = dict[str, Any]


def selection(catalogue: Sequence[Case], context: Context) -> list[dict[str, Any]]:
    """Every case with `skip`, the reason why it is not run here, or nothing. Raises `CaseError`."""
    known: set[str] = set()
    if isinstance(context.get("only"), str):
        raise CaseError(f"verify_only: {context['only']!r} is not a list; write [{context['only']}]")
    for case in catalogue:
        check(case, known)
        known.add(case["id"])
    unknown = [str(name) for name in context.get("only", []) if name not in known]
    if unknown:
        raise CaseError(f"verify_only: no such case: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return [{**case, "skip": next(_reasons(case, context), "")} for case in catalogue]


def stages(case: Case, context: Context) -> list[Stage]:
    """What has to be done, in order: `{"kind": "client", "host": ..., "calls": [...]}`, what people of one host do in
    one round trip, or `{"kind": <kind>, ...}` with what the step says, names replaced by what they mean here."""
    found: list[Stage] = []
    for step in case["steps"]:
        kind = kind_of(case, step)
        if kind != "person":
            found.append(_single(kind, step, context))
            continue
        person = context["people"][step["person"]]
        patient = bool(step.get("patient"))
        stage: Stage = {"kind": "client", "host": person["host"], "program": person["program"], "patient": patient}
        # What is tried again is tried alone: an inbox is empty the second time.
        if patient or not found or {**found[-1], "calls": ""} != {**stage, "calls": ""}:
            found.append({**stage, "calls": []})
        found[-1]["calls"].append(_call(step, context))
    return found


def community_undo(case: Case, before: Mapping[str, Any]) -> dict[str, Any]:
    """What takes back the changes that a case makes in the gateway's database; `before` is the state of
    `stgw_community` from before, and what the case names in it comes back as it was."""
    changed = [step for step in case["steps"] if "community" in step]
    properties = {name for step in changed for name in step.get("properties", {})}
    known = before["communities"]
    return {
        "properties": {name: before["properties"].get(name) for name in sorted(properties)},
        "communities": [
            {"name": name, "users": known[name]["users"], "excluded_users": known[name]["excluded_users"]}
            for name in sorted(known)
            if known[name]["type"] != "local" and any(step.get("communities") for step in changed)
        ],
    }


# -- why it is not run -------------------------------------------------------------------------------------------------
def _reasons(case: Case, context: Context) -> Iterator[str]:
    only = context.get("only", [])
    if only and case["id"] not in only:
        yield "not among verify_only"
    if context["mode"] not in case["modes"]:
        yield f"applies to {' and to '.join(MODES[mode] for mode in case['modes'])}; here is {MODES[context['mode']]}"
    transports = case.get("transports", [])
    if transports and context["transport"] not in transports:
        yield f"applies to {' and '.join(transports)}; the plan of this site says {context['transport']}"
    if case.get("disruptive") and not context["disruptive"]:
        yield "interrupts the service: run with -e verify_disruptive=true"
    for need in case.get("needs", []):
        # A need that nobody knows is one that nobody meets.
        reason = context["needs"].get(need, f"nothing here is known as {need}")
        if reason:
            yield reason
    for step in case["steps"]:
        yield from _missing(step, context)


def _missing(step: Mapping[str, Any], context: Context) -> Iterator[str]:
    for key in ("person", "contact", "sender", "recipient"):
        name = step.get(key)
        if name is None or (key != "person" and "@" in name):
            continue
        person = context["people"].get(name)
        if person is None:
            yield f"the inventory names no person for `{name}` (stgw_verify_people of a Sametime server)"
        elif key == "person" and not person["found"]:
            yield f"{person['host']} has no client program {person['program']} (stgw_verify_client)"
    for key in ("from", "to"):
        if key in step and step[key] not in context["places"]:
            yield f"there is no {step[key].replace('_', ' ')} in this inventory"


# -- what a step means here --------------------------------------------------------------------------------------------
def _address(name: str, context: Context) -> str:
    """Of a person of the tests; an address is what it is, with what stands for `{name}` in it."""
    return str(_filled(name, context) if "@" in name else context["people"][name]["address"])


def _call(step: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """A call of the client program: its words, and what is expected of it."""
    values = {"seconds": context["seconds"], **step}
    if "contact" in values:
        values["contact"] = _address(values["contact"], context)
    if "text" in values:
        values["text"] = _text(values["text"], context)
    words = [str(values[word]) for word in WORDS[step["does"]] if values.get(word) not in (None, "")]
    expect = dict(_filled(step.get("expect", {}), context))
    if "message" in expect:
        expect["message"] = _text(expect["message"], context)
    side = "out" if step["person"].startswith("inside") else "in"
    person = _address(step["person"], context)
    return {"words": [person, step["does"], *words], "expect": expect, "does": step["does"], "side": side}


def _text(text: str, context: Context) -> str:
    """A message is known again by the run: an old one in an inbox is not taken for it."""
    return f"{text} ({context['run']})"


def _single(kind: str, step: Mapping[str, Any], context: Context) -> Stage:
    if kind != "probe":
        return {"kind": kind, **_filled(step, context)}
    place, source = context["places"][step["to"]], context["places"][step["from"]]
    options = {
        "host": place["address"],
        "port": step.get("port", place.get("port")),
        "transport": step.get("transport", context["transport"]),
        "method": step["probe"],
        "sender": _address(step.get("sender", ""), context) if step.get("sender") else None,
        "recipient": _address(step.get("recipient", ""), context) if step.get("recipient") else None,
        "text": _text(step["text"], context) if step.get("text") else None,
        "timeout": context["seconds"],
        "inside": context["inside"] if step.get("outside", True) else [],
        "expect": _filled(step.get("expect", {}), context),
    }
    # WebSphere's SIP proxy alone leaves the members' addresses where no partner looks: docs/nat.md.
    partly = context["mode"] == "was" and bool(options["expect"].pop("no_inside", False))
    return {
        "kind": "probe",
        "partly_public": partly,
        "host": source["host"],
        "options": {key: value for key, value in options.items() if value is not None},
        "headers": _filled(step.get("headers", {}), context),
        "patient": bool(step.get("patient")),
    }


def _filled(value: Any, context: Context) -> Any:
    """`{public_name}` and its kin in texts: the names and ports that the plan has here, and the people's addresses."""
    if isinstance(value, str):
        people = {name: person["address"] for name, person in context["people"].items()}
        for name, meaning in {**people, **context["values"]}.items():
            value = value.replace("{" + name + "}", str(meaning))
        return value
    if isinstance(value, Mapping):
        return {key: _filled(item, context) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(item, context) for item in value]
    return value
