# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The translation rules of one router, whatever it is told them with: only such as a SIP partner can rely on."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ._nat_read import Address, NatError, socket
from ._nat_router import Router, router


@dataclass(frozen=True)
class Inbound:
    """Packets of `protocol` (tcp or udp) to the public address and port go to the private ones."""

    protocol: str
    public_address: Address
    public_port: int
    private_address: Address
    private_port: int

    def __str__(self) -> str:
        public, private = socket(self.public_address, self.public_port), socket(self.private_address, self.private_port)
        return f"{self.protocol} {public} -> {private}"


@dataclass(frozen=True)
class Outbound:
    """Packets from the private address leave from the public one, with the port they have."""

    private_address: Address
    public_address: Address

    def __str__(self) -> str:
        return f"{self.private_address} -> {self.public_address}"


@dataclass(frozen=True)
class Rules:
    """Rules without an order: none overlaps another."""

    inbound: frozenset[Inbound] = field(default_factory=frozenset)
    outbound: frozenset[Outbound] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        return bool(self.inbound or self.outbound)

    def of(self, version: int) -> Rules:
        """Those of IPv4 or of IPv6."""
        return Rules(
            frozenset(rule for rule in self.inbound if rule.public_address.version == version),
            frozenset(rule for rule in self.outbound if rule.public_address.version == version),
        )

    @property
    def versions(self) -> frozenset[int]:
        """The versions of IP that have rules."""
        return frozenset(address.version for address in self.public_addresses)

    def described(self) -> dict[str, list[str]]:
        """In words, for people and for comparisons."""
        return {"inbound": sorted(map(str, self.inbound)), "outbound": sorted(map(str, self.outbound))}

    @property
    def public_addresses(self) -> list[Address]:
        """Every address that the router must answer for."""
        found = {rule.public_address for rule in self.inbound} | {rule.public_address for rule in self.outbound}
        return sorted(found, key=lambda address: (address.version, int(address)))


@dataclass(frozen=True)
class Shown:
    """What a router has where ours belong: the rules that were understood, the versions of IP for which there is such a
    place at all, and in words what is foreign or wrong in it."""

    rules: Rules = field(default_factory=Rules)
    versions: frozenset[int] = frozenset()
    other: tuple[str, ...] = ()

    def described(self) -> dict[str, Any]:
        """In words, for people and for comparisons; empty when nothing is there."""
        if not self.versions:
            return {}
        return {**self.rules.described(), "ip_versions": sorted(self.versions), "other": sorted(self.other)}


def rules_of(options: Mapping[str, Any]) -> Rules:
    """The rules that `inbound` and `outbound` describe; raises `NatError` when they are no rules, when one is not
    static (PAT, a pool), or when two overlap."""
    described = router({name: options.get(name) for name in ("inbound", "outbound")}, "options")
    _refuse_what_is_not_static(described)
    _refuse_overlap(
        "inbound",
        "public address and port",
        ((rule.protocol, rule.public_address, rule.public_port) for rule in described.inbound),
    )
    _refuse_overlap("outbound", "private address", (rule.private_address for rule in described.outbound))
    _refuse_overlap(
        "outbound",
        "public address, so that partners cannot tell two hosts apart",
        (rule.public_address for rule in described.outbound),
    )
    return Rules(
        frozenset(
            Inbound(rule.protocol, rule.public_address, rule.public_port, rule.private_address, rule.private_port)
            for rule in described.inbound
        ),
        frozenset(Outbound(rule.private_address, rule.public_address) for rule in described.outbound),
    )


def _refuse_what_is_not_static(described: Router) -> None:
    for number, rule in enumerate(described.outbound):
        where = f"options.outbound[{number}]"
        if rule.overload:
            raise NatError(
                f"{where}.overload: true is PAT, which gives every connection another port; SIP needs a static "
                f"translation: leave it out, and give {rule.private_address} a public address of its own"
            )
        if len(rule.public_addresses) > 1:
            pool = ", ".join(map(str, rule.public_addresses))
            raise NatError(
                f"{where}.public_address: {pool} is a pool, of which every connection gets another address; SIP needs "
                "one: name one address"
            )


def _refuse_overlap(name: str, what: str, keys: Iterable[Hashable]) -> None:
    seen: dict[Hashable, int] = {}
    for number, key in enumerate(keys):
        if key in seen:
            shown = " ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            raise NatError(
                f"options.{name}[{number}]: has the same {what} as options.{name}[{seen[key]}] ({shown}); "
                "leave one of the two out, or correct it"
            )
        seen[key] = number
