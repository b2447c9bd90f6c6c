"""The NAT plan: what is derived, and one finding for each wrong plan."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from plugins.plugin_utils import _nat_check
from plugins.plugin_utils._nat_plan import plan

DATA = Path(__file__).with_name("nat")
GOOD: dict[str, list[dict[str, Any]]] = yaml.safe_load((DATA / "good.yml").read_text("utf-8"))
SCENARIO: list[dict[str, Any]] = yaml.safe_load((DATA / "scenario.yml").read_text("utf-8"))
WRONG: list[dict[str, Any]] = [
    case for file in sorted(DATA.glob("wrong_*.yml")) for case in yaml.safe_load(file.read_text("utf-8"))
]


def good(name: str) -> list[dict[str, Any]]:
    """A good plan to change: no part of it is shared with another one."""
    sites: list[dict[str, Any]] = json.loads(json.dumps(GOOD[name]))
    return sites


def changed(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sites of a wrong plan."""
    sites = good(case["of"])
    for path in case.get("remove", ()):
        parent, key = _parent(sites, path)
        del parent[key]
    for path, value in case.get("set", {}).items():
        parent, key = _parent(sites, str(path))
        if isinstance(parent, list) and key == len(parent):
            parent.append(value)
        else:
            parent[key] = value
    return sites


def _parent(sites: list[dict[str, Any]], path: str) -> tuple[Any, Any]:
    here: Any = sites
    *steps, last = (int(step) if step.isdigit() else step for step in str(path).split("."))
    for step in steps:
        here = here.setdefault(step, {}) if isinstance(here, dict) else here[step]
    return here, last


