"""The table of ports: every flow, and what contradicts itself."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from plugins.filter.firewall import firewall_flows
from tests.unit.plugins.firewall import CLUSTER, MACHINES, PARTNER, Data, machine, scenario, speaking
from tests.unit.plugins.test_nat_plan import good


def flows(
    sites: list[Data] | None = None, machines: list[Data] | None = None, settings: Data | None = None
) -> list[Data]:
    made: list[Data] = firewall_flows(sites or scenario(), machines or MACHINES, settings)["flows"]
    return made


def findings(
    sites: list[Data] | None = None, machines: list[Data] | None = None, settings: Data | None = None
) -> list[tuple[str, str]]:
    made = firewall_flows(sites or scenario(), machines or MACHINES, settings)["findings"]
    return [(one["id"], one["found"]) for one in made if one["severity"] != "info"]


def short(row: Data) -> str:
    """A row as one line: who, to whom, what."""
    ends = [",".join(end["address"] for end in row[side]) for side in ("sources", "targets")]
    ports = ",".join(map(str, row["ports"]))
    return f"{row['direction']} {ends[0]} > {ends[1]} {row['protocol']} {ports}"


def of_group(group: str, site: str, rows: list[Data]) -> list[str]:
    return [short(row) for row in rows if row["group"] == group and row["site"] == site]


def test_partners_come_in_by_the_public_side_and_are_dialled_from_the_other_one() -> None:
    into, out = [row for row in flows() if row["group"] == "partners" and row["site"] == CLUSTER]
    assert short(into) == "in 9.42.124.60 > 9.42.111.5 tcp 5062"
    assert into["targets"][0]["public"] == "9.42.124.45"
    assert short(out) == "out 9.42.111.5 > 9.42.124.60 tcp 5060"
    assert out["sources"][0]["public"] == "9.42.124.46"
    assert {row["firewall"] for row in (into, out)} == {"edge"}
    assert of_group("partners", PARTNER, flows()) == [
        "in 9.42.124.46 > 9.42.124.60 tcp 5060",
        "out 9.42.124.60 > 9.42.124.45 tcp 5062",
    ]


def test_a_port_that_the_router_changes_is_told_on_both_sides() -> None:
    sites = good("one_address")
    machines = [machine("proxy1", "home", "192.0.2.5", sip_proxy={})]
    (into,) = [row for row in flows(sites, machines) if row["direction"] == "in" and row["site"] == "home"]
    assert (into["ports"], into["public_ports"], into["target"]) == ([5062], [5060], "SIP proxy")
    assert [short(row) for row in flows(sites, machines) if row["site"] == "away" and row["direction"] == "out"] == [
        "out 198.51.100.7 > 203.0.113.45 tcp 5060"
    ]


@pytest.mark.parametrize(("transport", "protocol"), [("tcp", "tcp"), ("tls", "tcp"), ("udp", "udp")])
def test_the_transport_of_the_site_is_that_of_every_row_of_sip(transport: str, protocol: str) -> None:
    rows = [row for row in flows(speaking(transport)) if "SIP" in row["purpose"]]
    assert {row["protocol"] for row in rows} == {protocol}
    members = [row for row in rows if row["target"] == "gateway" and row["source"] == "SIP proxy"]
    assert [row["ports"] for row in members] == [[5061 if transport == "tls" else 5060]]


def test_what_the_gateways_need_behind_them() -> None:
    assert of_group("backends", CLUSTER, flows()) == [
        "inside 9.42.111.2,9.42.111.3 > 9.42.111.8 tcp 1516",
        "inside 9.42.111.1,9.42.111.2,9.42.111.3 > 9.42.111.6 tcp 50000",
        "inside 9.42.111.1,9.42.111.2,9.42.111.3 > 9.42.111.7 tcp 389",
        "inside 9.42.111.8 > 9.42.111.7 tcp 389",
    ]
    assert of_group("backends", PARTNER, flows()) == ["inside 9.42.124.60 > 9.42.124.62 tcp 50001"]


def test_a_directory_may_speak_tls_beside_or_instead() -> None:
    for told, ports in (({"ldap_secure": 636}, "389,636"), ({"ldap": None, "ldap_secure": 636}, "636")):
        machines = [*MACHINES[:-2], machine("stgw2", PARTNER, "9.42.124.60", standalone={})]
        machines.append(machine("ldapsrv2", PARTNER, "9.42.124.63", directory=told))
        assert of_group("backends", PARTNER, flows(machines=machines)) == [
            f"inside 9.42.124.60 > 9.42.124.63 tcp {ports}"
        ]


def test_administrators_and_people_are_where_the_settings_say() -> None:
    settings = {CLUSTER: {"clients": {"administrators": ["9.42.200.0/24"], "controllers": ["9.42.201.7/32"]}}}
    assert of_group("administration", CLUSTER, flows(settings=settings)) == [
        "inside 9.42.200.0/24 > 9.42.111.1 tcp 9060,9043",
        "inside 9.42.201.7 > 9.42.111.1 tcp 22",
    ]
    assert of_group("people", CLUSTER, flows(settings=settings)) == ["inside  > 9.42.111.8 tcp 1533,1352,80"]


def test_between_the_parts_of_a_cell_there_is_no_firewall() -> None:
    rows = [row for row in flows() if row["group"] == "cell"]
    assert {(row["firewall"], row["note"]) for row in rows} == {("none", "same LAN, no firewall")}
    assert "inside 9.42.111.2,9.42.111.3,9.42.111.5 > 9.42.111.1 tcp 8879,9809,9100,7277,9352" in map(short, rows)
    assert "inside 9.42.111.1 > 9.42.111.2,9.42.111.3,9.42.111.5 tcp 8878,2809,9900,7272,9354" in map(short, rows)
    assert "inside 9.42.111.5 > 9.42.111.2,9.42.111.3 tcp 5060" in map(short, rows)


def test_a_sip_nat_proxy_on_a_host_of_its_own_has_rows_to_what_it_stands_in_front_of() -> None:
    sites = scenario()
    sites[0]["entry_points"][1].update(host="natproxy1", name="natproxy1.rtp.example", address="9.42.111.9")
    rows = [short(row) for row in flows(sites) if row["group"] == "cell"]
    assert {"inside 9.42.111.9 > 9.42.111.5 tcp 5060", "inside 9.42.111.5 > 9.42.111.9 tcp 5062"} <= set(rows)


def test_partners_of_xmpp_have_rows_both_ways() -> None:
    settings = {CLUSTER: {"xmpp_partners": [{"name": "jabber", "networks": ["198.51.100.9/32"]}]}}
    sites = scenario()
    sites[0]["router"]["inbound"].append(
        {
            "protocol": "tcp",
            "public_address": "9.42.124.45",
            "public_port": 5222,
            "private_address": "9.42.111.5",
            "private_port": 5269,
            "name": "rtp_nat.ibm.com",
        }
    )
    sites[0]["ports_in_use"].append({"host": "sipproxy1", "protocol": "tcp", "port": 5269, "by": "XMPP proxy"})
    rows = [row for row in flows(sites, settings=settings) if "XMPP" in row["purpose"]]
    assert [short(row) for row in rows] == [
        "in 198.51.100.9 > 9.42.111.5 tcp 5269",
        "out 9.42.111.5 > 198.51.100.9 tcp 5269",
    ]
    assert (rows[0]["targets"][0]["public"], rows[0]["public_ports"]) == ("9.42.124.45", [5222])
    assert rows[1]["sources"][0]["public"] == "9.42.124.46"
    assert findings(sites, settings=settings) == []


def test_a_partner_of_xmpp_whose_networks_are_unknown_is_listed_all_the_same() -> None:
    rows = flows(settings={CLUSTER: {"xmpp_partners": [{"name": "talk", "port": 5270}]}})
    assert [short(row) for row in rows if "XMPP" in row["purpose"]] == [
        "in  > 9.42.111.5 tcp 5269",
        "out 9.42.111.5 >  tcp 5270",
    ]


def test_inside_of_a_zone_there_is_no_firewall() -> None:
    zones = {"front": ["9.42.111.0/30", "9.42.111.5/32"], "back": ["9.42.111.6/31", "9.42.111.8/32"]}
    backends = [row for row in flows(settings={CLUSTER: {"zones": zones}}) if row["group"] == "backends"]
    assert [(row["firewall"], row["note"]) for row in backends if row["site"] == CLUSTER] == [
        ("inner", ""),
        ("inner", ""),
        ("inner", ""),
        ("none", "same zone back, no firewall"),
    ]


def own(**changes: Any) -> Data:
    row = {"name": "names", "sources": ["9.42.111.5/32"], "targets": ["198.51.100.53/32"], "protocol": "udp"}
    return {CLUSTER: {"own": [{**row, "ports": [53], "purpose": "DNS", **changes}]}}


def test_rows_of_your_own_go_out_with_the_address_of_the_plan() -> None:
    (row,) = [row for row in flows(settings=own()) if row["group"] == "own"]
    assert short(row) == "out 9.42.111.5 > 198.51.100.53 udp 53"
    assert (row["sources"][0]["public"], row["firewall"]) == ("9.42.124.46", "edge")
    (row,) = [row for row in flows(settings=own(targets=["9.42.111.7/32"])) if row["group"] == "own"]
    assert (row["direction"], row["firewall"]) == ("inside", "inner")


# -- what is refused ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("settings", "finding", "said"),
    [
        (
            {CLUSTER: {"zones": {"a": ["9.42.111.0/30"], "b": ["9.42.111.4/30", "9.42.111.8/32"]}}},
            "cell-split",
            "sipproxy1 is in zone b and stgdm1 in zone a: a firewall between parts of one cell",
        ),
        ({CLUSTER: {"zones": {"a": ["9.42.111.0/29"]}}}, "zone-missing", "stsrv1 (9.42.111.8) is in no zone"),
        ({PARTNER: {"dials": {"db2": 50000}}}, "port-unknown", "dial db2 at port 50000, where db2srv2 does not"),
        ({PARTNER: {"dials": {"db3": 1}}}, "port-unknown", "dials.db3: no such service"),
        (own(sources=["0.0.0.0/0"], targets=["9.42.111.1/32"]), "port-unknown", "lets udp 53 of 9.42.111.1/32 in"),
        (
            {PARTNER: {"xmpp_partners": [{"name": "j", "networks": ["198.51.100.9/32"]}]}},
            "xmpp-proxy",
            "j speaks XMPP, and the site has no XMPP proxy",
        ),
        (
            {CLUSTER: {"xmpp_partners": [{"name": "j", "networks": ["198.51.100.9/32"]}]}},
            "xmpp-public",
            "no rule of the router leads to the XMPP proxy",
        ),
    ],
)
def test_contradictions_are_findings(settings: Data, finding: str, said: str) -> None:
    found = findings(settings=settings)
    assert finding in {identifier for identifier, _said in found}
    assert any(said in text for _identifier, text in found), found


def test_a_sound_inventory_has_none() -> None:
    assert findings() == []


def test_a_plan_that_does_not_work_makes_no_table() -> None:
    sites = scenario()
    sites[0]["router"]["outbound"] = []
    assert "outbound-missing" in {identifier for identifier, _said in findings(sites)}


def test_what_the_router_lets_in_is_for_a_partner() -> None:
    sites = scenario()
    sites[0]["router"]["inbound"].append({**sites[0]["router"]["inbound"][0], "public_port": 80, "private_port": 8879})
    said = "the router leads tcp 9.42.124.45 port 80 to 9.42.111.5 port 8879, which is for no partner"
    assert ("port-unknown", said) in findings(sites)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"address": None}, r"machines\[0\]\.address: stgdm1 has none; set stgw_address of stgdm1"),
        ({"site": "elsewhere"}, r"machines\[0\]\.site: 'elsewhere' is unknown"),
        ({"parts": {"database": {"oracle": 1521}}}, r"machines\[0\]\.parts\.database\.oracle: unknown key"),
        ({"parts": {"database": {"db2": 0}}}, r"machines\[0\]\.parts\.database\.db2: 0 is not a port"),
        ({"parts": {"printer": {}}}, r"machines\[0\]\.parts\.printer: unknown key"),
    ],
)
def test_a_machine_that_is_none_is_refused_by_name(change: Data, said: str) -> None:
    machines = copy.deepcopy(MACHINES)
    machines[0].update(change)
    with pytest.raises(AnsibleFilterError, match=f"firewall_flows: {said}"):
        flows(machines=machines)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"nowhere": {}}, r"settings\.nowhere: unknown key; the keys are rtp_cluster, rtp_partner"),
        ({CLUSTER: {"clients": {"guests": []}}}, r"settings\.rtp_cluster\.clients\.guests: unknown key"),
        ({CLUSTER: {"zones": []}}, r"settings\.rtp_cluster\.zones: \[\] is not a mapping"),
        ({CLUSTER: {"zones": {"a": ["9.42.111.1/24"]}}}, r"zones\.a\[0\]: '9.42.111.1/24' is not a network"),
        (own(ports=[]), r"settings\.rtp_cluster\.own\[0\]\.ports: empty; name at least one"),
        (own(protocol="icmp"), r"settings\.rtp_cluster\.own\[0\]\.protocol: 'icmp' is unknown"),
    ],
)
def test_settings_that_are_none_are_refused_by_path(settings: Data, said: str) -> None:
    with pytest.raises(AnsibleFilterError, match=said):
        flows(settings=settings)
