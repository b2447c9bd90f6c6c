"""PowerShell's wildcard patterns."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=256)
def wildcard(pattern: str, *, case: bool = False) -> re.Pattern[str]:
    """`*`, `?`, `[abc]` and backtick escapes as a regular expression for `fullmatch`."""
    parts: list[str] = []
    place = 0
    while place < len(pattern):
        mark = pattern[place]
        end = pattern.find("]", place + 2)
        if mark == "`" and place + 1 < len(pattern):
            place += 1
            parts.append(re.escape(pattern[place]))
        elif mark == "*":
            parts.append(".*")
        elif mark == "?":
            parts.append(".")
        elif mark == "[" and end > 0:
            parts.append("[" + pattern[place + 1 : end].replace("\\", "\\\\").replace("^", "\\^") + "]")
            place = end
        else:
            parts.append(re.escape(mark))
        place += 1
    return re.compile("".join(parts), re.DOTALL if case else re.DOTALL | re.IGNORECASE)


def has_wildcard(text: str) -> bool:
    """Whether the text is a pattern."""
    return any(mark in text for mark in "*?[")
