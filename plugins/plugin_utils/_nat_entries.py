# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What somebody has to enter where, of every site of a NAT plan and of every partner who is not in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ._nat_read import socket

UNKNOWN = "not known: see the findings"

SPRAYER_LABELS = {"tcp": "TCP", "tls": "SSL", "udp": "UDP"}
"""What the console calls the sprayer of a transport."""

SPRAYER_PANEL = "Proxy Servers > SIPProxyServer > SIP Proxy Server Settings > SIP Proxy Settings"


class Entry(NamedTuple):
    """One thing to enter: what it is, its value, and where it is entered."""

    what: str
    value: str
    where: str


def entries(plan: Mapping[str, Any]) -> dict[str, list[Entry]]:
    """By the name of a site, or `partner NAME` for one who is not in the plan."""
    found = {name: list(_of_site(name, site, plan)) for name, site in plan["sites"].items()}
    for name, site in plan["sites"].items():
        for partner in site["partners"]:
            if partner["site"] is None:
                found.setdefault(f"partner {partner['name']}", []).extend(_of_stranger(name, site))
    return found


def _of_site(name: str, site: Mapping[str, Any], plan: Mapping[str, Any]) -> Iterator[Entry]:
    if site["behind_nat"]:
        yield from _router(site)
        yield from _cell(site)
    if site["nat_proxy"]:
        yield from _nat_proxy(site)
    for partner in site["partners"]:
        yield _community(partner["name"], partner["connection"])
    known = {partner["site"] for partner in site["partners"]}
    for other_name, other in plan["sites"].items():
        if other_name not in known and name in {partner["site"] for partner in other["partners"]}:
            # Nobody has entered it yet; through its own SIP NAT proxy, if the site has one.
            listens = site["nat_proxy"]["listen"] if site["nat_proxy"] else []
            yield _community(other_name, next(iter(listens), other["contact"]) if other["contact"] else None)
    yield from _certificate(site)
    for entry in site["dns"]:
        yield _name(entry, f"name service of {', '.join(entry['sides'])}")


def _of_stranger(name: str, site: Mapping[str, Any]) -> Iterator[Entry]:
    yield _community(name, site["contact"])
    for entry in site["dns"]:
        if entry["name"] in {one["host"] for one in site["advertised"]}:
            yield _name(entry, "the partner's name service")


def _router(site: Mapping[str, Any]) -> Iterator[Entry]:
    router = site["router"] or {"inbound": [], "outbound": [], "sip_alg": False}
    for rule in router["inbound"]:
        public = socket(rule["public_address"], rule["public_port"])
        private = socket(rule["private_address"], rule["private_port"])
        yield Entry("inbound rule", f"{rule['protocol']} to {public} goes to {private}", "router")
    if not router["inbound"]:
        yield Entry("inbound rule", UNKNOWN, "router")
    for rule in router["outbound"]:
        pool = rule["public_address"]
        public = pool if isinstance(pool, str) else " or ".join(pool)
        ports = "with other ports (PAT)" if rule.get("overload") else "ports stay"
        yield Entry("outbound rule", f"from {rule['private_address']} leaves as {public}, {ports}", "router")
    if not router["outbound"]:
        yield Entry("outbound rule", UNKNOWN, "router")
    yield Entry("SIP helper", "off, but it is on" if router["sip_alg"] else "off", "router")


def _cell(site: Mapping[str, Any]) -> Iterator[Entry]:
    """Only a cluster has the cell property and sprayers."""
    if site["kind"] != "cluster":
        return
    known = site["cell_property"]
    value = f"{known['name']} = {known['value']}" if known else UNKNOWN
    yield Entry("cell property", value, "System administration > Cell > Custom properties")
    label = SPRAYER_LABELS[site["transport"]]
    for sprayer in site["sprayers"]:
        value = f"{label} host {sprayer['sprayer_host']}, {label} port {sprayer['port']}; enable this one only"
        yield Entry(f"sprayer of {sprayer['host']}", value, SPRAYER_PANEL)
    if not site["sprayers"]:
        yield Entry("sprayer", UNKNOWN, SPRAYER_PANEL)


def _nat_proxy(site: Mapping[str, Any]) -> Iterator[Entry]:
    proxy = site["nat_proxy"]
    public, outbound = proxy["public"], proxy["outbound"]
    partners = ", ".join(dict.fromkeys(str(one["address"]) for one in proxy["partners"] if one["address"]))
    where = f"its configuration on {_hosts(site)}"
    for value in (
        f"listens on {_listed(proxy['listen'])} ({site['transport']})",
        f"public host and port {socket(public['host'], public['port']) if public else UNKNOWN}",
        f"sends to partners as {outbound['host'] if outbound else UNKNOWN}",
        f"hands over to {_listed(proxy['upstreams'])}",
        *(f"sends what is for {one['name']} to {socket(one['host'], one['port'])}" for one in site["partners"]),
        f"lets in {partners or UNKNOWN}",
    ):
        yield Entry("SIP NAT proxy", value, where)


def _community(name: str, dialled: Mapping[str, Any] | None) -> Entry:
    value = UNKNOWN
    if dialled:
        value = f"host {dialled['host']}, port {dialled['port']}, transport {dialled['transport']}"
    return Entry(f"external community {name}", value, "console of the gateway")


def _certificate(site: Mapping[str, Any]) -> Iterator[Entry]:
    if site["transport"] == "tls":
        certificate = site["certificate"]
        value = f"common name {certificate['common_name']}" if certificate else UNKNOWN
        yield Entry("certificate", value, f"key store of {_hosts(site)}")


def _name(entry: Mapping[str, Any], where: str) -> Entry:
    return Entry("DNS", f"{entry['name']} is {entry['address']}", where)


def _hosts(site: Mapping[str, Any]) -> str:
    return ", ".join(dict.fromkeys(one["host"] for one in site["entry_points"]))


def _listed(endpoints: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(socket(one["address"], one["port"]) for one in endpoints) or UNKNOWN
