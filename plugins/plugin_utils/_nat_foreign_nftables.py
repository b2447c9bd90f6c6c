# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The rules of others in nftables, as far as they translate addresses or rewrite SIP."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from ._nat_foreign import Condition, Field, Foreign, Kind, Range, Way, ways

_KINDS: Mapping[str, Kind] = {
    "snat": "source",
    "masquerade": "source",
    "dnat": "destination",
    "redirect": "destination",
}
# Packets of the router itself (output, input) are not those that it passes on.
_HOOKS: Mapping[Kind, Collection[str]] = {
    "source": ("postrouting",),
    "destination": ("prerouting",),
    "sip": ("prerouting", "forward", "postrouting"),
}
_VERSIONS = {"ip": frozenset([4]), "ip6": frozenset([6])}
_META: Mapping[str, Field] = {
    "iifname": "in", "iif": "in", "oifname": "out", "oif": "out", "l4proto": "protocol",
}  # fmt: skip
_PAYLOAD: Mapping[tuple[str, str], Field] = {
    ("ip", "saddr"): "source", ("ip6", "saddr"): "source", ("ip", "daddr"): "destination",
    ("ip6", "daddr"): "destination", ("ip", "protocol"): "protocol", ("ip6", "nexthdr"): "protocol",
    ("tcp", "dport"): "port", ("udp", "dport"): "port", ("th", "dport"): "port",
}  # fmt: skip


def foreign(
    ruleset: Sequence[Mapping[str, Any]], of_iptables: Collection[tuple[str, str]] = (), but: str = ""
) -> Iterator[Foreign]:
    """All of them, except those of the table `but`; `ruleset` is the list `nftables` of `nft -j list ruleset`.

    The tables `of_iptables` (family and name) are left out: nft shows them by half, `iptables-save` whole.
    """
    for item in ruleset:
        table = item.get("table")
        if table and table["name"] != but and (table["family"], table["name"]) not in of_iptables:
            yield from _of_table([each for each in ruleset if _is_in(each, table)])


def _is_in(item: Mapping[str, Any], table: Mapping[str, Any]) -> bool:
    return any(
        (content.get("family"), content.get("table")) == (table["family"], table["name"]) for content in item.values()
    )


def _of_table(items: Sequence[Mapping[str, Any]]) -> Iterator[Foreign]:
    rules = [item["rule"] for item in items if "rule" in item]
    hooks = {item["chain"]["name"]: item["chain"].get("hook") for item in items if "chain" in item}
    maps = {item["map"]["name"]: item["map"] for item in items if "map" in item}
    helpers = {item["ct helper"]["name"] for item in items if item.get("ct helper", {}).get("type") == "sip"}
    jumps: dict[str, list[tuple[str, Way]]] = {}
    for rule in rules:
        for chain in _targets(rule["expr"], maps):
            jumps.setdefault(chain, []).append((rule["chain"], _way(rule)))
    for rule in rules:
        for kind, name, content in _actions(rule, helpers):
            where = f"nftables table {rule['family']} {rule['table']}, chain {rule['chain']}, handle {rule['handle']}"
            to = tuple(_addresses(content.get("addr"))) if isinstance(content, Mapping) else ()
            entrances = [chain for chain, hook in hooks.items() if hook in _HOOKS[kind]]
            for way in ways(rule["chain"], entrances, jumps):
                yield Foreign(kind, f"{where} ({name})", way.then(_way(rule)), to)


def _actions(rule: Mapping[str, Any], helpers: Collection[str]) -> Iterator[tuple[Kind, str, Any]]:
    """What a rule does that matters here: kind, name and content of the expression."""
    for expression in rule["expr"]:
        for name, content in expression.items():
            if name in _KINDS:
                yield _KINDS[name], name, content
            elif name == "ct helper" and content in helpers:
                yield "sip", f"ct helper {content}", content


def _targets(value: Any, maps: Mapping[str, Any]) -> Iterator[str]:
    """The chains that expressions lead to, by themselves or by a map of verdicts."""
    if isinstance(value, Mapping):
        for name, content in value.items():
            if name in ("jump", "goto"):
                yield content["target"]
            elif name == "vmap" and isinstance(content["data"], str):
                yield from _targets(maps.get(content["data"].removeprefix("@"), {}).get("elem"), {})
            else:
                yield from _targets(content, maps)
    elif isinstance(value, list):
        for item in value:
            yield from _targets(item, maps)


def _way(rule: Mapping[str, Any]) -> Way:
    """What a packet must be for all of a rule."""
    way = Way(_VERSIONS.get(rule["family"], frozenset([4, 6])))
    for expression in rule["expr"]:
        if "match" in expression:
            way = way.then(Way(_versions(expression["match"]["left"]), tuple(_conditions(expression["match"]))))
    return way


def _versions(left: Mapping[str, Any]) -> frozenset[int]:
    """A look at an address goes past packets of the other version of IP."""
    return _VERSIONS.get(left.get("payload", {}).get("protocol"), frozenset([4, 6]))


def _conditions(match: Mapping[str, Any]) -> Iterator[Condition]:
    left, field = match["left"], None
    if "meta" in left:
        field = _META.get(left["meta"].get("key"))
    elif "payload" in left:
        protocol = left["payload"].get("protocol")
        field = _PAYLOAD.get((protocol, left["payload"].get("field")))
        if protocol in ("tcp", "udp"):
            yield Condition("protocol", (protocol,))
    values = _values(match["right"])
    if field and values:
        yield Condition(field, tuple(values), negated=match["op"] == "!=")


def _values(right: Any) -> list[Range | str] | None:
    """None for what is not understood, such as a named set."""
    found: list[Range | str] = []
    for value in right["set"] if isinstance(right, Mapping) and "set" in right else [right]:
        if isinstance(value, int):
            found.append((value, value))
        elif isinstance(value, str) and not value.startswith("@"):
            found += list(_addresses(value)) or [value]
        elif isinstance(value, Mapping) and isinstance(value.get("range", [""])[0], int):
            found.append(tuple(value["range"]))
        else:
            addresses = list(_addresses(value))
            if not addresses:
                return None
            found += addresses
    return found


def _addresses(value: Any) -> Iterator[Range]:
    """One address, a prefix or a range, as nft writes it; nothing when it is none."""
    try:
        if isinstance(value, str):
            yield ip_address(value), ip_address(value)
        elif isinstance(value, Mapping) and "prefix" in value:
            network = ip_network(f"{value['prefix']['addr']}/{value['prefix']['len']}")
            yield network[0], network[-1]
        elif isinstance(value, Mapping) and "range" in value:
            yield ip_address(value["range"][0]), ip_address(value["range"][1])
    except (ValueError, TypeError):
        return