def judged(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return [finding for finding in found if finding["severity"] != "info"]


@pytest.mark.parametrize("name", GOOD)
def test_a_good_plan_has_no_error_and_no_warning(name: str) -> None:
    assert judged(plan(good(name))["findings"]) == []


def _case(case: Mapping[str, Any]) -> str:
    return f"{case['finding']}-{case['of']}-{re.sub(r'[^a-z0-9.]+', '-', case['found'])}"


@pytest.mark.parametrize("case", WRONG, ids=_case)
def test_a_wrong_plan_has_the_one_finding(case: Mapping[str, Any]) -> None:
    found = judged(plan(changed(case), case.get("names"))["findings"])
    assert {(finding["id"], finding["severity"]) for finding in found} == {(case["finding"], case["severity"])}
    assert any(case["found"] in finding["found"] for finding in found), found
    assert all(finding["wanted"] and finding["cure"] for finding in found)


def test_every_check_has_a_wrong_plan_and_every_finding_is_documented() -> None:
    """A check is called after its finding; one that shares a finding with others says more in its name."""
    ids = {case["finding"] for case in WRONG}
    checks = [check.__name__.replace("_", "-") for check in (*_nat_check.SITE_CHECKS, *_nat_check.WORLD_CHECKS)]
    of_check = {check: max((one for one in ids if check.startswith(one)), key=len, default="") for check in checks}
    assert all(of_check.values()), of_check
    assert set(of_check.values()) == ids
    section = (Path(__file__).parents[3] / "docs/nat.md").read_text("utf-8").partition("## Findings")[2]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", section.partition("\n## ")[0], re.MULTILINE)) == ids


def scenario() -> list[dict[str, Any]]:
    """The scenario's sites, to be changed."""
    sites: list[dict[str, Any]] = json.loads(json.dumps(SCENARIO))
    return sites


def without_nat_proxy(sites: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The SIP proxy itself listens where the router's rule leads."""
    del sites[0]["entry_points"][1]
    sites[0]["entry_points"][0]["ports"] = {"tcp": 5062}
    return sites


UNDERSCORES = {("name-illegal", "rtp_nat.ibm.com: underscore"), ("name-illegal", "rtp_natpool1.ibm.com: underscore")}


def test_the_scenario_gives_warnings_only() -> None:
    found = judged(plan(scenario())["findings"])
    assert {finding["severity"] for finding in found} == {"warning"}
    assert {(finding["id"], finding["found"]) for finding in found} == UNDERSCORES | {
        ("advertised-port", "sprayer port 5060, which the SIP NAT proxy hides")
    }


def test_the_scenario_without_a_sip_nat_proxy_gives_warnings_only() -> None:
    found = judged(plan(without_nat_proxy(scenario()))["findings"])
    assert {finding["severity"] for finding in found} == {"warning"}
    assert {(finding["id"], finding["found"]) for finding in found} == UNDERSCORES | {
        ("advertised-port", "Record-Route, Contact of sipproxy1 say rtp_nat.ibm.com (9.42.124.45) port 5060"),
        (
            "sprayer-not-mapped",
            "answers by Via of sipproxy1 go to rtp_natpool1.ibm.com (9.42.124.46) port 5060, which no rule leads to it",
        ),
    }


def test_what_the_scenario_has_to_enter_where() -> None:
    sites = plan(scenario())["sites"]
    cluster, partner = sites["rtp_cluster"], sites["rtp_partner"]
    assert cluster["inbound"] == {"name": "rtp_nat.ibm.com", "address": "9.42.124.45", "port": 5062}
    assert cluster["outbound"] == {"name": "rtp_natpool1.ibm.com", "address": "9.42.124.46"}
    assert cluster["cell_property"] == {"name": "com.ibm.sametime.gateway.fqdn", "value": "rtp_nat.ibm.com"}
    assert cluster["sprayers"] == [
        {"host": "sipproxy1", "transport": "tcp", "sprayer_host": "rtp_natpool1.ibm.com", "port": 5060}
    ]
    (community,) = partner["partners"]
    assert (community["host"], community["port"], community["transport"]) == ("rtp_nat.ibm.com", 5062, "tcp")
    (community,) = cluster["partners"]
    assert (community["host"], community["port"]) == ("stgw2.partner.example", 5060)
    assert community["connection"] == {
        "host": "sipproxy1.rtp.example",
        "address": "9.42.111.5",
        "port": 5062,
        "transport": "tcp",
    }
    assert {(entry["name"], entry["address"], *entry["sides"]) for entry in cluster["dns"]} == {
        ("rtp_nat.ibm.com", "9.42.124.45", "rtp_cluster", "rtp_partner"),
        ("rtp_natpool1.ibm.com", "9.42.124.46", "rtp_cluster", "rtp_partner"),
    }
    proxy = cluster["nat_proxy"]
    assert [(one["address"], one["port"]) for one in proxy["listen"]] == [("9.42.111.5", 5062)]
    assert [(one["address"], one["port"]) for one in proxy["upstreams"]] == [("9.42.111.5", 5060)]
    assert proxy["partners"] == [{"name": "partner", "address": "9.42.124.60"}]
    assert (partner["cell_property"], partner["sprayers"], partner["router"], partner["nat_proxy"]) == (
        None,
        [],
        None,
        None,
    )


def test_what_is_declared_is_derived_when_it_is_left_out() -> None:
    sites = without_nat_proxy(scenario())
    del sites[0]["sprayers"], sites[0]["cell_fqdn"]
    cluster = plan(sites)["sites"]["rtp_cluster"]
    assert cluster["cell_property"]["value"] == "rtp_nat.ibm.com"
    assert [(one["sprayer_host"], one["port"]) for one in cluster["sprayers"]] == [("rtp_natpool1.ibm.com", 5062)]


def test_each_sip_proxy_has_its_own_sprayer() -> None:
    sprayers = plan(good("two_nats"))["sites"]["home"]["sprayers"]
    assert [(one["host"], one["sprayer_host"], one["port"]) for one in sprayers] == [
        ("proxy1", "stgw.home.example", 5060),
        ("proxy2", "second.home.example", 5070),
    ]


def test_a_sip_proxy_without_rules_of_its_own_sends_through_the_sip_nat_proxy_of_another_host() -> None:
    sites = good("nat_proxy")
    del sites[0]["sprayers"]
    sites[0]["entry_points"].append(
        {
            "host": "proxy2",
            "name": "proxy2.home.example",
            "kind": "sip_proxy",
            "address": "192.0.2.6",
            "ports": {"tcp": 5060},
        }
    )
    made = plan(sites)
    assert judged(made["findings"]) == []
    assert [(one["host"], one["sprayer_host"]) for one in made["sites"]["home"]["sprayers"]] == [
        ("proxy1", "out.home.example"),
        ("proxy2", "out.home.example"),
    ]


def test_for_tls_the_certificate_has_the_name_that_partners_dial() -> None:
    sites = plan(good("tls"))["sites"]
    assert sites["home"]["inbound"] == {"name": "sips.home.example", "address": "203.0.113.47", "port": 5061}
    assert sites["home"]["certificate"] == {"common_name": "sips.home.example"}
    assert sites["away"]["certificate"] == {"common_name": "gw.away.example"}
    assert sites["home"]["sprayers"][0]["transport"] == "tls"


def test_a_certificate_without_the_name_of_the_sprayer_is_worth_knowing() -> None:
    """Not where the sprayer has the name that partners dial, and not behind a SIP NAT proxy, which hides it."""
    sites = good("tls")
    assert "certificate-name" not in {finding["id"] for finding in plan(sites)["findings"]}
    sites[0]["router"]["outbound"][0] |= {"public_address": "203.0.113.48", "name": "out.home.example"}
    found = [finding for finding in plan(sites)["findings"] if finding["id"] == "certificate-name"]
    assert [(finding["severity"], finding["cure"]) for finding in found] == [
        ("info", "have a certificate made out to out.home.example")
    ]
    sites[0]["entry_points"].append(sites[0]["entry_points"][0] | {"kind": "nat_proxy", "ports": {"tls": 5061}})
    sites[0]["entry_points"][0]["ports"] = {"tls": 5063}
    assert "certificate-name" not in {finding["id"] for finding in plan(sites)["findings"]}


def test_a_sip_nat_proxy_knows_the_addresses_that_partners_come_from() -> None:
    sites = good("two_nats")
    assert plan(sites)["sites"]["there"]["nat_proxy"]["partners"] == [
        {"name": "home", "address": "203.0.113.45"},
        {"name": "home", "address": "203.0.113.46"},
    ]


def test_the_router_comes_out_as_it_went_in() -> None:
    sites = scenario()
    sites[0]["router"]["outbound"][0] |= {"overload": True, "public_address": ["9.42.124.46", "9.42.124.47"]}
    assert plan(sites)["sites"]["rtp_cluster"]["router"] == sites[0]["router"]


def test_findings_have_errors_first_and_a_fixed_order() -> None:
    sites = scenario()
    sites[0]["router"]["sip_alg"] = True
    sites[1]["partners"] = []
    found = plan(sites)["findings"]
    assert [finding["severity"] for finding in found] == ["error", *["warning"] * 4, "info"]
    assert [(one["site"], one["id"]) for one in found[1:5]] == [
        ("rtp_cluster", "advertised-port"),
        ("rtp_cluster", "name-illegal"),
        ("rtp_cluster", "name-illegal"),
        ("rtp_partner", "partners-missing"),
    ]
    assert plan(sites)["findings"] == found


def test_a_partner_may_be_told_any_way_in_and_is_shown_that_one() -> None:
    """Two SIP proxies behind one public address, at a port of its own each."""
    sites = good("two_nats")
    community = {"name": "home", "site": "home", "host": "203.0.113.45", "port": 5070}
    sites[1]["partners"] = [community]
    made = plan(sites)
    assert judged(made["findings"]) == []
    (shown,) = made["sites"]["there"]["partners"]
    assert (shown["host"], shown["port"]) == ("stgw.home.example", 5070)
    community["port"] = 5062
    assert [(one["id"], one["found"]) for one in judged(plan(sites)["findings"])] == [
        ("partner-entry", "community home has port 5062")
    ]


def test_cells_that_do_not_talk_to_each_other_may_share_a_network() -> None:
    sites = good("one_address")
    beside = json.loads(json.dumps(sites[0]).replace("192.0.2.5", "192.0.2.15").replace("203.0.113.45", "203.0.113.55"))
    beside |= {"name": "beside", "nodes": []}
    for rule in (*beside["router"]["inbound"], *beside["router"]["outbound"]):
        rule["name"] = "beside.home.example"
    sites[1]["partners"].append({"name": "beside", "site": "beside"})
    assert judged(plan([*sites, beside])["findings"]) == []


def test_over_udp_an_answer_has_to_reach_the_sip_proxy_that_asked() -> None:
    """Both listen at 5060 and say 5070, the public port, which leads to the second one only."""
    sites = good("udp")
    first, router = sites[0]["entry_points"][0], sites[0]["router"]
    second = {"public_address": "203.0.113.46", "private_address": "192.0.2.6", "name": "second.home.example"}
    sites[0]["entry_points"].append({**first, "host": "proxy2", "address": "192.0.2.6"})
    router["outbound"].append(second)
    del router["inbound"][1]
    router["inbound"][0] |= {"public_port": 5070, "private_address": "192.0.2.6"}
    router["inbound"].append({**router["inbound"][0], **second})
    errors = [(one["id"], one["found"]) for one in plan(sites)["findings"] if one["severity"] == "error"]
    via = "answers by Via of proxy1 go to stgw.home.example (203.0.113.45) port 5070, which no rule leads to it"
    assert errors == [("sprayer-not-mapped", via)]
