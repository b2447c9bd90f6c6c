# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The rules as a table of nftables: ours alone, made anew in one transaction whenever something differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from typing import Any

from ._nat_read import socket
from ._nat_rules import Inbound, Outbound, Rules, Shown

TABLE = "stgw_nat"
FAMILIES = {"ip": 4, "ip6": 6}

# Name of each chain: its hook, and the priority at which all translate (dstnat and srcnat, in numbers for old nft).
_CHAINS = {"inbound": ("prerouting", -100), "outbound": ("postrouting", 100)}


def render(rules: Rules, outside: str, remove: Iterable[str] = ()) -> str:
    """What `nft -f` takes: the tables of the families in `remove` go, those that have rules are made anew.

    `outside` is the interface that partners are behind.
    """
    wanted = [family for family, version in FAMILIES.items() if rules.of(version)]
    lines: list[str] = []
    for family in FAMILIES:
        if family in wanted or family in remove:
            # A table that is not there cannot be deleted.
            lines += [f"table {family} {TABLE}", f"delete table {family} {TABLE}"]
    for family in wanted:
        lines += _table(family, rules.of(FAMILIES[family]), outside)
    return "".join(f"{line}\n" for line in lines)


def _table(family: str, rules: Rules, outside: str) -> Iterator[str]:
    bodies = {
        "inbound": [
            f'iifname "{outside}" {family} daddr {rule.public_address} {rule.protocol} dport {rule.public_port} '
            f"dnat to {socket(rule.private_address, rule.private_port)}"
            for rule in sorted(rules.inbound, key=str)
        ],
        "outbound": [
            f'oifname "{outside}" {family} saddr {rule.private_address} snat to {rule.public_address}'
            for rule in sorted(rules.outbound, key=str)
        ],
    }
    yield f"table {family} {TABLE} {{"
    for chain, (hook, priority) in _CHAINS.items():
        yield f"\tchain {chain} {{"
        yield f"\t\ttype nat hook {hook} priority {priority}; policy accept;"
        yield from (f"\t\t{line}" for line in bodies[chain])
        yield "\t}"
    yield "}"


def families(ruleset: Sequence[Mapping[str, Any]]) -> list[str]:
    """The families in which our table is there; `ruleset` is the list `nftables` of `nft -j list ruleset`."""
    tables = [item["table"] for item in ruleset if "table" in item]
    return [table["family"] for table in tables if table["name"] == TABLE and table["family"] in FAMILIES]


def parse(ruleset: Sequence[Mapping[str, Any]], outside: str) -> Shown:
    """What our tables hold; `ruleset` as for `families`."""
    inbound: set[Inbound] = set()
    outbound: set[Outbound] = set()
    other: list[str] = []
    chains: set[tuple[str, str]] = set()
    for kind, content in _ours(ruleset):
        where = f"table {content['family']} {TABLE}"
        rule = None
        if kind == "chain":
            chains.add((content["family"], content["name"]))
            if not _is_chain(content):
                other.append(f"{where}: chain {content['name']} is not as it was made")
            continue
        if kind == "rule":
            where = f"{where}, chain {content['chain']}"
            rule = _rule(content, outside)
        if isinstance(rule, Inbound):
            inbound.add(rule)
        elif isinstance(rule, Outbound):
            outbound.add(rule)
        else:
            other.append(f"{where}: {kind} {content.get('name') or content['handle']} is none of ours")
    other += [f"table {family} {TABLE}: no chain {chain}" for family, chain in _missing(ruleset, chains)]
    versions = frozenset(FAMILIES[family] for family in families(ruleset))
    return Shown(Rules(frozenset(inbound), frozenset(outbound)), versions, tuple(other))


def _ours(ruleset: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for item in ruleset:
        for kind, content in item.items():
            if kind not in ("table", "metainfo") and content["table"] == TABLE and content["family"] in FAMILIES:
                yield kind, content


def _missing(ruleset: Sequence[Mapping[str, Any]], chains: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for family in families(ruleset):
        for chain in _CHAINS:
            if (family, chain) not in chains:
                yield family, chain


def _is_chain(content: Mapping[str, Any]) -> bool:
    made = ("nat", *_CHAINS.get(content["name"], ()), "accept")
    return made == tuple(content.get(key) for key in ("type", "hook", "prio", "policy"))


def _rule(content: Mapping[str, Any], outside: str) -> Inbound | Outbound | None:
    """The rule, if it is written as `render` does it."""
    *matches, verdict = content["expr"]
    said = dict(map(_match, matches))
    addresses = "ip" if content["family"] == "ip" else "ip6"
    try:
        if content["chain"] == "inbound" and said.pop("iifname") == outside:
            public = ip_address(said.pop(f"{addresses} daddr"))
            ((name, port),) = said.items()
            protocol, field = name.partition(" ")[::2]
            to = verdict["dnat"]
            if field == "dport" and isinstance(port, int) and set(to) <= {"addr", "port", "family"}:
                return Inbound(protocol, public, port, ip_address(to["addr"]), to["port"])
        if content["chain"] == "outbound" and said.pop("oifname") == outside:
            private = ip_address(said.pop(f"{addresses} saddr"))
            to = verdict["snat"]
            if not said and set(to) <= {"addr", "family"}:
                return Outbound(private, ip_address(to["addr"]))
    except (KeyError, ValueError, TypeError):
        return None
    return None


def _match(expression: Mapping[str, Any]) -> tuple[str, Any]:
    """What a match looks at, and the value it wants; something nobody wants for every other expression."""
    match = expression.get("match", {})
    left = match.get("left", {})
    if match.get("op") != "==":
        return repr(expression), None
    if "meta" in left:
        return str(left["meta"]["key"]), match["right"]
    if "payload" in left:
        return f"{left['payload'].get('protocol')} {left['payload'].get('field')}", match["right"]
    return repr(expression), None
