# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is remembered of one connection or sender of datagrams (``Flow.prefixes``)."""

from __future__ import annotations

from typing import Any, Dict

from .view import View

REMEMBERED = 64  # Via values of one sender: there may be many


class Memory:
    __slots__ = ("begin", "owner", "vias", "view")

    def __init__(self, owner: object, view: View) -> None:
        self.owner = owner  # whose it is: other rules, other memories
        self.view = view  # of the leg that the last message left by
        self.begin = b""  # our Via on that leg up to the branch that was received; empty: not known yet
        self.vias: Dict[bytes, Any] = {}  # the sender's own Via, without its branch

    def turn(self, view: View) -> None:
        """To another leg."""
        self.view = view
        self.begin = b""
