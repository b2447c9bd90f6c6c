# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A finding of the NAT plan, and what a check is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ._nat_read import Address
from ._nat_site import Site

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")

Names = Mapping[str, Mapping[str, Sequence[Address]]]
"""By site and name in lower case: what that site's resolver says."""


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be; with an error the plan does not work, with a warning it may not."""

    id: str
    severity: Severity
    site: str
    found: str
    wanted: str
    cure: str


@dataclass(frozen=True)
class World:
    """All that a check may look at besides the site it judges."""

    sites: Sequence[Site]
    names: Names


SiteCheck = Callable[[Site], Iterator[Finding]]
"""Judges what a site says of itself."""

WorldCheck = Callable[[Site, World], Iterator[Finding]]
"""Judges a site beside the others, or by what resolvers say."""
