"""Access lists: entries, what they match, and how IOS writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

from lab.ios.ports import TCP_PORTS, UDP_PORTS

NO_BITS, ALL_BITS = str(IPv4Address(0)), str(IPv4Address(0xFFFFFFFF))


@dataclass(frozen=True)
class Addresses:
    """An address with a wildcard: the bits that are 1 in the wildcard are not compared."""

    address: str = NO_BITS
    wildcard: str = ALL_BITS

    def __contains__(self, address: str) -> bool:
        compared = ~int(IPv4Address(self.wildcard)) & 0xFFFFFFFF
        return int(IPv4Address(address)) & compared == int(IPv4Address(self.address)) & compared

    def normal(self) -> Addresses:
        """With the bits that are not compared set to 0, as IOS keeps it."""
        compared = ~int(IPv4Address(self.wildcard)) & 0xFFFFFFFF
        return Addresses(str(IPv4Address(int(IPv4Address(self.address)) & compared)), self.wildcard)

    def extended(self) -> str:
        """As an extended list writes it."""
        if self.wildcard == ALL_BITS:
            return "any"
        return f"host {self.address}" if self.wildcard == NO_BITS else f"{self.address} {self.wildcard}"

    def standard(self) -> str:
        """As a standard list writes it."""
        if self.wildcard == ALL_BITS:
            return "any"
        return self.address if self.wildcard == NO_BITS else f"{self.address} {self.wildcard}"

    def nft(self, field_name: str) -> str:
        """As nftables matches it; empty for any address."""
        if self.wildcard == ALL_BITS:
            return ""
        mask = IPv4Address(~int(IPv4Address(self.wildcard)) & 0xFFFFFFFF)
        try:
            return f"ip {field_name} {IPv4Network(f'{self.address}/{mask}')} "
        except ValueError:
            return f"ip {field_name} & {mask} == {self.address} "


@dataclass(frozen=True)
class Entry:
    """A line of a list. In a standard list only `action` and `source` mean something; a port of -1 is any port."""

    action: str
    source: Addresses
    protocol: str = "ip"
    destination: Addresses = field(default_factory=Addresses)
    source_port: int = -1
    destination_port: int = -1
    established: bool = False

    def extended(self) -> str:
        """As an extended list writes it: `deny` is padded to the width of `permit`."""
        names = {"tcp": TCP_PORTS, "udp": UDP_PORTS}.get(self.protocol, {})
        words = [self.action.ljust(6), self.protocol]
        for addresses, port in ((self.source, self.source_port), (self.destination, self.destination_port)):
            words.append(addresses.extended())
            if port >= 0:
                words.append(f"eq {names.get(port, port)}")
        return " ".join([*words, *(["established"] if self.established else [])])

    def standard(self) -> str:
        """As a standard list writes it."""
        return f"{self.action} {self.source.standard()}"

    def nft(self) -> str:
        """What nftables compares."""
        text = "" if self.protocol == "ip" else f"meta l4proto {self.protocol} "
        text += self.source.nft("saddr") + self.destination.nft("daddr")
        for side, port in (("sport", self.source_port), ("dport", self.destination_port)):
            if port >= 0:
                text += f"{self.protocol} {side} {port} "
        return text + ("tcp flags & (ack | rst) != 0 " if self.established else "")


def lines(name: str, entries: Sequence[Entry]) -> list[str]:
    """A list in the running configuration."""
    if not name.isdecimal():
        return [f"ip access-list extended {name}", *(f" {entry.extended()}" for entry in entries)]
    standard = int(name) < 100
    return [f"access-list {name} {entry.standard() if standard else entry.extended()}" for entry in entries]
