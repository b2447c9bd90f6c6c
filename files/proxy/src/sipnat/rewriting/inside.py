# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which addresses must not be seen outside, and how to find them in text quickly.

An address can be written in several ways, so text is searched in two steps: `needles` are short strings one of which
is in every inside address, however it is written; what is around a hit is then read as a whole address by `holds`.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Dict, Iterable, List, Optional, Tuple, Union

from ..model import Config

Address = Union[IPv4Address, IPv6Address]
Network = Union[IPv4Network, IPv6Network]

_REMEMBERED = 1024


def address(text: bytes) -> Optional[Address]:
    """The address that `text` is, without zone; an IPv4-mapped one as IPv4. None when it is none."""
    if not text or len(text) > 64:
        return None
    try:
        found = ip_address(text.partition(b"%")[0].decode("ascii"))
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def needles(networks: Iterable[Network]) -> Tuple[bytes, ...]:
    """Lower case strings one of which is in the lower case text of every address of `networks`."""
    found: List[bytes] = []
    for network in networks:
        if network.version == 4:
            found.append(_needle4(network))
        else:
            found.extend(_needles6(network))
    # A needle that holds another one finds nothing that the other does not.
    return tuple(one for one in dict.fromkeys(found) if not any(other != one and other in one for other in found))


def _needle4(network: Network) -> bytes:
    whole = network.prefixlen // 8  # the octets that all addresses share
    octets = str(network.network_address).split(".")[:whole]
    return (".".join(octets) + ("." if whole < 4 else "")).encode()


def _needles6(network: Network) -> List[bytes]:
    """Of the first group, whose leading zeros may be written: its digits that all addresses share."""
    if network.prefixlen < 4:
        return [b":"]
    first = network.network_address.packed[0] << 8 | network.network_address.packed[1]
    if network.prefixlen >= 16:
        # A first group that is zero may be hidden in "::".
        return [b"%x:" % first] if first else [b":"]
    if first < 0x1000:
        return [b":"]
    shared, bits = divmod(network.prefixlen, 4)
    digits = b"%04x" % first
    last = int(digits[shared : shared + 1], 16)
    return [digits[:shared] + b"%x" % (last + more) for more in range(1 << (4 - bits))] if bits else [digits[:shared]]


class Inside:
    """The addresses of the inside: the networks, the machines, the router's inside addresses; not what is public."""

    def __init__(self, config: Config) -> None:
        public = [config.public.address, config.outbound.address, config.public.host, config.outbound.host]
        public += [host.media for host in config.hosts if host.media]
        parsed = (address(text.encode("utf-8")) for text in public)
        self._public = frozenset(one for one in parsed if one is not None)
        single = [text for host in config.hosts for text in host.addresses] + list(config.firewall)
        networks = [ip_network(text, strict=False) for text in list(config.networks) + single]
        self._networks = tuple(dict.fromkeys(networks))
        self._known: Dict[bytes, bool] = {}
        self.needles = needles(self._networks)
        self.fold = any(needle != needle.upper() for needle in self.needles)  # search in lower case text

    def holds(self, text: bytes) -> bool:
        """Whether `text` as a whole is an address of the inside. Never 0.0.0.0, :: or a group's address."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[text] = self._holds(address(text))
        return known

    def place(self, text: bytes) -> Optional[Tuple[int, int]]:
        """Network and offset in it of an address of the inside that is written as ``ipaddress`` writes it."""
        found = address(text)
        if not self._holds(found) or str(found).encode("ascii") != text:
            return None
        number = next(number for number, network in enumerate(self._networks) if found in network)
        return number, int(found or 0) - int(self._networks[number].network_address)

    def at(self, number: int, offset: int) -> Optional[bytes]:
        """The address at a place, None when there is no such place."""
        if number >= len(self._networks) or offset >= self._networks[number].num_addresses:
            return None
        return str(self._networks[number][offset]).encode("ascii")

    def _holds(self, found: Optional[Address]) -> bool:
        if found is None or found.is_unspecified or found.is_multicast or found in self._public:
            return False
        return any(found in network for network in self._networks)
