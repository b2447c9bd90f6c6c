"""hostname, whoami, netstat."""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence
from pathlib import Path

from lab.host import Host

_LISTEN = "0A"


def hostname(host: Host, arguments: Sequence[str]) -> int:
    """The machine's name."""
    if arguments:
        print("sethostname: Use the Network Control Panel Applet to set hostname.")
        return 1
    print(host.name)
    return 0


def whoami(host: Host, arguments: Sequence[str]) -> int:
    """Who runs this."""
    if arguments:
        print(f"ERROR: Invalid argument/option - '{arguments[0]}'.")
        return 1
    domain = "nt authority" if host.user.name == "SYSTEM" else host.name
    print(f"{domain}\\{host.user.name}".lower())
    return 0


def netstat(_: Host, arguments: Sequence[str]) -> int:
    """`netstat -an`: what listens."""
    if sorted("".join(each.lstrip("-/") for each in arguments).casefold()) != ["a", "n"]:
        print("lab: netstat is imitated with -an only")
        return 1
    print("\nActive Connections\n\n  Proto  Local Address          Foreign Address        State")
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == _LISTEN:
            print(f"  TCP    {_address(fields[1]):<22} {'0.0.0.0:0':<22} LISTENING")
    return 0


def _address(text: str) -> str:
    address, _, port = text.partition(":")
    return f"{socket.inet_ntoa(struct.pack('<L', int(address, 16)))}:{int(port, 16)}"
