"""The configuration of the router, and the text that `show running-config` makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network

from lab.ios import access_lists
from lab.ios.access_lists import Entry
from lab.ios.nat import Nat

# What every configuration has and no command of the simulator changes.
_HEAD = (
    "!",
    "version 12.3",
    "service timestamps debug datetime msec",
    "service timestamps log datetime msec",
    "no service password-encryption",
    "!",
)
_GLOBAL = ("!", "no aaa new-model", "ip subnet-zero", "!", "!", "ip cef", "no ip domain lookup", "!", "!")
_SERVICES = ("no ip http server", "ip classless")
_LINES = ("!", "!", "line con 0", "line aux 0", "line vty 0 4", " login local", "!", "!", "end")
CONSTANT = frozenset((*_HEAD, *_GLOBAL, *_SERVICES, *_LINES, " duplex auto", " speed auto"))


@dataclass
class Interface:
    """A Fast Ethernet interface; `nat` is inside, outside or empty, `filters` maps in and out to access lists."""

    name: str
    address: str = ""
    mask: str = ""
    description: str = ""
    nat: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    shutdown: bool = False

    @property
    def network(self) -> IPv4Network:
        """Of an interface that has an address."""
        return IPv4Network(f"{self.address}/{self.mask}", strict=False)

    def lines(self) -> list[str]:
        """In the running configuration."""
        return [
            f"interface {self.name}",
            *([f" description {self.description}"] if self.description else []),
            f" ip address {self.address} {self.mask}" if self.address else " no ip address",
            *(f" ip access-group {self.filters[way]} {way}" for way in ("in", "out") if way in self.filters),
            *([f" ip nat {self.nat}"] if self.nat else []),
            *([" shutdown"] if self.shutdown else []),
            " duplex auto",
            " speed auto",
            "!",
        ]


@dataclass
class Configuration:
    """All that can be configured; `routes` holds the lines of static routes."""

    hostname: str = "Router"
    enable_secret: str = ""
    interfaces: dict[str, Interface] = field(default_factory=dict)
    nat: Nat = field(default_factory=Nat)
    access_lists: dict[str, list[Entry]] = field(default_factory=dict)
    routes: list[str] = field(default_factory=list)

    def text(self) -> str:
        """From the first `!` to `end`."""
        named = [name for name in self.access_lists if not name.isdecimal()]
        numbered = sorted((name for name in self.access_lists if name.isdecimal()), key=int)
        lists = [line for name in named for line in access_lists.lines(name, self.access_lists[name])]
        lists += ["!"] + [line for name in numbered for line in access_lists.lines(name, self.access_lists[name])]
        return "".join(
            f"{line}\n"
            for line in (
                *_HEAD,
                f"hostname {self.hostname}",
                "!",
                *([f"enable secret 5 {self.enable_secret}"] if self.enable_secret else []),
                *_GLOBAL,
                *(line for _, interface in sorted(self.interfaces.items()) for line in interface.lines()),
                *self.nat.lines(),
                *_SERVICES,
                *self.routes,
                "!",
                "!",
                *lists,
                *_LINES,
            )
        )
