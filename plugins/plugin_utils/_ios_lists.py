# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What an access list of IOS lets through, as far as it can be told from an address alone."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address

_ANY = ["any"]
_ONE_ADDRESS = str(IPv4Address(0))
"""The wildcard of which every bit is compared."""


def permits(entries: Sequence[str] | None, address: str) -> bool:
    """Whether a list lets packets from an address through, to wherever. To IOS, a list that does not exist permits
    everything."""
    if entries is None:
        return True
    for entry in entries:
        words = entry.split()
        # Newer versions number the entries.
        action, protocol, source, rest = _parts(words[words[0].isdecimal() :])
        if action not in ("permit", "deny") or not _covers(source, address):
            continue
        if action == "permit":
            return True
        # A denial of some ports or destinations leaves others to the entries below it.
        if protocol == "ip" and rest in ([], _ANY):
            return False
    return False


def _parts(words: Sequence[str]) -> tuple[str, str, list[str], list[str]]:
    """Action, protocol, source, and what follows. The entries of a standard list have a source only."""
    action, rest = words[0], list(words[1:])
    extended = bool(rest) and rest[0].isalpha() and rest[0] not in ("any", "host")
    protocol = rest.pop(0) if extended else "ip"
    length = 1 if rest[:1] == _ANY else 2
    return action, protocol, rest[:length], rest[length:]


def _covers(source: Sequence[str], address: str) -> bool:
    if list(source) == _ANY:
        return True
    base, wildcard = (source[1], _ONE_ADDRESS) if source[0] == "host" else (*source, _ONE_ADDRESS)[:2]
    compared = ~int(IPv4Address(wildcard)) & 0xFFFFFFFF
    return int(IPv4Address(base)) & compared == int(IPv4Address(address)) & compared
