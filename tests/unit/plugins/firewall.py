"""Machines of the sites in `nat/`, for tests of the table of ports."""

from __future__ import annotations

import copy
from typing import Any

from tests.unit.plugins.test_nat_plan import SCENARIO

Data = dict[str, Any]


def machine(host: str, site: str, address: str, **parts: Data) -> Data:
    return {"host": host, "site": site, "address": address, "parts": parts}


CLUSTER, PARTNER = "rtp_cluster", "rtp_partner"
MACHINES = [
    machine("stgdm1", CLUSTER, "9.42.111.1", deployment_manager={}, managed={}),
    machine("stgpn1", CLUSTER, "9.42.111.2", node={}, node_agent={}),
    machine("stgsn1", CLUSTER, "9.42.111.3", node={}, node_agent={}),
    machine("sipproxy1", CLUSTER, "9.42.111.5", sip_proxy={}, node_agent={}, xmpp_proxy={}),
    machine("db2srv1", CLUSTER, "9.42.111.6", database={}),
    machine("ldapsrv1", CLUSTER, "9.42.111.7", directory={}),
    machine("stsrv1", CLUSTER, "9.42.111.8", community={}),
    machine("stgw2", PARTNER, "9.42.124.60", standalone={}),
    machine("db2srv2", PARTNER, "9.42.124.62", database={"db2": 50001}),
]


def scenario(**changes: Any) -> list[Data]:
    """The scenario's sites with other values for some keys of both, of which no part is shared."""
    sites: list[Data] = copy.deepcopy(SCENARIO)
    for site in sites:
        site.update(copy.deepcopy(changes))
    return sites


def speaking(transport: str) -> list[Data]:
    """The scenario with another transport, at the same ports."""
    sites = scenario(transport=transport)
    for site in sites:
        for one in site["entry_points"]:
            one["ports"] = {transport: one["ports"]["tcp"]}
    cluster = sites[0]
    cluster["router"]["inbound"][0]["protocol"] = "udp" if transport == "udp" else "tcp"
    cluster["sprayers"][0]["transport"] = transport
    if transport == "tls":
        for site, name in zip(sites, ("rtp_nat.ibm.com", "stgw2.partner.example"), strict=True):
            site["certificate"] = {"common_name": name, "names": []}
    return sites
