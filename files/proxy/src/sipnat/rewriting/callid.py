# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The host part of a Call-ID, which shows inside addresses unless it is masked.

The mask is a permutation that is its own inverse: a form of a host becomes ``np`` and its token, and the other way
round, in both directions. So the two sides always mean the same dialog (RFC 3261, 12; RFC 3891, 3911, 4538).
"""

from __future__ import annotations

import re
from typing import Dict

from .rules import Rules
from .syntax import LWS, trimmed, values

_EMBEDDED = re.compile(
    rb"(?i)([?&](?:replaces|join|target-dialog|in-reply-to|call-id)=(?:[^&@>?%\s]|%(?!40))*(?:@|%40))([^&;>%\s]+)"
)


class CallIds:
    """Masks what header fields say of Call-IDs."""

    def __init__(self, rules: Rules) -> None:
        self._swap: Dict[bytes, bytes] = rules.swap

    def masked(self, text: bytes, start: int, end: int) -> bytes:
        """The piece of text that is one Call-ID, masked."""
        at = text.rfind(b"@", start, end)
        if at < 0:
            return text[start:end]
        host = text[at + 1 : end]
        return text[start : at + 1] + self._swap.get(host, host)

    def line(self, line: bytes, start: int) -> bytes:
        """Call-ID itself: the whole of the value."""
        begin, end = trimmed(line, start, len(line))
        return line[:begin] + self.masked(line, begin, end) + line[end:]

    def references(self, line: bytes, start: int) -> bytes:
        """Replaces, Join, Target-Dialog and In-Reply-To: a list of Call-IDs with parameters behind them."""
        pieces = []
        place = 0
        for begin, end in values(line, start):
            semicolon = line.find(b";", begin, end)
            stop = end if semicolon < 0 else semicolon
            while stop > begin and line[stop - 1] in LWS:
                stop -= 1
            pieces += [line[place:begin], self.masked(line, begin, stop)]
            place = stop
        return b"".join(pieces) + line[place:]

    def embedded(self, line: bytes) -> bytes:
        """The same header fields inside a URI (RFC 3261, 19.1.1), as in Refer-To."""
        return _EMBEDDED.sub(lambda found: found.group(1) + self._swap.get(found.group(2), found.group(2)), line)
