# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Header fields of a message that may be broken: for answers to it, never for what is forwarded."""

from __future__ import annotations

from typing import Dict, List

from .headers import unfolded
from .syntax import LWS, parameters

_LONG = {b"v": b"via", b"f": b"from", b"t": b"to", b"i": b"call-id"}


def name_of(line: bytes) -> bytes:
    """The name of a header field, in the long form if it is one of the four that answers copy, lower case."""
    name = line.partition(b":")[0].rstrip(LWS).lower()
    return _LONG.get(name, name)


def values_of(lines: List[bytes]) -> Dict[bytes, bytes]:
    """The value of the first header field of each name."""
    found: Dict[bytes, bytes] = {}
    for line in unfolded(lines[1:]):
        found.setdefault(name_of(line), line.partition(b":")[2].strip(LWS))
    return found


def tag(value: bytes) -> bytes:
    """Of a From or To value; empty if it has none."""
    start = value.rfind(b">") + 1
    for parameter in parameters(value, start, len(value)):
        if parameter.name == b"tag":
            return parameter.value or b""
    return b""
