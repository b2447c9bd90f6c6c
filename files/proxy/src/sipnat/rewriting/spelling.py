# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a host is spelled where that is not the canonical way: what comes back has to be as it was written.

Java writes IPv6 without ``::``, people write names with capitals. A code says so without showing the host: the number
of a style, or the places of the capitals as bits; both in hexadecimal.
"""

from __future__ import annotations

from ipaddress import IPv6Address
from typing import List, Optional

_MOST = 64  # letters of a code: a name has 255 at most, and few of them are capitals


def code(text: bytes, host: bytes) -> bytes:
    """What spells `host` (canonical, see syntax.py) as `text`; empty: it is canonical, or unlike anything known."""
    text = text.strip(b"[]")
    if text == host:
        return b""
    if b":" in host:
        styles = _styles(host)
        return b"%x" % styles.index(text) if text in styles else b""
    found = b"%x" % sum(1 << place for place, byte in enumerate(text) if 0x41 <= byte <= 0x5A)
    return found if text.lower() == host and len(found) <= _MOST else b""


def spelled(host: bytes, said: bytes) -> Optional[bytes]:
    """The host as a code says, IPv6 without brackets; None if it is no code for it."""
    if len(said) > _MOST or not said.isalnum() or said.translate(None, b"0123456789abcdef"):
        return None
    value = int(said, 16)
    if b":" in host:
        text = next(iter(_styles(host)[value : value + 1]), host)
    else:
        text = bytes(byte - 32 if value >> place & 1 and byte > 0x60 else byte for place, byte in enumerate(host))
    return text if code(text, host) == said else None


def _styles(host: bytes) -> List[bytes]:
    address = IPv6Address(host.decode("ascii"))
    groups = address.exploded.split(":")
    long = [":".join(f"{int(group, 16):x}" for group in groups), address.exploded]
    lower = [one.encode("ascii") for one in long]
    return [*lower, host.upper(), *(one.upper() for one in lower)]
