# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a trace holds of one message."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import List, NamedTuple, Tuple, Union

Address = Union[IPv4Address, IPv6Address]
Place = Tuple[str, int]


class Traced(NamedTuple):
    """A message, its body already masked."""

    data: bytes
    source: Place
    destination: Place
    transport: str  # udp | tcp | tls
    when: float  # seconds since 1970

    def addresses(self) -> List[Address]:
        """Source and destination without zone; if one is IPv6, the other as IPv4-mapped. Raises ValueError."""
        found = [ip_address(place[0].partition("%")[0]) for place in (self.source, self.destination)]
        if any(address.version == 6 for address in found):
            return [IPv6Address(f"::ffff:{address}") if address.version == 4 else address for address in found]
        return found

    def time(self) -> Tuple[int, int]:
        """Seconds and microseconds."""
        seconds, micros = divmod(int(self.when * 1000000), 1000000)
        return seconds & 0xFFFFFFFF, micros
