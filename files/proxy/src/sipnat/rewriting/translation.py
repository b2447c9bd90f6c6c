# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which address takes the place of which in session descriptions."""

from __future__ import annotations

from typing import Dict, Optional, Tuple

from ..model import Config
from .inside import Inside, address

_REMEMBERED = 1024


def media(config: Config) -> Tuple[Dict[bytes, bytes], Dict[bytes, bytes]]:
    """The addresses in session descriptions, on the way out and on the way in.

    A public address that several machines share belongs to the one with the lowest id. It becomes that machine's first
    address of the same family, for want of one its first address.
    """
    outward: Dict[bytes, bytes] = {}
    inward: Dict[bytes, bytes] = {}
    for host in sorted(config.hosts, key=lambda one: one.id):
        public = host.media or config.public.address
        for form in host.forms:
            outward[form.lower().encode("utf-8")] = public.encode("utf-8")
        same = [text for text in host.addresses if (":" in text) == (":" in public)]
        inward.setdefault(public.encode("utf-8"), (same or list(host.addresses))[0].encode("utf-8"))
    return outward, inward


class Translation:
    """From the text of an address, however it is written, to the one that takes its place; None: it stays."""

    def __init__(self, table: Dict[bytes, bytes], inside: Optional[Inside] = None, other: bytes = b"") -> None:
        """`other` takes the place of what `inside` holds and `table` does not know."""
        self.table = table
        self._inside = inside
        self._other = other
        self._known: Dict[bytes, Optional[bytes]] = {}

    def __call__(self, text: bytes) -> Optional[bytes]:
        if text in self._known:
            return self._known[text]
        found = address(text)
        new = self.table.get(text.lower() if found is None else str(found).encode("ascii"))
        if new is None and found is not None and self._inside is not None and self._inside.holds(text):
            new = self._other
        if len(text) <= 256:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[text] = new
        return new
