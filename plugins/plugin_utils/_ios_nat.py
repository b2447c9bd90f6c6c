# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The translations of an IOS router, as its running configuration writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from ._ios_config import IosConfig
from ._ios_lists import permits

_HARMLESS = {"extendable", "no-alias", "no-payload"}
"""Keywords that change nothing about who gets which address."""

_ADDRESS = r"\d+\.\d+\.\d+\.\d+"
_STATIC = re.compile(
    rf"ip nat inside source static (?:(?P<protocol>tcp|udp) (?P<local>{_ADDRESS}) (?P<local_port>\d+) "
    rf"(?P<public>{_ADDRESS}) (?P<public_port>\d+)|(?P<whole_local>{_ADDRESS}) (?P<whole_public>{_ADDRESS}))"
    r"(?P<more>.*)"
)
_NETWORK = re.compile(rf"ip nat inside source static network ({_ADDRESS}) ({_ADDRESS}) (?:/(\d+)|({_ADDRESS}))")
_DYNAMIC = re.compile(r"ip nat inside source (list|route-map) (\S+) (pool|interface) (\S+)(.*)")
_POOL = re.compile(rf"ip nat pool (\S+) ({_ADDRESS}) ({_ADDRESS})")


@dataclass(frozen=True)
class Static:
    """A static entry; without a protocol it is for all of the two addresses, and the ports are 0. `keywords` are those
    that change its meaning."""

    local: str
    public: str
    protocol: str = ""
    local_port: int = 0
    public_port: int = 0
    keywords: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """As a command; two entries of one host need `extendable`."""
        if self.protocol:
            ends = f"{self.protocol} {self.local} {self.local_port} {self.public} {self.public_port}"
        else:
            ends = f"{self.local} {self.public}"
        return f"ip nat inside source static {ends} extendable"

    def meets(self, other: Static) -> bool:
        """Whether both are for the same public address, or the same port of it."""
        if self.public != other.public:
            return False
        return not (self.protocol and other.protocol) or (
            (self.protocol, self.public_port) == (other.protocol, other.public_port)
        )

    def replaces(self, other: Static) -> bool:
        """Whether both are for the same of one host: a host has one outbound address, a port one public one."""
        return (self.local, self.protocol, self.local_port) == (other.local, other.protocol, other.local_port)


def statics(config: IosConfig) -> Iterator[tuple[str, Static]]:
    """The static entries that name two addresses, each with its line."""
    for line in config.starting("ip nat inside source static "):
        found = _STATIC.fullmatch(line)
        if found:
            keywords = frozenset(found["more"].split()) - _HARMLESS
            if found["protocol"]:
                ports = int(found["local_port"]), int(found["public_port"])
                yield line, Static(found["local"], found["public"], found["protocol"], *ports, keywords)
            else:
                yield line, Static(found["whole_local"], found["whole_public"], keywords=keywords)


def network_with(config: IosConfig, address: str) -> str | None:
    """The line that translates a whole network with this address on either side."""
    for line in config.starting("ip nat inside source static network "):
        found = _NETWORK.match(line)
        if found:
            size = found[3] or found[4]
            if any(
                IPv4Address(address) in IPv4Network(f"{base}/{size}", strict=False) for base in (found[1], found[2])
            ):
                return line
    return None


def dynamic_for(config: IosConfig, local: str) -> str | None:
    """The line by which packets from this address get one of several addresses, or another port."""
    for line in config.starting("ip nat inside source "):
        found = _DYNAMIC.match(line)
        if not found:
            continue
        lists = [found[2]] if found[1] == "list" else config.matched_lists(found[2])
        if lists is None or any(permits(config.access_list(name), local) for name in lists):
            return line
    return None


def pool_with(config: IosConfig, public: str) -> str | None:
    """The line of a pool that gives this address away."""
    for line in config.starting("ip nat pool "):
        found = _POOL.match(line)
        if found and IPv4Address(found[2]) <= IPv4Address(public) <= IPv4Address(found[3]):
            return line
    return None
