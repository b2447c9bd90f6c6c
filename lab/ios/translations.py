"""The translations that packets have now, from the kernel's table of connections."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab.ios.nat import Static

_TABLE = Path("/proc/net/nf_conntrack")
_FIELD = re.compile(r"(src|dst|sport|dport|id)=(\S+)")
# From linux/netfilter/nfnetlink.h: the group of the table of connections, and its command that deletes.
_NETLINK_NETFILTER, _CTNETLINK_DELETE = 12, 1 << 8 | 2
_REQUEST_WITH_ANSWER = 0x1 | 0x4


@dataclass(frozen=True)
class Translation:
    """Addresses are `a.b.c.d:port`, or `a.b.c.d` without a port."""

    protocol: str
    inside_global: str
    inside_local: str
    outside: str


def current() -> list[Translation]:
    """All of them; none where the kernel does not show its table."""
    if not _TABLE.exists():
        return []
    return [each for line in _TABLE.read_text("ascii").splitlines() for each in _translation(line)]


def of(static: Static) -> list[Translation]:
    """Those that an entry makes."""
    inside_global, inside_local = static.public, static.local
    if static.protocol:
        inside_global, inside_local = f"{static.public}:{static.public_port}", f"{static.local}:{static.local_port}"
    found = []
    for each in current():
        ends = (each.inside_global, each.inside_local)
        if not static.protocol:
            ends = (ends[0].partition(":")[0], ends[1].partition(":")[0])
        if ends == (inside_global, inside_local) and static.protocol in ("", each.protocol):
            found.append(each)
    return found


def forget() -> None:
    """Forget all connections, so that each packet's translation is looked up again."""
    header = struct.pack("=LHHLL", 20, _CTNETLINK_DELETE, _REQUEST_WITH_ANSWER, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_NETFILTER) as kernel:
        kernel.send(header + struct.pack("=BBH", socket.AF_INET, 0, 0))
        (error,) = struct.unpack_from("=i", kernel.recv(4096), 16)
    if error:
        raise OSError(-error, "the kernel does not forget its connections")


def _translation(line: str) -> Iterator[Translation]:
    """Of a line `ipv4 2 tcp 6 TIME STATE src= dst= sport= dport= src= dst= sport= dport= ...`."""
    protocol = line.split()[2]
    fields: list[dict[str, str]] = [{}, {}]
    for name, value in _FIELD.findall(line):
        fields[name in fields[0]].setdefault(name, value)
    asked, answered = fields
    if len(answered) < 2:
        return

    def end(of: dict[str, str], side: str) -> str:
        port = of.get({"src": "sport", "dst": "dport"}[side], of.get("id", ""))
        return f"{of[side]}:{port}" if port else of[side]

    if asked["src"] != answered["dst"]:  # from the inside: the answer comes to another address than the asker's
        yield Translation(protocol, end(answered, "dst"), end(asked, "src"), end(asked, "dst"))
    elif asked["dst"] != answered["src"]:  # from the outside: the answer comes from another address than the asked one
        yield Translation(protocol, end(asked, "dst"), end(answered, "src"), end(asked, "src"))
