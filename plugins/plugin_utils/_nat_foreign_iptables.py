# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The rules of others in iptables, as far as they translate addresses or rewrite SIP."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network

from ._iptables_line import Line, Value, lines
from ._nat_foreign import Condition, Field, Foreign, Kind, Range, Way, ways

_KINDS: Mapping[str, tuple[Kind, ...]] = {
    "SNAT": ("source",),
    "MASQUERADE": ("source",),
    "DNAT": ("destination",),
    "REDIRECT": ("destination",),
    # Which of both depends on where packets come from.
    "NETMAP": ("source", "destination"),
}
# Packets of the router itself (OUTPUT, INPUT) are not those that it passes on.
_ENTRANCES: Mapping[Kind, Collection[str]] = {
    "source": ("POSTROUTING",),
    "destination": ("PREROUTING",),
    "sip": ("PREROUTING",),
}
_FIELDS: Mapping[str, Field] = {
    "-s": "source", "-d": "destination", "-i": "in", "-o": "out", "-p": "protocol",
    "--dport": "port", "--dports": "port", "--src-range": "source", "--dst-range": "destination",
}  # fmt: skip


def foreign(saved: Sequence[str], version: int, command: str, but: Collection[str] = ()) -> Iterator[Foreign]:
    """All of them, except those of the chains `but`, in what `command`, an `iptables-save` for one `version` of IP,
    wrote."""
    rules = list(lines(saved))
    jumps: dict[tuple[str, str], list[tuple[str, Way]]] = {}
    for line in rules:
        way = Way(frozenset([version]), tuple(_conditions(line)))
        for option in ("-j", "-g"):
            if option in line.options:
                jumps.setdefault((line.table, line.options[option].text), []).append((line.chain, way))
    for line in rules:
        of_table = {chain: origins for (table, chain), origins in jumps.items() if table == line.table}
        own = Way(frozenset([version]), tuple(_conditions(line)))
        to = tuple(_addresses(line.options.get("--to-source", Value("")).text))
        for kind in _kinds(line) if line.chain not in but else ():
            for way in ways(line.chain, _ENTRANCES[kind], of_table):
                yield Foreign(kind, f"{command}, table {line.table}: {line.text}", way.then(own), to)


def _kinds(line: Line) -> tuple[Kind, ...]:
    target = line.options.get("-j", Value("")).text
    if target == "CT" and line.options.get("--helper", Value("")).text == "sip":
        return ("sip",)
    return _KINDS.get(target, ())


def _conditions(line: Line) -> Iterator[Condition]:
    for option, value in line.options.items():
        field = _FIELDS.get(option)
        if field in ("source", "destination"):
            values: list[Range | str] = [*_addresses(value.text)]
        elif field == "port":
            values = [_ports(each) for each in value.text.split(",")]
        else:
            # Where nft has a star, iptables has a plus.
            values = [value.text.replace("+", "*")]
        if field and values:
            yield Condition(field, tuple(values), value.negated)


def _ports(text: str) -> tuple[int, int]:
    low, high = text.partition(":")[::2]
    return int(low), int(high or low)


def _addresses(text: str) -> Iterator[Range]:
    """An address, a network or a range; nothing when it is none."""
    low, high = text.partition("-")[::2]
    try:
        if high:
            yield ip_address(low), ip_address(high)
        else:
            network = ip_network(low)
            yield network[0], network[-1]
    except ValueError:
        return
