"""Who is asked for the names of the NAT plan, and what the answers come to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from plugins.filter.nat import FilterModule
from plugins.plugin_utils import _nat_names

SITES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "nat/scenario.yml").read_text("utf-8"))
NAT, POOL, PARTNER = "rtp_nat.ibm.com", "rtp_natpool1.ibm.com", "stgw2.partner.example"
RIGHT = {NAT: "9.42.124.45", POOL: "9.42.124.46", PARTNER: "9.42.124.60"}


@pytest.mark.parametrize("host", ["sipproxy1", "stgpn1", "stgsn1", "stgw2"])
def test_nodes_and_entry_points_have_to_know_the_names(host: str) -> None:
    assert _nat_names.asked(SITES, host) == sorted(RIGHT)


@pytest.mark.parametrize("host", ["stgdm1", "natrouter", "db2srv1"])
def test_others_need_not_know_them(host: str) -> None:
    assert _nat_names.asked(SITES, host) == []


def test_the_hosts_of_a_site_are_put_together() -> None:
    said = {"sipproxy1": RIGHT, "stgpn1": {**RIGHT, NAT: "9.42.124.99"}, "stgsn1": {**RIGHT, POOL: ""}, "other": RIGHT}
    found = _nat_names.answers(SITES, said)
    assert found == {"rtp_cluster": {NAT: ["9.42.124.45", "9.42.124.99"], POOL: [], PARTNER: ["9.42.124.60"]}}


def test_a_site_that_nobody_asked_is_not_judged() -> None:
    assert _nat_names.answers(SITES, {}) == {}
    filters = FilterModule().filters()
    plan = filters["nat_plan"](SITES, filters["nat_names"](SITES, {"stgw2": {**RIGHT, NAT: ""}}))
    unresolved = [each for each in plan["findings"] if each["id"] == "name-unresolved"]
    assert len(unresolved) == 1
    assert NAT in unresolved[0]["found"] and "rtp_partner" in str(unresolved[0])
