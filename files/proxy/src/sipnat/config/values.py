# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Scalar values of the configuration: each function takes what JSON gave and returns its canonical form.

A value that does not fit raises `Wrong` with the cure; the reader adds key path and value.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Callable, Sequence

from ..model import TRANSPORTS

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_LARGEST = 1e12  # no time, rate or size needs more; keeps infinity and numbers that no float holds away
_DIGITS_AND_DOTS = re.compile(r"[0-9.]+\Z")


class Wrong(ValueError):
    """Says what to write instead."""


def text(value: object) -> str:
    """Any text of one line that is not empty."""
    if not isinstance(value, str):
        raise Wrong("write a text in quotation marks")
    if not value or not value.isprintable():
        raise Wrong("write a text of one line that is not empty")
    return value


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong("write true or false without quotation marks")
    return value


def integer(low: int, high: int) -> Callable[[object], int]:
    """A whole number from `low` to `high`."""

    def parse(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise Wrong(f"write a whole number from {low} to {high} without quotation marks")
        return value

    return parse


port = integer(1, 65535)


def number(low: float, above: bool = False) -> Callable[[object], float]:
    """A number that is at least `low`, or `above` it."""

    def parse(value: object) -> float:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        found = float(value) if is_number and abs(value) < _LARGEST else -1.0  # type: ignore[arg-type]
        if found < low or (above and found == low):
            raise Wrong(f"write a number {'above' if above else 'from'} {low:g}{'' if above else ' on'}")
        return found

    return parse


def choice(allowed: Sequence[str]) -> Callable[[object], str]:
    """One of some words."""

    def parse(value: object) -> str:
        if value not in allowed:
            raise Wrong(f"write one of {', '.join(allowed)}")
        return str(value)

    return parse


transport = choice(TRANSPORTS)


def address(value: object) -> str:
    """An IPv4 or IPv6 address that one machine can have."""
    found = _address(text(value))
    if found.is_multicast or (found.is_reserved and found.version == 4):
        raise Wrong("write the address of one machine, not of a group")
    if found.version == 6 and found.ipv4_mapped is not None:
        raise Wrong(f"write {found.ipv4_mapped}, the IPv4 address itself")
    return str(found)


def peer_address(value: object) -> str:
    """An address that somebody else has."""
    found = address(value)
    if ipaddress.ip_address(found).is_unspecified:
        raise Wrong("write the address of one machine")
    return found


def _address(value: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    bare = value[1:-1] if value.startswith("[") and value.endswith("]") else value
    try:
        if "%" in bare:  # a zone means nothing to anybody else
            raise ValueError
        return ipaddress.ip_address(bare)
    except ValueError:
        raise Wrong("write an IPv4 or IPv6 address such as 192.0.2.1 or 2001:db8::1") from None


def network(value: object) -> str:
    """A network in CIDR notation; a single address stands for itself."""
    written = text(value)
    try:
        found = ipaddress.ip_network(written, strict=False)
    except ValueError:
        raise Wrong("write a network such as 192.0.2.0/24, or one address") from None
    if str(found.network_address) != str(_address(written.partition("/")[0])):
        raise Wrong(f"the address has bits behind the prefix: write {found}")
    if found.num_addresses == 1:
        peer_address(str(found.network_address))
    return str(found)


def name(value: object) -> str:
    """A DNS name in lower case without the dot at its end. Underscores are taken: sites use them."""
    found = text(value).lower()
    found = found[:-1] if found.endswith(".") else found
    if len(found) > 253 or _DIGITS_AND_DOTS.match(found) or not all(_LABEL.match(part) for part in found.split(".")):
        raise Wrong("write a DNS name such as sip.example.com")
    return found


def host(value: object) -> str:
    """A DNS name or an address, as it is written into messages (IPv6 without brackets)."""
    written = text(value)
    if ":" in written or _DIGITS_AND_DOTS.match(written):
        return peer_address(written)
    return name(written)


def domain(value: object) -> str:
    """The domain of addresses of record, or `*` for every other."""
    return "*" if value == "*" else host(value)


def file_name(value: object) -> str:
    """Where something is, never what it is: secrets do not belong into the configuration."""
    if isinstance(value, str) and ("-----BEGIN" in value or "\n" in value):
        raise Wrong("write the name of a file; what it holds stays in the file")
    return text(value)
