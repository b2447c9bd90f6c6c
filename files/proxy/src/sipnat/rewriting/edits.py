# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Changes to disjoint pieces of a text; what is between them stays byte for byte."""

from __future__ import annotations

from typing import List, Tuple

Edit = Tuple[int, int, bytes]  # from, to, what stands there then


def apply(text: bytes, edits: List[Edit]) -> bytes:
    """The text with all edits made. Insertions at one place (from == to) keep the order that they are listed in."""
    if not edits:
        return text
    pieces = []
    place = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [text[place:start], new]
        place = end
    return b"".join(pieces) + text[place:]
