# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The rules of others in iptables, as far as they translate addresses or rewrite SIP."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Literal

from ._iptables_line import Line, Value, lines
from ._nat_foreign import Condition, Field, Foreign, Range

_KINDS: Mapping[str, Literal["source", "destination"]] = {
    "SNAT": "source",
    "MASQUERADE": "source",
    "NETMAP": "source",
    "DNAT": "destination",
    "REDIRECT": "destination",
}
_FIELDS: Mapping[str, Field] = {
    "-s": "source", "-d": "destination", "-i": "in", "-o": "out", "-p": "protocol",
    "--dport": "port", "--dports": "port", "--src-range": "source", "--dst-range": "destination",
}  # fmt: skip


def foreign(saved: Sequence[str], version: int, command: str, but: Collection[str] = ()) -> Iterator[Foreign]:
    """All of them, except those of the chains `but`, in what `command`, an `iptables-save` for one `version` of IP,
    wrote."""
    for line in lines(saved):
        target = line.options.get("-j", Value("")).text
        where = f"{command}, table {line.table}: {line.text}"
        if line.chain in but:
            continue
        if target in _KINDS:
            to = line.options.get("--to-source", Value("")).text
            kind = "destination" if target == "NETMAP" and "PREROUTING" in line.chain else _KINDS[target]
            yield Foreign(kind, where, frozenset([version]), tuple(_conditions(line)), tuple(_addresses(to)))
        elif target == "CT" and line.options.get("--helper", Value("")).text == "sip":
            yield Foreign("sip", where, frozenset([version]))


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
    low, _, high = text.partition(":")
    return int(low), int(high or low)


def _addresses(text: str) -> Iterator[Range]:
    """An address, a network or a range; nothing when it is none."""
    low, _, high = text.partition("-")
    try:
        if high:
            yield ip_address(low), ip_address(high)
        else:
            network = ip_network(low)
            yield network[0], network[-1]
    except ValueError:
        return
