"""The lab's network: a bridge per segment in the supervisor's namespace, cables to the hosts, no way out."""

from __future__ import annotations

import errno
import socket
import subprocess
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address
from pathlib import Path

from lab.errors import LabError
from lab.prerequisites import tool
from lab.topology import Leg

# Documentation addresses (RFC 5737, RFC 3849): a namespace that knows a route to one of them has a default route.
_FAR_AWAY = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET, "198.51.100.1"), (socket.AF_INET6, "2001:db8::1"))


def build_segments(names: Iterable[str]) -> None:
    """Make this namespace's bridges."""
    _ip(line for name in names for line in (f"link add {name} type bridge", f"link set {name} up"))


def connect(cables: Sequence[tuple[str, int, Leg]]) -> None:
    """Lead named cables from the bridges of this namespace into the network namespaces of processes."""
    _ip(
        line
        for name, pid, leg in cables
        for line in (
            f"link add {name} type veth peer name {leg.device} address {_hardware_address(leg)} netns {pid}",
            f"link set {name} master {leg.segment} up",
        )
    )


def _hardware_address(leg: Leg) -> str:
    """Of the interface's first address: a machine that starts again has the card that its neighbours know."""
    return ":".join(f"{octet:02x}" for octet in (2, 0, *IPv4Address(leg.addresses[0]).packed))


def configure(legs: Sequence[Leg], routes: Sequence[tuple[str, str]] = ()) -> None:
    """Give this namespace's interfaces their addresses and routes."""
    lines = ["link set lo up"]
    for leg in legs:
        lines += [f"addr add {address}/{leg.prefix} dev {leg.device}" for address in leg.addresses]
        lines.append(f"link set {leg.device} up")
    lines += [f"route add {network} via {gateway}" for network, gateway in routes]
    _ip(lines)


def forward_packets() -> None:
    """Make this namespace a router."""
    for switch in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        Path("/proc/sys/net", switch).write_text("1")


def open_low_ports(lowest: int) -> None:
    """Let programs of any user listen from that port on, in this namespace."""
    Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").write_text(str(lowest))


def way_out() -> str | None:
    """An address outside the lab that this namespace has a route to, None when it has no way out.

    Connecting a datagram socket looks the route up and sends nothing.
    """
    for family, address in _FAR_AWAY:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((address, 9))
            except OSError as error:
                if error.errno in (errno.ENETUNREACH, errno.EADDRNOTAVAIL):
                    continue
                raise
            return address
    return None


def _ip(lines: Iterable[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    done = subprocess.run([tool("ip"), "-batch", "-"], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"ip refused: {done.stderr.strip()}")
