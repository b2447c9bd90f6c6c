"""Which test cases are run, and what has to be done for each."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from plugins.plugin_utils._verify_cases import community_undo, selection, stages
from plugins.plugin_utils._verify_catalogue import CaseError

ROLE = Path(__file__).parents[4] / "roles/verify"
CASES: list[dict[str, Any]] = [
    case
    for name in ("cases", "disruptive")
    for cases in yaml.safe_load((ROLE / f"vars/main/{name}.yml").read_text("utf-8")).values()
    for case in cases
]
# Files that take the place of a step; an undo has a file of its own.
STAGES = {file.stem for file in (ROLE / "tasks/stages").glob("*.yml")}
UNDOS = {file.stem for file in (ROLE / "tasks/undo").glob("*.yml")}

NEEDS = "several_members one_sip_proxy nat_proxies linux_router other_public_port sprayer database"
ALICE, BOB = "alice@rtp.example", "bob@partner.example"


def person(address: str, host: str, *, found: bool = True) -> dict[str, Any]:
    return {"address": address, "host": host, "program": "/opt/stclient/stclient", "found": found}


def context(**changes: Any) -> dict[str, Any]:
    """One in which every case but those for TLS can be run."""
    people = {name: person(f"{name}@rtp.example", "stsrv1") for name in ("inside2", "inside_offline")}
    people |= {name: person(f"{name}@partner.example", "stsrv2") for name in ("outside2", "outside_offline")}
    return {
        "mode": "both", "transport": "tcp", "disruptive": True, "only": [], "seconds": 10, "run": "r1",
        "people": {**people, "inside": person(ALICE, "stsrv1"), "outside": person(BOB, "stsrv2")},
        "places": {
            "public": {"address": "stgw.rtp.example", "port": 5062}, "partner_gateway": {"host": "stgw2"},
            "sip_proxy": {"address": "192.0.2.5", "port": 5060}, "inside_server": {"host": "stsrv1"},
        },
        "inside": ["192.0.2.0/24"],
        "values": {"public_name": "stgw.rtp.example", "nobody": "nobody", "site_domain": "rtp.example"},
        "needs": dict.fromkeys(NEEDS.split(), ""),
        **changes,
    }  # fmt: skip


def case(**changes: Any) -> dict[str, Any]:
    step = {"person": "inside", "does": "presence", "contact": "outside", "expect": {"status": "online"}}
    return {"id": "x", "group": "G", "title": "T", "expected": "E", "modes": ["both"], "steps": [step], **changes}


def skipped(one: dict[str, Any], **changes: Any) -> str:
    return str(selection([one], context(**changes))[0]["skip"])


# -- the catalogue -----------------------------------------------------------------------------------------------------
def test_every_case_of_the_role_can_be_run_where_all_is_there() -> None:
    for one in selection(CASES, context()):
        if "tls" in one.get("transports", []):
            assert "tcp" in one["skip"]
        elif "both" in one["modes"]:
            assert one["skip"] == "", one["id"]
            assert {stage["kind"] for stage in stages(one, context())} <= STAGES


def test_every_mode_has_cases_for_presence_messages_and_addresses() -> None:
    for mode in ("both", "was", "sipnat"):
        run = [one for one in selection(CASES, context(mode=mode, disruptive=False)) if not one["skip"]]
        assert {one["group"] for one in run} >= {"Presence", "Messages", "Addresses", "Access"}, mode


def test_a_case_that_breaks_something_puts_it_back() -> None:
    broken = {"servers": "servers", "community": "community", "cell": "cell", "router": "router"}
    for one in CASES:
        kinds = {broken[key] for step in one["steps"] for key in broken if key in step}
        assert kinds == set(one.get("undo", [])), one["id"]
        assert set(one.get("undo", [])) <= UNDOS, one["id"]
        # What is not there any more for a while interrupts the service.
        assert bool(kinds or {"nat_proxy", "translations"} & {key for step in one["steps"] for key in step}) == bool(
            one.get("disruptive")
        ), one["id"]


def test_the_page_tells_every_case_need_and_name() -> None:
    page = (ROLE.parents[1] / "docs/verify.md").read_text("utf-8")
    told = set(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", page, flags=re.DOTALL)))
    assert {one["id"] for one in CASES} <= told
    assert {need for one in CASES for need in one.get("needs", [])} == set(NEEDS.split()) <= told
    braces = set(re.findall(r"\{[a-z_]+\}", json.dumps(CASES)))
    people = {f"{{{name}}}" for name in context()["people"]}
    assert braces - people - {"{nobody}", "{unknown_domain}"} <= told


# -- selection ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"modes": ["sipnat"]}, "applies to the SIP NAT proxy in front of a standalone gateway; here is"),
        ({"transports": ["tls"]}, "the plan of this site says tcp"),
        ({"needs": ["unheard_of"]}, "nothing here is known as unheard_of"),
    ],
)
def test_what_cannot_be_run_here_tells_why(changes: dict[str, Any], reason: str) -> None:
    assert reason in skipped(case(**changes))


def test_a_person_or_a_place_that_the_inventory_does_not_have_is_a_reason() -> None:
    assert "no person for `inside`" in skipped(
        case(steps=[{"person": "inside", "does": "close", "contact": "outside"}]), people={}
    )
    probe = {"probe": "OPTIONS", "from": "partner_gateway", "to": "sip_proxy"}
    assert "no partner gateway in this inventory" in skipped(case(steps=[probe]), places={})


def test_cases_are_chosen_by_name_and_by_what_they_do() -> None:
    assert skipped(case(), only=["x"]) == ""
    assert "verify_disruptive" in skipped(case(disruptive=True), disruptive=False)
    assert skipped(case(disruptive=True)) == ""
    assert skipped(case(needs=["database"]), needs={"database": "no DB2"}) == "no DB2"
    with pytest.raises(CaseError, match="verify_only: 'x' is not a list"):
        skipped(case(), only="x")
    with pytest.raises(CaseError, match=r"verify_only: no such case: y; there are x"):
        selection([case()], context(only=["y"]))


def test_without_a_client_a_probe_is_still_sent() -> None:
    people = {"inside": person(ALICE, "stsrv1", found=False), "outside": person(BOB, "stsrv2", found=False)}
    probe = {
        "probe": "SUBSCRIBE",
        "from": "partner_gateway",
        "to": "public",
        "sender": "outside",
        "recipient": "inside",
    }
    assert "stsrv1 has no client program" in skipped(case(), people=people)
    assert skipped(case(steps=[probe]), people=people) == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"steps": []}, "case x: steps missing"),
        ({"colour": "red"}, "colour unknown"),
        ({"modes": ["ipv6"]}, "ipv6 is no mode"),
        ({"steps": [{"person": "inside", "does": "dance"}]}, "does: 'dance' is unknown"),
        ({"steps": [{"person": "inside3", "does": "set", "status": "online"}]}, "person: 'inside3' is unknown"),
        ({"steps": [{"person": "inside", "does": "close", "contact": "outsid"}]}, "contact: 'outsid' is unknown"),
        ({"steps": [{"person": "inside", "does": "say", "contact": "outside"}]}, "text missing in step"),
        ({"steps": [{"probe": "OPTIONZ", "from": "partner_gateway", "to": "public"}]}, "probe: 'OPTIONZ' is unknown"),
        ({"steps": [{"probe": "OPTIONS", "from": "moon", "to": "public"}]}, "from: 'moon' is unknown"),
        ({"steps": [{"probe": "OPTIONS", "from": "partner_gateway"}]}, "to missing in step"),
        ({"steps": [{"does": "close"}]}, "exactly one of"),
        ({"steps": [{"probe": "OPTIONS", "wait": 1}]}, "exactly one of"),
        ({"steps": [{"probe": "OPTIONS", "recepient": "inside"}]}, "recepient unknown; a step with probe"),
        ({"steps": [{"nat_proxy": 1, "state": "killed"}]}, "state unknown; a step with nat_proxy may have nothing"),
        ({"undo": ["everything"]}, "everything cannot be put back"),
    ],
)
def test_a_case_that_cannot_be_understood_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(CaseError, match=words):
        selection([case(**changes)], context())


def test_two_cases_of_one_name_are_refused() -> None:
    with pytest.raises(CaseError, match="two of that id"):
        selection([case(), case()], context())


# -- stages ------------------------------------------------------------------------------------------------------------
def test_people_of_one_host_do_one_round_trip() -> None:
    steps = [
        {"person": "inside", "does": "forget", "contact": "outside"},
        {"person": "inside2", "does": "say", "contact": "outside", "text": "hello", "expect": {"sent": "yes"}},
        {"person": "outside", "does": "inbox", "contact": "inside", "expect": {"message": "hello"}, "patient": True},
        {"wait": 3},
        {"person": "inside", "does": "presence", "contact": "outside", "status": "away"},
    ]
    first, second, wait, last = stages(case(steps=steps), context())
    assert [(stage["host"], stage["patient"]) for stage in (first, second)] == [("stsrv1", False), ("stsrv2", True)]
    assert [call["words"] for call in first["calls"]] == [
        [ALICE, "forget", BOB],
        ["inside2@rtp.example", "say", BOB, "hello (r1)", "10"],
    ]
    assert second["calls"][0]["expect"] == {"message": "hello (r1)"}
    assert wait == {"kind": "wait", "wait": 3}
    assert last["calls"][0]["words"] == [ALICE, "presence", BOB, "10", "away"]


def test_a_probe_gets_names_and_addresses_of_this_place() -> None:
    step = {
        "probe": "SUBSCRIBE", "from": "partner_gateway", "to": "public", "sender": "outside",
        "recipient": "{nobody}@{site_domain}", "expect": {"status": [404], "hosts": {"Contact": ["{public_name}"]}},
        "headers": {"Record-Route": "{public_name}"},
    }  # fmt: skip
    (stage,) = stages(case(steps=[step]), context())
    assert stage["host"] == "stgw2"
    assert stage["headers"] == {"Record-Route": "stgw.rtp.example"}
    assert not stage["partly_public"]
    assert stage["options"] == {
        "host": "stgw.rtp.example", "port": 5062, "transport": "tcp", "method": "SUBSCRIBE", "sender": BOB,
        "recipient": "nobody@rtp.example", "timeout": 10, "inside": ["192.0.2.0/24"],
        "expect": {"status": [404], "hosts": {"Contact": ["stgw.rtp.example"]}},
    }  # fmt: skip


def test_only_without_the_nat_proxy_the_inside_may_be_seen_where_nobody_looks() -> None:
    step = {"probe": "OPTIONS", "from": "partner_gateway", "to": "public", "expect": {"no_inside": True}}
    for mode, told, partly in (("both", {"no_inside": True}, False), ("was", {}, True)):
        (stage,) = stages(case(steps=[step]), context(mode=mode))
        assert (stage["options"]["expect"], stage["partly_public"]) == (told, partly)


def test_what_is_tried_again_is_tried_alone() -> None:
    inbox = {"person": "inside", "does": "inbox", "contact": "outside"}
    say = {"person": "inside", "does": "say", "contact": "outside", "text": "a", "patient": True}
    found = stages(case(steps=[inbox, say, inbox]), context())
    assert [(len(stage["calls"]), stage["patient"]) for stage in found] == [(1, False), (1, True), (1, False)]


# -- undo --------------------------------------------------------------------------------------------------------------
def test_what_a_case_changed_in_the_database_comes_back() -> None:
    external = {"type": "sametime", "users": ["*"], "excluded_users": ["amy@rtp.example"]}
    before = {"properties": {"blacklist": "spam.example"}, "communities": {"local": {"type": "local"}, "p": external}}
    limits = case(steps=[{"community": "c", "properties": {"blacklist": "x", "maxIMSessions": 0}}])
    assert community_undo(limits, before) == {
        "properties": {"blacklist": "spam.example", "maxIMSessions": None},
        "communities": [],
    }
    users = case(steps=[{"community": "c", "communities": [{"name": "p", "excluded_users": [ALICE]}]}])
    assert community_undo(users, before) == {
        "properties": {},
        "communities": [{"name": "p", "users": ["*"], "excluded_users": ["amy@rtp.example"]}],
    }
