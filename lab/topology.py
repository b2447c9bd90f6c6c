"""The simulated machines: the inventory's hosts with the hardware, disks and cables of a topology (`topology.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, Literal

import yaml

from lab import inventory
from lab.errors import LabError
from lab.settings import RouterPlatform, Settings

Platform = Literal["aix", "windows"]
_PLATFORMS: tuple[Platform, ...] = ("aix", "windows")
_PARTS = ("segments", "names", "router", "platforms", "hosts", "people")
_STATUSES = ("online", "away", "offline")


@dataclass(frozen=True)
class Leg:
    """A network interface: its first address is its own, the others it answers for too."""

    device: str
    segment: str
    addresses: tuple[str, ...]
    prefix: int


@dataclass(frozen=True)
class HostSpec:
    """A simulated server. `machine` holds model, os_level, cpu, cpu_count, cpu_mhz, memory_mb, paging_mb;
    `filesystems` maps a mount point or drive to its size and used MB (and AIX's device); `volume_group` is AIX's;
    `routes` pairs networks with gateways; `names` is the lab's whole name service; `people` are those of a Sametime
    server, address to status, and empty for any other host."""

    name: str
    platform: Platform
    groups: frozenset[str]
    leg: Leg
    routes: tuple[tuple[str, str], ...]
    management: tuple[str, int]
    domain: str
    media_root: str
    machine: Mapping[str, Any]
    filesystems: Mapping[str, Mapping[str, Any]]
    volume_group: Mapping[str, Any]
    names: Mapping[str, str]
    people: Mapping[str, str]

    @property
    def address(self) -> str:
        """The address on the lab's own network."""
        return self.leg.addresses[0]

    def description(self) -> dict[str, Any]:
        """All of it in JSON's types, as the host's own programs find it in `host.json`."""
        return {**asdict(self), "address": self.address, "groups": sorted(self.groups)}


@dataclass(frozen=True)
class RouterSpec:
    """The NAT router: a leg in each segment. It translates nothing until it is told to, and then what its disk says.
    `platform` is what those who log in find; `names` is the lab's whole name service."""

    name: str
    platform: RouterPlatform
    legs: tuple[Leg, ...]
    management: tuple[str, int]
    names: Mapping[str, str]


@dataclass(frozen=True)
class Topology:
    """The whole lab."""

    segments: Mapping[str, IPv4Network]
    hosts: tuple[HostSpec, ...]
    router: RouterSpec

    @property
    def machines(self) -> tuple[HostSpec | RouterSpec, ...]:
        """All that runs: the hosts and the router."""
        return (*self.hosts, self.router)

    def machine(self, name: str) -> HostSpec | RouterSpec:
        """The host or router of that name; raises `LabError`."""
        for machine in self.machines:
            if machine.name == name:
                return machine
        raise LabError(f"{name}: no such machine; there are {', '.join(machine.name for machine in self.machines)}")

    def host(self, name: str) -> HostSpec:
        """The host of that name; raises `LabError`."""
        for host in self.hosts:
            if host.name == name:
                return host
        raise LabError(f"{name}: no such host; there are {', '.join(host.name for host in self.hosts)}")


def load(settings: Settings) -> Topology:
    """The lab of `settings`; raises `LabError` when the inventory and the topology do not fit each other."""
    content = _content(settings.topology)
    groups = inventory.groups(*settings.inventories)
    segments = {name: IPv4Network(network) for name, network in content["segments"].items()}
    by_name: dict[str, Platform] = {name: kind for kind in _PLATFORMS for name in sorted(groups.get(kind, ()))}
    unknown = sorted(set(by_name) - set(content["hosts"]))
    if unknown:
        raise LabError(f"{', '.join(unknown)}: in the inventory, but {settings.topology} says nothing of them")
    names = dict(content["names"])
    for name, kind in by_name.items():
        address = content["hosts"][name]["address"]
        names |= {name: address, f"{name}.{content['platforms'][kind]['domain']}": address}
    router = _router(content["router"], segments, settings, names)

    def host(name: str, machine: Mapping[str, Any]) -> HostSpec:
        platform = content["platforms"][by_name[name]]
        segment = machine["segment"]
        return HostSpec(
            name=name,
            platform=by_name[name],
            groups=frozenset(group for group, members in groups.items() if name in members),
            leg=Leg("en0", segment, (machine["address"],), segments[segment].prefixlen),
            routes=_routes(segment, segments, router),
            management=(f"127.0.{settings.subnet}.{machine['management']}", platform["port"]),
            domain=platform["domain"],
            media_root=platform["media_root"],
            machine={**platform["machine"], **machine.get("machine", {})},
            filesystems=platform["filesystems"],
            volume_group=platform.get("volume_group", {}),
            names=names,
            people=content["people"].get(name, {}) if name in groups.get("sametime_servers", ()) else {},
        )

    hosts = tuple(host(name, machine) for name, machine in content["hosts"].items() if name in by_name)
    return Topology(segments=segments, hosts=hosts, router=router)


def _content(file: Path) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load(file.read_text("utf-8"))
    except FileNotFoundError:
        raise LabError(f"{file}: no such topology (LAB_TOPOLOGY names another)") from None
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise LabError(f"{file}: no topology (LAB_TOPOLOGY names another): {error}") from None
    return _checked(content, file)


def _checked(content: Any, file: Path) -> Mapping[str, Any]:
    """Raises `LabError` where the whole, one of its parts or somebody's status is missing or of another kind."""
    if not isinstance(content, Mapping):
        raise LabError(f"{file}: no mapping of {', '.join(_PARTS)} (LAB_TOPOLOGY names another topology)")
    for part in _PARTS:
        if not isinstance(content.get(part), Mapping):
            raise LabError(f"{file}: {part}: {content.get(part)!r} is no mapping; see lab/topology.yml")
    for server, people in content["people"].items():
        for person, status in people.items():
            if status not in _STATUSES:
                raise LabError(f"{file}: people: {server}: {person}: {status!r} is none of {', '.join(_STATUSES)}")
    return content


def _router(
    content: Mapping[str, Any], segments: Mapping[str, IPv4Network], settings: Settings, names: Mapping[str, str]
) -> RouterSpec:
    legs = tuple(
        Leg(content[name]["device"], name, tuple(content[name]["addresses"]), network.prefixlen)
        for name, network in segments.items()
    )
    management = (f"127.0.{settings.subnet}.{content['management']}", content["port"])
    return RouterSpec(content["name"], settings.router, legs, management, names)


def _routes(segment: str, segments: Mapping[str, IPv4Network], router: RouterSpec) -> tuple[tuple[str, str], ...]:
    """From the inside, the outside is reached by the router; the outside knows the router's public addresses only."""
    if segment == "outside":
        return ()
    gateway = next(leg.addresses[0] for leg in router.legs if leg.segment == segment)
    return tuple((str(network), gateway) for name, network in segments.items() if name != segment)
