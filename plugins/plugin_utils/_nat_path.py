# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A NAT router as a function: what becomes of one packet.

Only the first packet of a flow asks the rules. Its answers are recognised by the router's state and get the addresses
back: the answer to the translated packet arrives as the answer to the original one (`Packet.reply`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ._nat_read import Address
from ._nat_router import InboundRule, OutboundRule


@dataclass(frozen=True)
class Packet:
    """Source and destination of a packet; `protocol` is tcp or udp."""

    source: Address
    source_port: int
    destination: Address
    destination_port: int
    protocol: str

    def reply(self) -> Packet:
        """The packet that answers this one."""
        return Packet(self.destination, self.destination_port, self.source, self.source_port, self.protocol)


def inbound(packet: Packet, rules: Iterable[InboundRule]) -> Packet | None:
    """The packet behind the router, by the first rule that matches; None when none does, for it goes nowhere then."""
    for rule in rules:
        if (rule.protocol, rule.public_address, rule.public_port) == (
            packet.protocol,
            packet.destination,
            packet.destination_port,
        ):
            return replace(packet, destination=rule.private_address, destination_port=rule.private_port)
    return None


def outbound(packet: Packet, rules: Iterable[OutboundRule]) -> Packet | None:
    """The packet in front of the router, by the first rule that matches.

    None when no rule matches, or the rule is not static: then nobody can say what it looks like outside.
    """
    for rule in rules:
        if rule.private_address == packet.source:
            return replace(packet, source=rule.public_address) if rule.static else None
    return None
