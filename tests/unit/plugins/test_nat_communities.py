"""The external communities of a site: connections of the NAT plan, access of the inventory, and contradictions."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from plugins.filter.nat import nat_communities
from tests.unit.plugins.test_nat_plan import SCENARIO, good

DOMAINS = {"rtp_cluster": ["rtp.example"], "rtp_partner": ["Partner.Example"]}


def communities(site: str, declared: dict[str, Any] | None = None, **more: Any) -> list[dict[str, Any]]:
    return nat_communities(more.get("sites", SCENARIO), site, declared, more.get("domains", DOMAINS))


def test_behind_a_sip_nat_proxy_the_community_names_its_inside() -> None:
    assert communities("rtp_cluster", {"partner": {"users": ["*"], "im_sessions": 5}}) == [
        {
            "name": "partner",
            "host": "sipproxy1.rtp.example",
            "port": 5062,
            "transport": "tcp",
            "domains": ["partner.example"],
            "users": ["*"],
            "im_sessions": 5,
        }
    ]


def test_the_other_side_names_the_public_name_and_port() -> None:
    (community,) = communities("rtp_partner")
    assert (community["host"], community["port"]) == ("rtp_nat.ibm.com", 5062)
    assert community["domains"] == ["rtp.example"]
    assert "users" not in community


def test_without_a_sip_nat_proxy_the_community_names_the_partner() -> None:
    (community,) = communities("home", sites=good("one_address"), domains={"away": ["away.example"]})
    assert (community["host"], community["port"], community["transport"]) == ("gw.away.example", 5060, "tcp")


def stranger() -> list[dict[str, Any]]:
    sites = copy.deepcopy(SCENARIO)
    sites[0]["partners"] = [
        {"name": "third", "host": "gw.third.example", "port": 5061, "transport": "tcp", "address": "198.51.100.9"}
    ]
    return sites


def test_of_a_partner_who_is_not_in_the_plan_the_domains_are_declared() -> None:
    (community,) = communities("rtp_cluster", {"third": {"domains": ["Third.Example"]}}, sites=stranger())
    assert (community["host"], community["domains"]) == ("sipproxy1.rtp.example", ["third.example"])
    with pytest.raises(AnsibleFilterError, match=r"stgw_communities\.third\.domains: missing; say which"):
        communities("rtp_cluster", sites=stranger())


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"partner": {"port": 5060}}, r"partner\.port: 5060 contradicts the NAT plan, by which it is 5062"),
        ({"partner": {"host": "stgw2.partner.example"}}, r"partner\.host: 'stgw2.partner.example' contradicts"),
        ({"partner": {"transport": "udp"}}, r"partner\.transport: 'udp' contradicts"),
        ({"partner": {"domains": ["other.example"]}}, r"partner\.domains: other.example, but rtp_partner has partner"),
        ({"partner": {"user": ["*"]}}, r"partner\.user: unknown key; the keys are domains,"),
        ({"partners": {}}, r"stgw_communities\.partners: no partner of rtp_cluster; its partners are partner: add it"),
    ],
)
def test_contradictions_with_the_plan_are_refused(declared: dict[str, Any], said: str) -> None:
    with pytest.raises(AnsibleFilterError, match=f"nat_communities: .*{said}"):
        communities("rtp_cluster", declared)


def test_what_agrees_with_the_plan_may_be_said() -> None:
    told = {"host": "SIPPROXY1.rtp.example", "port": "5062", "transport": "tcp", "domains": ["partner.example"]}
    assert communities("rtp_cluster", {"partner": told}) == communities("rtp_cluster")


def test_a_partner_nobody_can_reach() -> None:
    sites = copy.deepcopy(SCENARIO)
    sites[0]["router"]["inbound"] = []
    with pytest.raises(AnsibleFilterError, match="does not know where rtp_cluster is reached"):
        communities("rtp_partner", sites=sites)


def test_a_partner_without_domains_of_its_own() -> None:
    with pytest.raises(AnsibleFilterError, match="or set stgw_community_domains for rtp_partner"):
        communities("rtp_cluster", domains={})


def test_a_site_that_is_not_in_the_plan() -> None:
    with pytest.raises(
        AnsibleFilterError, match="'rtp' is no site of the plan; the sites are rtp_cluster, rtp_partner"
    ):
        communities("rtp")


def test_values_of_another_kind_are_named() -> None:
    with pytest.raises(AnsibleFilterError, match=r"stgw_communities: \['partner'\] is not a mapping"):
        nat_communities(SCENARIO, "rtp_cluster", ["partner"], DOMAINS)  # type: ignore[arg-type]
    with pytest.raises(
        AnsibleFilterError, match=r"stgw_community_domains \(rtp_cluster\): 'rtp.example' is not a list"
    ):
        communities("rtp_cluster", domains={**DOMAINS, "rtp_cluster": "rtp.example"})
