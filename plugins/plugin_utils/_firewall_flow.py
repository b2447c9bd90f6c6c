# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""One row of the table of ports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Literal

from ._firewall_input import Machine
from ._nat_read import Address, Network

Group = Literal["partners", "backends", "administration", "people", "own", "cell"]
Firewall = Literal["edge", "inner", "none"]
Direction = Literal["in", "out", "inside"]


@dataclass(frozen=True)
class End:
    """Who is at an end of a flow: a host of the inventory, where `host` is not empty, or a network. `public` is the
    address that partners see in its place."""

    host: str
    network: Network
    public: Address | None = None

    @property
    def outside(self) -> Network:
        """How the outside knows it."""
        return ip_network(str(self.public)) if self.public else self.network


@dataclass(frozen=True)
class Flow:
    """Who connects to whom, at which ports, and what for.

    `source` and `target` are what people call both ends. `ports` are those that the target listens at; outside the
    router it is `public_port` where that is another one. `firewall` says which one it passes: that towards partners
    (`edge`), one between the site's own networks (`inner`), or none, for which `why_none` has the reason.
    """

    site: str
    group: Group
    source: str
    sources: tuple[End, ...]
    target: str
    targets: tuple[End, ...]
    protocol: str
    ports: tuple[int, ...]
    direction: Direction
    firewall: Firewall
    purpose: str
    evidence: str
    public_port: int | None = None
    why_none: str = ""

    @property
    def outside_ports(self) -> tuple[int, ...]:
        """What is dialled from outside."""
        return (self.public_port,) if self.public_port else self.ports

    @property
    def unknown(self) -> tuple[str, ...]:
        """The ends of which no address is known, so that no rule can be made."""
        return tuple(name for name, side in ((self.source, self.sources), (self.target, self.targets)) if not side)

    def pairs(self) -> Iterator[tuple[End, End]]:
        """Every source with every target, but none with itself."""
        for source in self.sources:
            for target in self.targets:
                if source.network != target.network:
                    yield source, target


def ends(machines: Sequence[Machine]) -> tuple[End, ...]:
    """Machines as ends of a flow inside a site."""
    return tuple(End(one.host, ip_network(str(one.address))) for one in machines)


def left_out(flows: Sequence[Flow]) -> Iterator[str]:
    """A line for each flow that no rule can be made of, because nothing says where one of its ends is."""
    for flow in flows:
        for who in flow.unknown:
            targets = ", ".join(str(end.network.network_address) for end in flow.targets) or flow.target
            ports = ", ".join(map(str, flow.ports))
            yield f"no networks are known for {who} ({flow.purpose}: {flow.protocol} {ports} of {targets})"
