"""One call through the plan: what is on the wire at each hop, and where a wrong plan ends it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

import pytest

from plugins.plugin_utils._nat_site import Site, sites_of
from plugins.plugin_utils._nat_talk import Talk, talks
from plugins.plugin_utils._nat_walk import Hop, Walk
from tests.unit.plugins.test_nat_plan import GOOD, SCENARIO, WRONG, changed, good

ADDRESS = re.compile(r"[0-9a-fA-F:.]*[:.][0-9a-fA-F:.]*")


def walks_of(sites: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[Walk, ...]]:
    return {(talk.caller, talk.called): talk.walks for talk in talks(sites_of(sites))}


def private(sites: tuple[Site, ...], text: str) -> bool:
    """Whether an address of the inside of any site is in the text."""
    for found in ADDRESS.findall(text):
        for candidate in (found, found.rpartition(":")[0]):
            try:
                address = ipaddress.ip_address(candidate)
            except ValueError:
                continue
            if any(site.own(address) for site in sites):
                return True
    return False


@pytest.mark.parametrize("name", GOOD)
def test_in_a_good_plan_every_message_arrives(name: str) -> None:
    found = talks(sites_of(good(name)))
    assert found
    for talk in found:
        assert [walk.outcome for walk in talk.walks] == ["arrives"] * 3, talk


@pytest.mark.parametrize("name", GOOD)
def test_nothing_private_is_seen_outside(name: str) -> None:
    sites = sites_of(good(name))
    for walk in (walk for talk in talks(sites) for walk in talk.walks):
        beyond = [hop for hop in walk.hops if hop.zone == "outside"]
        assert not [hop for hop in beyond if private(sites, written(hop))]
        ends = [{str(hop.packet.source), str(hop.packet.destination)} for hop in beyond]
        assert any(not private(sites, " ".join(addresses)) for addresses in ends), walk.title
        within = [hop for hop in walk.hops if hop.zone != "outside"]
        assert all(private(sites, written(hop)) for hop in within), "the check sees what is private"


def written(hop: Hop) -> str:
    """All that the message says."""
    headers = hop.headers
    return " ".join([headers.request_uri, *headers.route, hop.via, *headers.record_route, headers.contact, headers.sdp])


def test_the_hops_of_the_scenario() -> None:
    invite, answer, bye = walks_of(SCENARIO)["rtp_cluster", "rtp_partner"]
    assert [(hop.sender, hop.receiver) for hop in invite.hops] == [
        ("stgpn1 (gateway)", "sipproxy1 (SIP proxy)"),
        ("sipproxy1 (SIP proxy)", "sipproxy1 (SIP NAT proxy)"),
        ("sipproxy1 (SIP NAT proxy)", "router of rtp_cluster"),
        ("router of rtp_cluster", "stgw2 (gateway)"),
    ]
    last = invite.hops[-1]
    assert (str(last.packet.source), str(last.packet.destination)) == ("9.42.124.46", "9.42.124.60")
    assert (last.headers.contact, last.headers.sdp) == ("rtp_nat.ibm.com:5062", "9.42.124.45")
    # The answer takes the same way back, and what is in it of the caller becomes its own again.
    assert [(hop.receiver, hop.sender) for hop in answer.hops] == [
        (hop.sender, hop.receiver) for hop in invite.hops[::-1]
    ]
    assert str(answer.hops[0].packet.destination) == "9.42.124.46"
    assert answer.hops[-1].headers.record_route == ("9.42.111.5:5062",)
    # What the called side asks inside the dialog comes to the other public address.
    first, second = bye.hops[:2]
    assert (str(first.packet.destination), first.packet.destination_port) == ("9.42.124.45", 5062)
    assert (str(second.packet.destination), second.packet.destination_port) == ("9.42.111.5", 5062)
    assert (first.headers.route, bye.hops[-1].headers.route) == (("rtp_nat.ibm.com:5062",), ())
    assert bye.hops[-1].headers.request_uri == "9.42.111.2:5060"


def test_each_side_that_is_translated_has_its_own_router() -> None:
    sites = good("two_nats")
    names = {site.name for site in sites_of(sites) if site.behind_nat}
    routers = {
        hop.receiver
        for walks in walks_of(sites).values()
        for walk in walks
        for hop in walk.hops
        if "router" in hop.receiver
    }
    assert routers == {f"router of {name}" for name in names}
    assert len(names) > 1


def test_a_partner_who_is_not_in_the_plan_calls_and_is_called() -> None:
    found = walks_of(good("two_nats"))
    strangers = {end for ends in found for end in ends} - {site["name"] for site in good("two_nats")}
    for name in strangers:
        assert {ends[0] == name for ends in found if name in ends} == {True, False}
    assert strangers


ENDS: dict[str, tuple[str, str]] = {
    "pat": ("INVITE", "no static outbound rule"),
    "outbound-pool": ("INVITE", "no static outbound rule"),
    "outbound-missing": ("INVITE", "no static outbound rule"),
    "partner-entry": ("INVITE", "no inbound rule|address of the inside"),
    "inbound-target": ("INVITE", "nothing of home listens there"),
    "transport-mismatch": ("INVITE", "speaks"),
    "advertised-not-mapped": ("BYE", "no inbound rule"),
    "advertised-port": ("BYE", "no inbound rule"),
}
"""By the id of a finding: the message that goes nowhere in at least one of its wrong plans, and why."""


@pytest.mark.parametrize("finding", ENDS)
def test_a_wrong_plan_ends_a_message(finding: str) -> None:
    message, why = ENDS[finding]
    plans = [changed(case) for case in WRONG if case["finding"] == finding]
    ends = [
        walk
        for sites in plans
        for walks in walks_of(sites).values()
        for walk in walks
        if walk.outcome != "arrives" and walk.title.startswith(message) and re.search(why, walk.why)
    ]
    assert ends, finding


def test_what_is_not_mapped_ends_a_new_connection_and_every_datagram() -> None:
    outcomes = {
        sites[0]["transport"]: walk.outcome
        for sites in (changed(case) for case in WRONG if case["finding"] == "advertised-not-mapped")
        for walks in walks_of(sites).values()
        for walk in walks
        if walk.outcome != "arrives"
    }
    assert outcomes == {"tls": "only on the open connection", "udp": "ends here"}


def test_an_answer_by_datagram_goes_to_the_port_that_via_names() -> None:
    case = next(case for case in WRONG if (case["finding"], case["of"]) == ("advertised-port", "udp"))
    answers = [walk for walks in walks_of(changed(case)).values() for walk in walks if walk.title.startswith("200")]
    lost = [walk for walk in answers if walk.outcome == "ends here"]
    assert lost
    assert all(walk.hops[-1].receiver == "router of home" for walk in lost)


def test_without_an_inbound_rule_nobody_knows_what_to_dial() -> None:
    sites = changed({"of": "one_address", "set": {"0.router.inbound": []}})
    found: Mapping[tuple[str, str], tuple[Walk, ...]] = walks_of(sites)
    assert found["away", "home"] == ()
    assert found["home", "away"][0].outcome == "arrives"


def test_talks_are_by_community() -> None:
    found: list[Talk] = talks(sites_of(SCENARIO))
    assert [(talk.caller, talk.called, talk.community) for talk in found] == [
        ("rtp_cluster", "rtp_partner", "partner"),
        ("rtp_partner", "rtp_cluster", "cluster"),
    ]


def test_each_entry_point_is_called_back_at_its_own_port() -> None:
    sites = two_proxies()
    found = [talk for talk in talks(sites_of(sites)) if talk.caller == "home"]
    assert [talk.through for talk in found] == ["proxy1", "proxy2"]
    for talk, port in zip(found, (5060, 5064), strict=True):
        bye = talk.walks[2]
        assert (bye.outcome, bye.hops[0].packet.destination_port) == ("arrives", port)
        assert bye.hops[1].receiver == f"{talk.through} (SIP proxy)"


def test_who_is_called_through_another_entry_point_answers_as_that_one() -> None:
    sites = two_proxies()
    sites[1]["partners"][0]["port"] = 5064
    (walks,) = (talk.walks for talk in talks(sites_of(sites)) if talk.caller == "away")
    assert [walk.outcome for walk in walks] == ["arrives"] * 3
    assert walks[1].hops[-1].headers.contact == "stgw.home.example:5064"


def two_proxies() -> list[dict[str, Any]]:
    """Two SIP proxies behind one public address, each at a port of its own."""
    sites = good("one_address")
    home = sites[0]
    home["entry_points"].append(
        home["entry_points"][0] | {"host": "proxy2", "name": "proxy2.home.example", "address": "192.0.2.6"}
    )
    router = home["router"]
    router["inbound"].append(router["inbound"][0] | {"public_port": 5064, "private_address": "192.0.2.6"})
    router["outbound"].append(
        {"private_address": "192.0.2.6", "public_address": "203.0.113.46", "name": "out2.home.example"}
    )
    return sites
