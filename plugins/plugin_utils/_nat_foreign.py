# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Rules of others on a router that contradict ours: they translate the same packets, or rewrite SIP."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from ._nat_read import Address
from ._nat_rules import Rules

Field = Literal["source", "destination", "in", "out", "protocol", "port"]
Kind = Literal["source", "destination", "sip"]
Packet = Mapping[Field, Address | int | str]
"""What is known of a packet; a field that is missing may be anything."""

Range = tuple[Address, Address] | tuple[int, int]


@dataclass(frozen=True)
class Condition:
    """A packet's field is in one of `values`, or in none of them when `negated`. Values are ranges of addresses or of
    ports with both ends, or names, of interfaces with `*` for any end."""

    field: Field
    values: tuple[Range | str, ...]
    negated: bool = False

    def allows(self, packet: Packet) -> bool:
        """Whether the packet may fulfil the condition."""
        value = packet.get(self.field)
        if value is None:
            return True
        return any(_within(value, each) for each in self.values) != self.negated


@dataclass(frozen=True)
class Way:
    """What a packet must be to get somewhere in the chains of a router. Conditions that are not understood are left
    out: then more packets seem to get there than do."""

    versions: frozenset[int] = frozenset({4, 6})
    conditions: tuple[Condition, ...] = ()

    def then(self, other: Way) -> Way:
        """This way and `other` behind it."""
        return Way(self.versions & other.versions, self.conditions + other.conditions)


Jumps = Mapping[str, Sequence[tuple[str, Way]]]
"""By chain: the chains from which rules lead to it, and on which way."""


def ways(chain: str, entrances: Collection[str], jumps: Jumps) -> Iterator[Way]:
    """Every way to `chain`, where packets come in at `entrances`; none to a chain that nothing leads to."""
    if chain in entrances:
        yield Way()
    # The kernel refuses rules that lead round in a circle.
    for origin, way in jumps.get(chain, ()):
        for before in ways(origin, entrances, jumps):
            yield before.then(way)


@dataclass(frozen=True)
class Foreign:
    """A rule that is not ours. `kind` is whether it translates sources or destinations, or hands packets to the SIP
    helper; `where` leads a person to it; `way` is how packets get there and through its own conditions; `to` are the
    addresses it translates to, as far as it names them."""

    kind: Kind
    where: str
    way: Way
    to: tuple[Range, ...] = ()

    def takes(self, version: int, packet: Packet) -> bool:
        """Whether a packet of that version of IP may meet all conditions."""
        return version in self.way.versions and all(condition.allows(packet) for condition in self.way.conditions)


def contradictions(foreign: Iterable[Foreign], rules: Rules, outside: str, *, sip_alg: bool) -> list[str]:
    """What stands against our rules, each with its cure; `outside` is the interface that partners are behind."""
    found = [problem for rule in foreign for problem in _problems(rule, rules, outside, sip_alg=sip_alg)]
    # A rule that several ways lead to is told once.
    return list(dict.fromkeys(found))


def _problems(foreign: Foreign, rules: Rules, outside: str, *, sip_alg: bool) -> Iterator[str]:
    if foreign.kind == "sip" and not sip_alg:
        yield f"{foreign.where}: hands SIP to the kernel's helper, which rewrites it; remove it, or say sip_alg: true"
    if foreign.kind == "destination":
        for inbound in sorted(rules.inbound, key=str):
            packet: Packet = {
                "in": outside,
                "destination": inbound.public_address,
                "protocol": inbound.protocol,
                "port": inbound.public_port,
            }
            if foreign.takes(inbound.public_address.version, packet):
                yield (
                    f"{foreign.where}: translates packets to {inbound.public_address} {inbound.protocol} "
                    f"{inbound.public_port} too; remove it, or take this address or port out of it"
                )
    if foreign.kind == "source":
        for outbound in sorted(rules.outbound, key=str):
            packet = {"out": outside, "source": outbound.private_address}
            if foreign.takes(outbound.private_address.version, packet):
                yield (
                    f"{foreign.where}: translates packets of {outbound.private_address} too; remove it, or take this "
                    "address out of it"
                )
            elif any(_within(outbound.public_address, each) for each in foreign.to):
                yield (
                    f"{foreign.where}: gives others the public address {outbound.public_address} too, which is "
                    "PAT; give them another"
                )


def _within(value: Address | int | str, each: Range | str) -> bool:
    if isinstance(each, str):
        return isinstance(value, str) and fnmatchcase(value, each)
    low, high = each
    if isinstance(value, int) and isinstance(low, int) and isinstance(high, int):
        return low <= value <= high
    if isinstance(value, str | int) or isinstance(low, int) or isinstance(high, int):
        return False
    return value.version == low.version and int(low) <= int(value) <= int(high)
