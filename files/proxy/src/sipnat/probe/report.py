# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a probe found."""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Tuple

from ..model import Endpoint

_SIGNS = {True: "good", False: "BAD", None: "unknown"}


class Line(NamedTuple):
    """One property of the way; `good` is None where it cannot be told."""

    what: str
    good: Optional[bool]
    found: str


class Report(NamedTuple):
    target: Endpoint
    lines: Tuple[Line, ...]

    @property
    def ok(self) -> bool:
        """Whether it was answered and nothing is against static NAT as SIP needs it."""
        return all(line.good is not False for line in self.lines)

    def text(self) -> str:
        """For people."""
        width = max(len(line.what) for line in self.lines)
        shown: List[str] = [f"{self.target.address} port {self.target.port}/{self.target.transport}"]
        shown += [f"  {_SIGNS[line.good]:<8}{line.what:<{width}}  {line.found}" for line in self.lines]
        return "\n".join(shown)
