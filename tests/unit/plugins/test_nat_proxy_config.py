"""The configuration that the NAT plan gives to a SIP NAT proxy is one that the proxy reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from sipnat import config
from sipnat.check import plan, proof
from sipnat.model import Config, Endpoint, Host, Listener, Outbound, Partner, Public, Upstream

from plugins.filter.nat import FilterModule

NAT = Path(__file__).parent / "nat"
SITES: list[dict[str, Any]] = yaml.safe_load((NAT / "scenario.yml").read_text("utf-8"))
GOOD: dict[str, list[dict[str, Any]]] = yaml.safe_load((NAT / "good.yml").read_text("utf-8"))
nat_proxy_config = FilterModule().filters()["nat_proxy_config"]


def read(sites: list[dict[str, Any]], *arguments: Any, **more: Any) -> Config:
    return config.read(json.dumps(nat_proxy_config(sites, *arguments, **more)))


def test_the_scenario() -> None:
    found = read(SITES, "sipproxy1")
    assert found.networks == ("9.42.111.0/24",)
    assert found.hosts == (
        Host(1, "stgpn1", ("9.42.111.2",), ("stgpn1.rtp.example",)),
        Host(2, "stgsn1", ("9.42.111.3",), ("stgsn1.rtp.example",)),
        Host(3, "sipproxy1", ("9.42.111.5",), ("sipproxy1.rtp.example",)),
    )
    assert found.upstreams == (Upstream("sipproxy1", Endpoint("9.42.111.5", 5060, "tcp")),)
    assert found.public == Public("rtp_nat.ibm.com", "9.42.124.45", {"tcp": 5062})
    assert found.outbound == Outbound("rtp_natpool1.ibm.com", "9.42.124.46", {"tcp": 5062})
    assert found.listeners == (Listener("9.42.111.5", 5062, "tcp"),)
    partner = Endpoint("9.42.124.60", 5060, "tcp")
    assert found.partners == (Partner("partner", partner, ("9.42.124.60/32",), ("stgw2.partner.example",)),)


def test_the_scenario_keeps_the_rules_of_the_proxys_own_check() -> None:
    found = read(SITES, "sipproxy1")
    assert [one for one in (*plan.findings(found), *proof.findings(found)) if one.severity == "error"] == []


def test_via_has_the_port_that_is_sent_from_when_the_router_changes_the_inbound_one() -> None:
    sites = yaml.safe_load((NAT / "scenario.yml").read_text("utf-8"))
    sites[0]["router"]["inbound"][0]["public_port"] = 5060
    found = read(sites, "sipproxy1")
    assert (found.public.ports, found.outbound.ports) == ({"tcp": 5060}, {"tcp": 5062})


def test_a_partner_behind_a_nat_may_send_from_its_outbound_address_and_is_dialled_at_its_inbound_one() -> None:
    sites = [dict(site) for site in GOOD["two_nats"]]
    sites[1]["partners"] = [{"name": "home", "site": "home"}]
    sites[0]["router"] = dict(sites[0]["router"])
    found = read(sites, "nat")
    assert [one.name for one in found.hosts] == ["gw", "nat"]
    assert found.partners[0].endpoint.address == "203.0.113.45"
    assert set(found.partners[0].networks) == {"203.0.113.45/32", "203.0.113.46/32"}
    assert set(found.partners[0].hosts) >= {"stgw.home.example", "second.home.example"}


def test_what_the_plan_cannot_know() -> None:
    found = read(
        SITES,
        "sipproxy1",
        ids={"stgsn1": 1},
        media={"stgpn1": "9.42.124.51"},
        domains={"partner": ["partner.example"]},
        settings={
            "inside": {"firewall": ["9.42.111.1"]},
            "limits": {"rate": 7},
            "listen": [{"address": "9.42.111.5", "port": 5070}],
            "public": {"ports": {"tcp": 5060}},
        },
    )
    assert [(one.name, one.id, one.media) for one in found.hosts] == [
        ("stgpn1", 2, "9.42.124.51"),
        ("stgsn1", 1, None),
        ("sipproxy1", 3, None),
    ]
    assert found.partners[0].domains == ("partner.example",)
    assert (found.firewall, found.networks) == (("9.42.111.1",), ("9.42.111.0/24",))
    assert (found.limits.rate, found.listeners[0].port, found.public.ports) == (7, 5070, {"tcp": 5060})


def test_the_plan_is_left_as_it_was() -> None:
    before = json.dumps(SITES)
    read(SITES, "sipproxy1", settings={"inside": {"domains": ["a.example"]}})
    assert json.dumps(SITES) == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"host": "stgpn1"}, "the hosts that have one are: sipproxy1"),
        ({"host": "sipproxy1", "ids": {"stgpn9": 1}}, "ids.stgpn9: unknown; the plan has stgpn1, stgsn1, sipproxy1"),
        ({"host": "sipproxy1", "media": {"x": "9.42.124.51"}}, "media.x: unknown"),
        ({"host": "sipproxy1", "domains": {"x": []}}, "domains.x: unknown; the plan has partner"),
        ({"host": "sipproxy1", "ids": {"stgpn1": 0}}, "ids.stgpn1: 0 is no id; write a whole number from 1 to 255"),
        ({"host": "sipproxy1", "ids": {"stgpn1": "1"}}, "ids.stgpn1: '1' is no id"),
        ({"host": "sipproxy1", "ids": {"stgpn1": 3, "stgsn1": 3}}, "ids.stgsn1: 3 is the id of stgpn1 too"),
        ({"host": "sipproxy1", "settings": ["limits"]}, "settings: ['limits'] is not a mapping"),
    ],
)
def test_arguments_that_lead_nowhere(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(AnsibleFilterError, match="nat_proxy_config: ") as caught:
        nat_proxy_config(SITES, **arguments)
    assert says in str(caught.value)


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_a_plan_without_a_rule_for_the_proxy(direction: str) -> None:
    sites = yaml.safe_load((NAT / "scenario.yml").read_text("utf-8"))
    sites[0]["router"][direction] = []
    with pytest.raises(AnsibleFilterError, match=rf"router\.{direction}: no rule for sipproxy1"):
        nat_proxy_config(sites, "sipproxy1")


def test_several_partners_need_domains() -> None:
    sites = yaml.safe_load((NAT / "scenario.yml").read_text("utf-8"))
    third = {"name": "third", "host": "sip.third.example", "port": 5060, "transport": "tcp", "address": "198.51.100.9"}
    sites[0]["partners"].append(third)
    with pytest.raises(AnsibleFilterError, match=r"domains\.partner: missing"):
        nat_proxy_config(sites, "sipproxy1")
    found = read(sites, "sipproxy1", domains={"partner": ["*"], "third": ["third.example"]})
    assert [one.domains for one in found.partners] == [("*",), ("third.example",)]
    assert found.partners[1].networks == ("198.51.100.9/32",)


def test_a_partner_without_an_address_that_is_known() -> None:
    sites = yaml.safe_load((NAT / "scenario.yml").read_text("utf-8"))
    sites[1]["entry_points"][0]["ports"] = {"tls": 5061}
    with pytest.raises(AnsibleFilterError, match=r"partners \(partner\): where it is reached is not known"):
        nat_proxy_config(sites, "sipproxy1")
