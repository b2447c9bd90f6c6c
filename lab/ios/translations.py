"""The translations that packets have now, from the kernel's table of connections."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from lab.ios.nat import Static

_CONNTRACK = "/usr/sbin/conntrack"
_FIELD = re.compile(r"(src|dst|sport|dport|id)=(\S+)")


@dataclass(frozen=True)
class Translation:
    """Addresses are `a.b.c.d:port`, or `a.b.c.d` without a port."""

    protocol: str
    inside_global: str
    inside_local: str
    outside: str


def current() -> list[Translation]:
    """All of them."""
    return [each for line in _conntrack("-L", "-f", "ipv4").splitlines() for each in _translation(line)]


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


def forget(static: Static) -> None:
    """End those that an entry makes: the next packet of each is translated by what is configured then."""
    inward, outward = ["--orig-dst", static.public], ["--reply-dst", static.public]
    if static.protocol:
        inward += ["--proto", static.protocol, "--orig-port-dst", str(static.public_port)]
        outward += ["--proto", static.protocol, "--reply-port-dst", str(static.public_port)]
    for which in (inward, outward):
        _conntrack("-D", "-f", "ipv4", *which)


def forget_all() -> None:
    """End all of them."""
    _conntrack("-F")


def _conntrack(*arguments: str) -> str:
    # It exits with 1 when there is no such connection.
    return subprocess.run([_CONNTRACK, *arguments], capture_output=True, text=True, check=False).stdout


def _translation(line: str) -> Iterator[Translation]:
    """Of a line `tcp 6 TIME STATE src= dst= sport= dport= src= dst= sport= dport= ...`."""
    protocol = line.split(maxsplit=1)[0]
    fields: list[dict[str, str]] = [{}, {}]
    for name, value in _FIELD.findall(line):
        fields[name in fields[0]].setdefault(name, value)
    asked, answered = fields

    def end(of: dict[str, str], side: str) -> str:
        port = of.get({"src": "sport", "dst": "dport"}[side], of.get("id", ""))
        return f"{of[side]}:{port}" if port else of[side]

    if asked["src"] != answered["dst"]:  # from the inside: the answer comes to another address than the asker's
        yield Translation(protocol, end(answered, "dst"), end(asked, "src"), end(asked, "dst"))
    elif asked["dst"] != answered["src"]:  # from the outside: the answer comes from another address than the asked one
        yield Translation(protocol, end(asked, "dst"), end(answered, "src"), end(asked, "src"))
