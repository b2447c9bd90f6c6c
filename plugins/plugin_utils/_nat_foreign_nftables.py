# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The rules of others in nftables, as far as they translate addresses or rewrite SIP."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any, Literal

from ._nat_foreign import Condition, Field, Foreign, Range

_KINDS: Mapping[str, Literal["source", "destination"]] = {
    "snat": "source",
    "masquerade": "source",
    "dnat": "destination",
    "redirect": "destination",
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
    helpers = {(item["ct helper"]["table"], item["ct helper"]["name"]) for item in ruleset if _is_sip(item)}
    for item in ruleset:
        rule = item.get("rule")
        if rule and rule["table"] != but and (rule["family"], rule["table"]) not in of_iptables:
            yield from _of_rule(rule, helpers)


def _is_sip(item: Mapping[str, Any]) -> bool:
    return "ct helper" in item and item["ct helper"]["type"] == "sip"


def _of_rule(rule: Mapping[str, Any], helpers: set[tuple[str, str]]) -> Iterator[Foreign]:
    where = f"nftables table {rule['family']} {rule['table']}, chain {rule['chain']}, handle {rule['handle']}"
    versions = _VERSIONS.get(rule["family"], frozenset([4, 6]))
    conditions: list[Condition] = []
    for expression in rule["expr"]:
        for name, content in expression.items():
            if name == "match":
                conditions += _conditions(content)
                versions &= _versions(content["left"])
            elif name in _KINDS:
                to = tuple(_addresses((content or {}).get("addr")))
                yield Foreign(_KINDS[name], f"{where} ({name})", versions, tuple(conditions), to)
            elif name == "ct helper" and (rule["table"], content) in helpers:
                yield Foreign("sip", f"{where} (ct helper {content})", versions)


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
