"""A NAT router as a function."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest

from plugins.plugin_utils._nat_path import Packet, inbound, outbound
from plugins.plugin_utils._nat_router import Router, router

PARTNER = ip_address("198.51.100.7")
PROXY = ip_address("192.0.2.5")


def rules(**outbound_rule: Any) -> Router:
    public = {"public_address": "203.0.113.45", "private_address": "192.0.2.5", "name": "stgw.home.example"}
    return router(
        {
            "inbound": [
                {**public, "protocol": "tcp", "public_port": 5060, "private_port": 5062},
                {**public, "protocol": "tcp", "public_port": 5060, "private_port": 5064},
            ],
            "outbound": [{**public, "public_address": "203.0.113.46", **outbound_rule}],
        }
    )


def to(address: str, port: int, protocol: str = "tcp") -> Packet:
    return Packet(PARTNER, 40000, ip_address(address), port, protocol)


FROM_PROXY = Packet(PROXY, 5062, PARTNER, 5060, "tcp")


def test_the_first_rule_that_matches_leads_inside() -> None:
    inside = inbound(to("203.0.113.45", 5060), rules().inbound)
    assert inside == Packet(PARTNER, 40000, PROXY, 5062, "tcp")


@pytest.mark.parametrize(
    "packet", [to("203.0.113.45", 5062), to("203.0.113.46", 5060), to("203.0.113.45", 5060, "udp")]
)
def test_what_no_rule_matches_goes_nowhere(packet: Packet) -> None:
    assert inbound(packet, rules().inbound) is None


def test_the_answer_to_what_came_in_has_the_public_address_again() -> None:
    request = to("203.0.113.45", 5060)
    inside = inbound(request, rules().inbound)
    assert inside is not None
    assert inside.reply() == Packet(PROXY, 5062, PARTNER, 40000, "tcp")
    assert request.reply() == Packet(ip_address("203.0.113.45"), 5060, PARTNER, 40000, "tcp")


def test_what_goes_out_gets_the_public_address_and_keeps_its_port() -> None:
    outside = outbound(FROM_PROXY, rules().outbound)
    assert outside == Packet(ip_address("203.0.113.46"), 5062, PARTNER, 5060, "tcp")


@pytest.mark.parametrize(
    "rule",
    [
        {"overload": True},
        {"public_address": ["203.0.113.46", "203.0.113.47"]},
        {"private_address": "192.0.2.6"},
    ],
)
def test_nobody_can_say_what_leaves_without_a_static_rule(rule: dict[str, Any]) -> None:
    assert outbound(FROM_PROXY, rules(**rule).outbound) is None


def test_a_pool_of_one_address_is_static() -> None:
    assert outbound(FROM_PROXY, rules(public_address=["203.0.113.47"]).outbound) == Packet(
        ip_address("203.0.113.47"), 5062, PARTNER, 5060, "tcp"
    )
