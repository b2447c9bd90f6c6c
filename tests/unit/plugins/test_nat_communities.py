"""The external communities of a site: connections of the NAT plan, access of the inventory, and contradictions."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from plugins.filter.nat import nat_communities, nat_plan
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
        (
            {"partner": {"type": "aol"}},
            r"partner\.type: aol takes tls, and by the NAT plan rtp_cluster reaches it over tcp",
        ),
        ({"partner": {"type": "xmpp"}}, r"partner\.type: xmpp speaks XMPP, and partner is a partner of the NAT plan"),
        ({"partner": {"type": "icq"}}, r"partner\.type: 'icq' is unknown; write sametime or aol or yahoo"),
        ({"jabber": {"type": "xmpp"}}, r"jabber: .* no inbound rule of rtp_cluster leads to its XMPP proxy, port 5269"),
        ({"jabber": {"type": "aol"}}, r"jabber: no partner of rtp_cluster"),
        ({"partners": {}}, r"stgw_communities\.partners: no partner of rtp_cluster; its partners are partner: add it"),
    ],
)
def test_contradictions_with_the_plan_are_refused(declared: dict[str, Any], said: str) -> None:
    with pytest.raises(AnsibleFilterError, match=f"nat_communities: .*{said}"):
        communities("rtp_cluster", declared)


JABBER = {"type": "xmpp", "host": "im.example", "port": 5269, "transport": "tcp", "domains": ["im.example"]}


def with_xmpp_rule() -> list[dict[str, Any]]:
    sites = copy.deepcopy(SCENARIO)
    rule = {**sites[0]["router"]["inbound"][0], "public_port": 5269, "private_port": 5269}
    sites[0]["router"]["inbound"].append(rule)
    (entry, *_) = sites[0]["entry_points"]
    sites[0]["ports_in_use"] = [{"host": entry["host"], "protocol": "tcp", "port": 5269, "by": "XMPP proxy"}]
    return sites


def test_what_speaks_xmpp_is_none_of_the_plan_but_has_to_be_let_in() -> None:
    found = communities("rtp_cluster", {"jabber": JABBER}, sites=with_xmpp_rule())
    assert [one["name"] for one in found] == ["partner", "jabber"]
    assert found[1] == {"name": "jabber", **JABBER}
    # Its rule is none that SIP goes by.
    assert communities("rtp_partner", sites=with_xmpp_rule())[0]["port"] == 5062
    # A site that is not behind a NAT is reached anyway.
    assert communities("rtp_partner", {"jabber": JABBER})[1]["host"] == "im.example"


def test_a_rule_for_xmpp_needs_its_port_to_be_told() -> None:
    sites = with_xmpp_rule()
    told = [finding["id"] for finding in nat_plan(sites)["findings"]]
    del sites[0]["ports_in_use"]
    untold = [finding["id"] for finding in nat_plan(sites)["findings"]]
    assert sorted(untold) == sorted([*told, "inbound-target"])


def test_the_domains_of_a_service_are_its_own() -> None:
    sites = stranger()
    sites[0]["transport"] = sites[0]["partners"][0]["transport"] = "tls"
    for entry in sites[0]["entry_points"]:
        if entry["kind"] == "nat_proxy":
            entry["ports"] = {"tls": 5062}
    (community,) = communities("rtp_cluster", {"third": {"type": "aol"}}, sites=sites)
    assert (community["type"], community["transport"]) == ("aol", "tls")
    assert "domains" not in community


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
