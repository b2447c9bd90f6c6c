"""The explanation of a NAT plan: what goes where, and where it says that a plan is wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest

from plugins.plugin_utils._nat_entries import UNKNOWN, Entry, entries
from plugins.plugin_utils._nat_explain import explanation
from plugins.plugin_utils._nat_plan import plan
from tests.unit.plugins.test_nat_plan import GOOD, SCENARIO, WRONG, changed, good


def explained(sites: list[dict[str, Any]], names: dict[str, Any] | None = None) -> str:
    return explanation(sites, plan(sites, names))


def values(sites: list[dict[str, Any]], place: str) -> dict[str, list[str]]:
    """What is entered at a place, by what it is."""
    found: dict[str, list[str]] = {}
    for entry in entries(plan(sites))[place]:
        found.setdefault(entry.what, []).append(entry.value)
    return found


def test_what_goes_where_in_the_scenario() -> None:
    here = values(SCENARIO, "rtp_cluster")
    assert here["inbound rule"] == ["tcp to 9.42.124.45:5062 goes to 9.42.111.5:5062"]
    assert here["outbound rule"] == ["from 9.42.111.5 leaves as 9.42.124.46, ports stay"]
    assert here["cell property"] == ["com.ibm.sametime.gateway.fqdn = rtp_nat.ibm.com"]
    assert here["sprayer of sipproxy1"] == ["TCP host rtp_natpool1.ibm.com, TCP port 5060; enable this one only"]
    assert here["external community partner"] == ["host sipproxy1.rtp.example, port 5062, transport tcp"]
    assert here["SIP NAT proxy"] == [
        "listens on 9.42.111.5:5062 (tcp)",
        "public host and port rtp_nat.ibm.com:5062",
        "sends to partners as rtp_natpool1.ibm.com",
        "hands over to 9.42.111.5:5060",
        "sends what is for partner to stgw2.partner.example:5060",
        "lets in 9.42.124.60",
    ]
    assert here["DNS"] == ["rtp_nat.ibm.com is 9.42.124.45", "rtp_natpool1.ibm.com is 9.42.124.46"]
    there = values(SCENARIO, "rtp_partner")
    assert there["external community cluster"] == ["host rtp_nat.ibm.com, port 5062, transport tcp"]
    assert not {"cell property", "inbound rule", "certificate"} & set(there)


def test_without_a_sip_nat_proxy_the_external_community_names_the_partner_itself() -> None:
    assert values(good("one_address"), "home")["external community away"] == [
        "host gw.away.example, port 5060, transport tcp"
    ]


def test_who_has_not_entered_a_partner_yet_has_to_enter_its_own_sip_nat_proxy() -> None:
    sites = changed({"of": "nat_proxy", "set": {"0.partners": []}})
    assert values(sites, "home")["external community away"] == ["host proxy1.home.example, port 5062, transport tcp"]


def test_tls_has_another_sprayer_and_a_certificate() -> None:
    sites = good("tls")
    here = values(sites, "home")
    assert here["sprayer of proxy1"][0].startswith("SSL host ")
    assert here["certificate"] == [f"common name {plan(sites)['sites']['home']['inbound']['name']}"]


def test_an_address_of_ipv6_is_written_with_brackets_before_a_port() -> None:
    rule = good("ipv6")[0]["router"]["inbound"][0]
    assert f"[{rule['public_address']}]:{rule['public_port']}" in values(good("ipv6"), "home")["inbound rule"][0]


def test_a_partner_who_is_not_in_the_plan_is_told_what_to_enter() -> None:
    found = entries(plan(good("two_nats")))
    strangers = [name for name in found if name.startswith("partner ")]
    assert strangers
    for name in strangers:
        assert [entry for entry in found[name] if entry.what.startswith("external community ")], name


def test_a_partner_is_told_even_if_its_site_has_no_community_for_us() -> None:
    sites = changed({"of": "one_address", "set": {"1.partners": []}})
    dialled = values(sites, "away")["external community home"]
    assert dialled == ["host stgw.home.example, port 5060, transport tcp"]


def test_what_cannot_be_derived_is_said_and_not_guessed() -> None:
    sites = changed({"of": "nat_proxy", "set": {"0.router.inbound": [], "0.router.outbound": []}})
    here = values(sites, "home")
    assert here["inbound rule"] == here["outbound rule"] == [UNKNOWN]
    assert values(sites, "away")["external community home"] == [UNKNOWN]
    assert "Nobody knows what away has to dial" in explained(sites)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_plan_is_explained_without_alarm(name: str) -> None:
    text = explained(good(name))
    assert not re.search(r"ENDS HERE|OPEN CONNECTION ONLY|Nobody knows", text)
    assert UNKNOWN not in text


@pytest.mark.parametrize("name", ["scenario", *GOOD])
def test_the_text_is_as_wide_as_a_terminal_and_has_no_blanks_at_the_ends(name: str) -> None:
    text = explained(SCENARIO if name == "scenario" else good(name))
    lines = text.splitlines()
    assert max(map(len, lines)) <= 160
    assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case['finding']}-{case['of']}")
def test_every_wrong_plan_is_explained_with_its_finding(case: dict[str, Any]) -> None:
    text = explained(changed(case), case.get("names"))
    table = text[text.index("FINDINGS") :]
    assert re.search(rf"^{case['severity']} +{case['finding']} ", table, re.MULTILINE)


def test_a_hop_shows_what_it_changes_and_nothing_else() -> None:
    text = explained(SCENARIO)
    invite = text[text.index("INVITE of rtp_cluster") : text.index("200 of rtp_partner")]
    last = invite[invite.index("\n4  ") :].splitlines()
    assert re.fullmatch(r"4  .* packet from +9\.42\.111\.5:any +9\.42\.124\.46:any", last[1])
    assert "Contact" not in "".join(last)
    third = invite[invite.index("\n3  ") : invite.index("\n4  ")]
    assert re.search(r"Contact +9\.42\.111\.2:5060 +rtp_nat\.ibm\.com:5062", third)


def test_an_open_connection_is_no_proof() -> None:
    case = next(case for case in WRONG if (case["finding"], case["of"]) == ("advertised-port", "one_address"))
    assert "IT ARRIVES ON THE OPEN CONNECTION ONLY, a new one ends here: the router of home has no" in explained(
        changed(case)
    )


def test_entries_are_texts() -> None:
    assert all(isinstance(text, str) for found in entries(plan(SCENARIO)).values() for entry in found for text in entry)
    assert Entry._fields == ("what", "value", "where")
