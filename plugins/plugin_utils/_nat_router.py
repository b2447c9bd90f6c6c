# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The translation rules of a NAT router, as an inventory describes them: wrong ones too, for they are to be judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ._nat_read import Address, NatError, Reader, address, items

PROTOCOLS = ("tcp", "udp")


@dataclass(frozen=True)
class InboundRule:
    """A packet to the public address and port goes on to the private ones; `name` is that of the public address."""

    protocol: str
    public_address: Address
    public_port: int
    private_address: Address
    private_port: int
    name: str


@dataclass(frozen=True)
class OutboundRule:
    """A packet from the private address leaves from a public one, which is called `name`.

    Only one public address and unchanged ports (no overload, which is PAT) are of use for SIP.
    """

    private_address: Address
    public_addresses: tuple[Address, ...]
    overload: bool
    name: str

    @property
    def static(self) -> bool:
        """Whether every packet gets the same public address and keeps its port."""
        return len(self.public_addresses) == 1 and not self.overload

    @property
    def public_address(self) -> Address:
        """The public address, of a pool the first one."""
        return self.public_addresses[0]


@dataclass(frozen=True)
class Router:
    """All rules in the router's order, and whether it rewrites SIP by itself."""

    inbound: tuple[InboundRule, ...]
    outbound: tuple[OutboundRule, ...]
    sip_alg: bool


def router(value: Any, path: str = "router") -> Router:
    """Read a router; raises `NatError`."""
    keys = Reader(value, path, ["inbound", "outbound", "sip_alg"])
    return Router(
        inbound=tuple(_inbound(item, where) for item, where in keys.items("inbound")),
        outbound=tuple(_outbound(item, where) for item, where in keys.items("outbound")),
        sip_alg=keys.flag("sip_alg"),
    )


def _inbound(value: Any, path: str) -> InboundRule:
    keys = Reader(value, path, ["protocol", "public_address", "public_port", "private_address", "private_port", "name"])
    rule = InboundRule(
        protocol=keys.choice("protocol", PROTOCOLS),
        public_address=keys.address("public_address"),
        public_port=keys.port("public_port"),
        private_address=keys.address("private_address"),
        private_port=keys.port("private_port"),
        name=keys.name("name"),
    )
    _one_family(rule.private_address, rule.public_address, keys.at("public_address"))
    return rule


def _outbound(value: Any, path: str) -> OutboundRule:
    keys = Reader(value, path, ["private_address", "public_address", "overload", "name"])
    given = keys.required("public_address")
    pool = [(given, keys.at("public_address"))] if isinstance(given, str) else items(given, keys.at("public_address"))
    rule = OutboundRule(
        private_address=keys.address("private_address"),
        public_addresses=tuple(address(item, where) for item, where in pool),
        overload=keys.flag("overload"),
        name=keys.name("name"),
    )
    if not rule.public_addresses:
        raise NatError(f"{keys.at('public_address')}: empty; write the public address")
    for public in rule.public_addresses:
        _one_family(rule.private_address, public, keys.at("public_address"))
    return rule


def _one_family(private: Address, public: Address, path: str) -> None:
    if private.version != public.version:
        raise NatError(
            f"{path}: {str(public)!r} is of IPv{public.version} and the private address {private} of "
            f"IPv{private.version}; write two addresses of the same kind"
        )
