# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bounded memories: a full one begins anew."""

from __future__ import annotations

from typing import Any, Dict

REMEMBERED = 4096  # entries of a memory
LONGEST = 512  # bytes of a line that is worth remembering


def remember(memory: Dict[bytes, Any], key: bytes, value: Any, most: int = REMEMBERED) -> None:
    if len(key) <= LONGEST:
        if len(memory) >= most:
            memory.clear()
        memory[key] = value
