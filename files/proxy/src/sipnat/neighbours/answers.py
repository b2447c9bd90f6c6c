# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which questions about health were asked and answered, in anonymous shared memory.

One process asks, but an answer that comes as a datagram may reach any of those that share the socket.
"""

from __future__ import annotations

import mmap
import os
import struct
from typing import Tuple

_ENTRY = struct.Struct("=IId")  # serial of the last question, of the last one answered, monotonic second of that answer


class Answers:
    """Questions and answers for `slots` upstreams. Make it before forking."""

    def __init__(self, slots: int) -> None:
        self.salt = os.urandom(6).hex()  # an answer to somebody who used our address before is none to us
        self._slots = slots
        self._shared = mmap.mmap(-1, slots * _ENTRY.size)

    def ask(self, slot: int) -> int:
        """The serial for one more question."""
        asked, answered, when = _ENTRY.unpack_from(self._shared, slot * _ENTRY.size)
        asked = (asked + 1) & 0x7FFFFFFF  # it serves as CSeq
        _ENTRY.pack_into(self._shared, slot * _ENTRY.size, asked, answered, when)
        return int(asked)

    def hear(self, slot: int, serial: int, now: float) -> bool:
        """Note an answer; false: nothing of the kind was asked last."""
        if not 0 <= slot < self._slots:
            return False
        asked, answered, _unused = _ENTRY.unpack_from(self._shared, slot * _ENTRY.size)
        if serial != asked or serial == answered:
            return False
        _ENTRY.pack_into(self._shared, slot * _ENTRY.size, asked, serial, now)
        return True

    def heard(self, slot: int) -> Tuple[int, float]:
        """Serial and time of the last answer."""
        _unused, answered, when = _ENTRY.unpack_from(self._shared, slot * _ENTRY.size)
        return int(answered), float(when)
