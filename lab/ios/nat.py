"""Translations as IOS keeps them: what it refuses, and in which order it shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address

from lab.ios.syntax import Refused

_SIP = (("tcp", 5060), ("udp", 5060))
"""Where IOS looks into SIP without being told."""


@dataclass(frozen=True)
class Static:
    """`ip nat inside source static`; protocol and ports are empty and 0 for a whole address."""

    local: str
    public: str
    protocol: str = ""
    local_port: int = 0
    public_port: int = 0
    extendable: bool = False

    def __str__(self) -> str:
        if self.protocol:
            ends = f"{self.protocol} {self.local} {self.local_port} {self.public} {self.public_port}"
        else:
            ends = f"{self.local} {self.public}"
        return f"ip nat inside source static {ends}{' extendable' if self.extendable else ''}"

    @property
    def without_keywords(self) -> tuple[str, str, str, int, int]:
        """What makes it the entry that it is."""
        return self.protocol, self.local, self.public, self.local_port, self.public_port

    def takes_from(self, new: Static) -> bool:
        """Whether a new entry is for a global address, or a port of it, that this one has already."""
        if self.public != new.public:
            return False
        if self.protocol and new.protocol:
            return (self.protocol, self.public_port) == (new.protocol, new.public_port)
        return self.local != new.local or not (self.extendable and new.extendable)

    def maps_again(self, new: Static) -> bool:
        """Whether a new entry is for a local address, or a port of it, that only `extendable` lets have two."""
        if self.local != new.local or (self.extendable and new.extendable):
            return False
        if self.protocol and new.protocol:
            return (self.protocol, self.local_port) == (new.protocol, new.local_port)
        return self.protocol == new.protocol

    @property
    def order(self) -> tuple[bool, int, int]:
        """Entries of a port come first, then by address."""
        return not self.protocol, int(IPv4Address(self.local)), self.local_port


@dataclass(frozen=True)
class Pool:
    """`ip nat pool`."""

    name: str
    start: str
    end: str
    size: str
    """`netmask M` or `prefix-length N`."""

    def __str__(self) -> str:
        return f"ip nat pool {self.name} {self.start} {self.end} {self.size}"


@dataclass(frozen=True)
class Dynamic:
    """`ip nat inside source list`."""

    access_list: str
    target: str
    """`pool NAME` or `interface NAME`."""
    overload: bool

    def __str__(self) -> str:
        return f"ip nat inside source list {self.access_list} {self.target}{' overload' if self.overload else ''}"


@dataclass
class Nat:
    """All translations of a router; `sip` holds the ports on which it looks into SIP."""

    statics: list[Static] = field(default_factory=list)
    pools: dict[str, Pool] = field(default_factory=dict)
    dynamics: list[Dynamic] = field(default_factory=list)
    sip: set[tuple[str, int]] = field(default_factory=lambda: set(_SIP))

    def add_static(self, new: Static) -> None:
        """Take an entry on; raises `Refused`."""
        for other in self.statics:
            if other.without_keywords == new.without_keywords:
                self.statics.remove(other)
                break
            if other.takes_from(new):
                raise similar(other)
            if other.maps_again(new):
                raise Refused(f"% {new.local} already mapped ({other.local} -> {other.public})\n")
        self.statics.append(new)
        self.statics.sort(key=lambda static: static.order)

    def find_static(self, wanted: Static) -> Static:
        """The entry that is there; raises `Refused`. Keywords behind the addresses do not matter."""
        for static in self.statics:
            if static.without_keywords == wanted.without_keywords:
                return static
        raise Refused("% Translation not found\n")

    def add_pool(self, new: Pool) -> None:
        """Take a pool on; raises `Refused`."""
        first, last = int(IPv4Address(new.start)), int(IPv4Address(new.end))
        kind, _, size = new.size.partition(" ")
        bits = int(size) if kind == "prefix-length" else int(IPv4Address(size)).bit_count()
        if last < first:
            raise Refused("%End address less than start address\n")
        if first >> 32 - bits != last >> 32 - bits:
            raise Refused("%Start and end addresses on different subnets\n")
        if any(pool.name != new.name and self._overlap(pool, first, last) for pool in self.pools.values()):
            raise Refused(f"%Pool {new.name} overlaps with another pool\n")
        self.pools[new.name] = new

    @staticmethod
    def _overlap(pool: Pool, first: int, last: int) -> bool:
        return int(IPv4Address(pool.start)) <= last and first <= int(IPv4Address(pool.end))

    def remove_pool(self, name: str) -> None:
        """Forget a pool; raises `Refused`."""
        if name not in self.pools:
            raise Refused(f"%Pool {name} not found\n")
        if any(dynamic.target == f"pool {name}" for dynamic in self.dynamics):
            raise Refused(f"%Pool {name} in use, cannot destroy\n")
        del self.pools[name]

    def lines(self) -> list[str]:
        """In the running configuration; what is as it was delivered is not shown."""
        services = [(f"no {_service(*each)}", each) for each in _SIP if each not in self.sip]
        services += [(_service(*each), each) for each in sorted(self.sip - set(_SIP))]
        return [
            *(line for line, _ in services),
            *map(str, self.pools.values()),
            *map(str, self.dynamics),
            *map(str, self.statics),
        ]


def similar(static: Static) -> Refused:
    """What IOS says when an entry is there already that a new one would take packets from."""
    return Refused(f"% similar static entry ({static.local} -> {static.public}) already exists\n")


def _service(protocol: str, port: int) -> str:
    return f"ip nat service sip {protocol} port {port}"
