# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Ports in access lists: IOS shows many by name, and which ones depends on its version."""

from __future__ import annotations

_NUMBERS = {
    "tcp": {
        "echo": 7,
        "discard": 9,
        "daytime": 13,
        "chargen": 19,
        "ftp-data": 20,
        "ftp": 21,
        "telnet": 23,
        "smtp": 25,
        "time": 37,
        "whois": 43,
        "tacacs": 49,
        "domain": 53,
        "gopher": 70,
        "finger": 79,
        "www": 80,
        "hostname": 101,
        "pop2": 109,
        "pop3": 110,
        "sunrpc": 111,
        "ident": 113,
        "nntp": 119,
        "bgp": 179,
        "irc": 194,
        "pim-auto-rp": 496,
        "exec": 512,
        "login": 513,
        "cmd": 514,
        "lpd": 515,
        "talk": 517,
        "uucp": 540,
        "klogin": 543,
        "kshell": 544,
    },
    "udp": {
        "echo": 7,
        "discard": 9,
        "time": 37,
        "nameserver": 42,
        "tacacs": 49,
        "domain": 53,
        "bootps": 67,
        "bootpc": 68,
        "tftp": 69,
        "sunrpc": 111,
        "ntp": 123,
        "netbios-ns": 137,
        "netbios-dgm": 138,
        "netbios-ss": 139,
        "snmp": 161,
        "snmptrap": 162,
        "xdmcp": 177,
        "dnsix": 195,
        "mobile-ip": 434,
        "pim-auto-rp": 496,
        "isakmp": 500,
        "biff": 512,
        "who": 513,
        "syslog": 514,
        "talk": 517,
        "rip": 520,
        "non500-isakmp": 4500,
    },
}


def by_number(entry: str) -> str:
    """An entry of an access list with the numbers of its ports."""
    words = entry.split()
    numbers = next((_NUMBERS[word] for word in words if word in _NUMBERS), {})
    return " ".join(
        str(numbers.get(word, word)) if before == "eq" else word
        for before, word in zip(["", *words], words, strict=False)
    )
