"""shutdown."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from lab.host import Host


def shutdown(_: Host, arguments: Sequence[str]) -> int:
    """Lab hosts do not restart: a program that wants that must be told."""
    print(f"lab: shutdown {' '.join(arguments)} is not imitated", file=sys.stderr)
    return 1
