# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Read the input of the NAT plan: every error names the path of the key, the value and the cure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NatError(ValueError):
    """The input is no NAT plan: a key is missing or unknown, or a value is of the wrong kind."""


class Reader:
    """A mapping of the input, with the path that leads to it, such as `sites[0].router`."""

    def __init__(self, value: Any, path: str, keys: Iterable[str]) -> None:
        """Raises `NatError` unless `value` is a mapping that has no other keys than `keys`."""
        known = sorted(keys)
        if not isinstance(value, Mapping):
            raise NatError(f"{path}: {value!r} is not a mapping; give one with the keys {', '.join(known)}")
        unknown = sorted(str(key) for key in value if key not in known)
        if unknown:
            raise NatError(f"{path}.{unknown[0]}: unknown key; the keys are {', '.join(known)}")
        self.path = path
        self._value = value

    def at(self, key: str) -> str:
        """The path of `key`."""
        return f"{self.path}.{key}"

    def has(self, key: str) -> bool:
        """Whether `key` is there and not null."""
        return self._value.get(key) is not None

    def required(self, key: str) -> Any:
        """The value of `key` as it is."""
        if not self.has(key):
            raise NatError(f"{self.at(key)}: missing; it is required")
        return self._value[key]

    def text(self, key: str) -> str:
        return text(self.required(key), self.at(key))

    def name(self, key: str) -> str:
        return name(self.required(key), self.at(key))

    def choice(self, key: str, choices: Sequence[str]) -> str:
        value = self.required(key)
        if value not in choices:
            raise NatError(f"{self.at(key)}: {value!r} is unknown; write {' or '.join(choices)}")
        return str(value)

    def port(self, key: str) -> int:
        return port(self.required(key), self.at(key))

    def address(self, key: str) -> Address:
        return address(self.required(key), self.at(key))

    def flag(self, key: str) -> bool:
        """False when `key` is not there."""
        value = self._value.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise NatError(f"{self.at(key)}: {value!r} is neither true nor false; write one of the two")

    def items(self, key: str) -> Iterator[tuple[Any, str]]:
        """The elements of a list with their paths; none when `key` is not there."""
        if self.has(key):
            yield from items(self._value[key], self.at(key))


def items(value: Any, path: str) -> Iterator[tuple[Any, str]]:
    """The elements of a list with their paths."""
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        raise NatError(f"{path}: {value!r} is not a list; write it as a list")
    for number, item in enumerate(value):
        yield item, f"{path}[{number}]"


def text(value: Any, path: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise NatError(f"{path}: {value!r} is not a text; write a name")
    return str(value)


def name(value: Any, path: str) -> str:
    """A host name, or an address; whether the name is legal is judged by a finding.

    Each has one form only, for they are compared: no brackets, and no dot at the end, which certificates do not have.
    """
    found = text(value, path)
    if any(character.isspace() or not character.isprintable() for character in found):
        raise NatError(f"{path}: {value!r} has blanks or control characters; write a host name")
    if found.startswith("["):
        raise NatError(f"{path}: {value!r} has brackets; write an address of IPv6 without them")
    if found.endswith("."):
        raise NatError(f"{path}: {value!r} ends in a dot; write it without")
    return found


def port(value: Any, path: str) -> int:
    """A port; a text of digits counts, because templates make such."""
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 65535:
        raise NatError(f"{path}: {value!r} is not a port; write a number from 1 to 65535")
    return int(number)


def address(value: Any, path: str) -> Address:
    """The address of a host."""
    try:
        found = ipaddress.ip_address(value) if isinstance(value, str) and "%" not in value else None
    except ValueError:
        found = None
    if found is None or found.is_unspecified or found.is_multicast:
        raise NatError(f"{path}: {value!r} is not the address of a host; write one of IPv4 or IPv6")
    return found


def socket(host: object, port: object) -> str:
    """A host or address with a port as one word; an address of IPv6 comes in brackets."""
    return f"[{host}]:{port}" if ":" in str(host) else f"{host}:{port}"


def network(value: Any, path: str) -> Network:
    """A network; bits of the host part are refused, because one of both is a mistake then."""
    try:
        if isinstance(value, str) and "%" not in value:
            return ipaddress.ip_network(value)
    except ValueError:
        pass
    raise NatError(f"{path}: {value!r} is not a network; write it as 192.0.2.0/24, without bits of the host part")
