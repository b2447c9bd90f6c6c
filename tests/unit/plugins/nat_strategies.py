"""Random NAT plans: right ones, and right ones in which something was changed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

Sites = list[dict[str, Any]]
Draw = Callable[[st.SearchStrategy[Any]], Any]

PORTS = st.sampled_from([5060, 5061, 5062])
TRANSPORTS = st.sampled_from(["tcp", "tls", "udp"])


def private(site: int, host: int, version: int) -> str:
    return f"10.{site}.0.{host}" if version == 4 else f"2001:db8:{site}::{host}"


def public(site: int, number: int, version: int) -> str:
    return f"203.0.{site}.{number}" if version == 4 else f"2001:db8:f{site}::{number}"


@st.composite
def right_sites(draw: Draw) -> Sites:
    """One to three sites of one transport and address family, each a partner of the next one or of somebody else."""
    count, version, transport = draw(st.integers(1, 3)), draw(st.sampled_from([4, 4, 4, 6])), draw(TRANSPORTS)
    sites = [draw(_site(number, version, transport)) for number in range(count)]
    for site in sites:
        site["partners"] = [{"name": one["name"], "site": one["name"]} for one in sites if one is not site]
    if count == 1 or draw(st.booleans()):
        address = "198.51.100.99" if version == 4 else "2001:db8:ee::99"
        sites[0]["partners"].append(
            {"name": "third", "host": "sip.third.example", "port": 5060, "transport": transport, "address": address}
        )
    return sites


@st.composite
def _site(draw: Draw, number: int, version: int, transport: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(["cluster", "cluster", "standalone"]))
    behind_nat = draw(st.sampled_from([True, True, False]))
    in_front = draw(st.booleans()) or (kind == "standalone" and behind_nat)
    hosts = draw(st.integers(1, 2)) if kind == "cluster" else 1
    port = draw(PORTS)
    site: dict[str, Any] = {
        "name": f"site{number}",
        "kind": kind,
        "transport": transport,
        "networks": [],
        "entry_points": [],
        "nodes": [],
    }
    if transport == "tls":
        site["certificate"] = {"common_name": f"in.site{number}.example", "names": []}
    for host in range(1, hosts + 1):
        own = {
            "host": f"host{host}",
            "name": f"host{host}.site{number}.example",
            "kind": "sip_proxy" if kind == "cluster" else "gateway",
            "address": private(number, host, version),
            "ports": {transport: port},
        }
        site["entry_points"].append(own)
        if in_front and host == 1:
            site["entry_points"].append({**own, "kind": "nat_proxy", "ports": {transport: port + 10}})
    if behind_nat:
        _add_nat(draw, site, number, version)
    else:
        # Partners see the first one's name.
        if transport == "tls":
            site["certificate"]["common_name"] = site["entry_points"][0]["name"]
    return site


def _add_nat(draw: Draw, site: dict[str, Any], number: int, version: int) -> None:
    """Rules for every entry point; with UDP, and without the SIP NAT proxy, one public address for both directions."""
    transport, protocol = site["transport"], "udp" if site["transport"] == "udp" else "tcp"
    in_front = [one for one in site["entry_points"] if one["kind"] == "nat_proxy"]
    entry_points = in_front or site["entry_points"]
    shared = draw(st.booleans()) or transport == "udp"
    keeps_port = draw(st.booleans()) and len(entry_points) == 1
    inbound, outbound = [], []
    for index, one in enumerate(entry_points):
        port = one["ports"][transport]
        inbound.append(
            {
                "protocol": protocol,
                "public_address": public(number, 1, version),
                "public_port": port if keeps_port else 6000 + index,
                "private_address": one["address"],
                "private_port": port,
                "name": f"in.site{number}.example",
            }
        )
        same = shared and index == 0
        outbound.append(
            {
                "private_address": one["address"],
                "public_address": public(number, 1 if same else 2 + index, version),
                "name": f"in.site{number}.example" if same else f"out{index}.site{number}.example",
            }
        )
        if not same and transport == "udp":
            inbound.append(
                {**inbound[-1], "public_address": outbound[-1]["public_address"], "name": outbound[-1]["name"]}
            )
    site["networks"] = [f"10.{number}.0.0/16" if version == 4 else f"2001:db8:{number}::/64"]
    site["router"] = {"inbound": inbound, "outbound": outbound, "sip_alg": False}


PUBLIC = st.builds(public, st.integers(0, 2), st.integers(1, 3), st.sampled_from([4, 4, 4, 6]))
PRIVATE = st.builds(private, st.integers(0, 2), st.integers(1, 3), st.sampled_from([4, 4, 4, 6]))
NAMES = st.one_of(
    st.builds("{}.site{}.example".format, st.sampled_from(["in", "out0", "out1", "host1"]), st.integers(0, 2)),
    st.sampled_from(["elsewhere.example", "under_score.example", "203.0.0.1"]),
)
LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "transport": TRANSPORTS,
    "protocol": st.sampled_from(["tcp", "udp"]),
    "public_address": st.one_of(PUBLIC, PUBLIC, PRIVATE, st.lists(PUBLIC, min_size=2, max_size=2)),
    "private_address": PRIVATE,
    "address": st.one_of(PRIVATE, PUBLIC),
    "public_port": st.one_of(PORTS, st.integers(6000, 6001)),
    "private_port": st.one_of(PORTS, PORTS.map(lambda port: port + 10)),
    "port": st.one_of(PORTS, st.integers(6000, 6001)),
    "ports": st.dictionaries(TRANSPORTS, st.one_of(PORTS, PORTS.map(lambda port: port + 10)), min_size=1),
    "host": st.one_of(NAMES, st.sampled_from(["host1", "host2"])),
    "networks": st.lists(st.sampled_from(["10.0.0.0/16", "10.1.0.0/16", "203.0.0.0/16", "2001:db8::/32"]), max_size=2),
    "common_name": NAMES,
    "sip_alg": st.booleans(),
}
"""By key: values that are legal there, and often wrong."""


@st.composite
def changed_sites(draw: Draw) -> Sites:
    """A right plan after up to three changes that a person could have made."""
    sites: Sites = copy.deepcopy(draw(right_sites()))
    for _ in range(draw(st.integers(1, 3))):
        act = draw(st.sampled_from(["value", "value", "value", "declare", "remove", "name", "twice"]))
        if act == "declare":
            _declare(draw, sites[draw(st.integers(0, len(sites) - 1))])
            continue
        places = [place for place in _places(sites) if _suits(act, *place)]
        if not places:
            continue
        parent, key = places[draw(st.integers(0, len(places) - 1))]
        if act == "value":
            parent[key] = draw(LIKELY[key])
        elif act == "name":
            parent[key] = draw(NAMES)
        elif act == "twice":
            parent.append(copy.deepcopy(parent[key]))
        elif parent is not sites:
            del parent[key]
    return sites


def _declare(draw: Draw, site: dict[str, Any]) -> None:
    """Add what a right plan leaves to be derived; more often with one fault than with several."""
    rules = site.get("router", {}).get("outbound") or ()
    host = draw(st.sampled_from([rule["name"] for rule in rules])) if rules else draw(NAMES)
    sprayer = {
        "transport": draw(st.one_of(st.just(site["transport"]), TRANSPORTS)),
        "host": draw(st.one_of(st.just(host), st.just(host), NAMES)),
        "port": draw(st.one_of(PORTS, st.integers(6000, 6001))),
    }
    what = draw(st.sampled_from(["cell_fqdn", "sprayers", "sprayers", "overload", "community"]))
    if what == "cell_fqdn":
        site["cell_fqdn"] = draw(NAMES)
    elif what == "sprayers":
        site["sprayers"] = [sprayer] * draw(st.sampled_from([1, 1, 1, 0, 2]))
    elif what == "community":
        for partner in site.get("partners") or ():
            partner |= {"host": draw(NAMES), "port": draw(st.one_of(PORTS, st.integers(6000, 6001)))}
    elif rules:
        rules[0]["overload"] = True


def _suits(act: str, parent: Any, key: Any) -> bool:
    """Whether a place is one for that act. Names are changed of rules and machines, not of sites and partners."""
    if act == "value":
        return key in LIKELY
    if act == "name":
        return key == "name" and bool({"public_address", "ports"} & set(parent))
    return isinstance(parent, list) and isinstance(parent[key], dict)


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), PUBLIC, PRIVATE, NAMES),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.one_of(st.text(), PORTS), inner, max_size=2)
    ),
    max_leaves=4,
)


@st.composite
def nonsense(draw: Draw) -> Any:
    """A right plan with anything at some places."""
    sites: Any = copy.deepcopy(draw(right_sites()))
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(sites))
        if places:
            parent, key = places[draw(st.integers(0, len(places) - 1))]
            parent[key] = draw(ANYTHING)
    return sites


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container and key or index in it."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from _places(inner)
