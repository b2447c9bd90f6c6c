# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Findings about the rules of a site's router."""

from __future__ import annotations

from collections.abc import Iterator

from ._nat_finding import Finding, SiteCheck
from ._nat_site import Site


def pat(site: Site) -> Iterator[Finding]:
    """A router that changes source ports sends answers by Via into nothing: RFC 3261 18.2.2."""
    for rule in site.rules.outbound:
        if rule.overload:
            yield Finding(
                "pat",
                "error",
                site.name,
                f"{rule.private_address} leaves from {rule.public_address} with changing ports (overload)",
                "a static translation of one address to one address",
                f"make the outbound rule of {rule.private_address} static, without overload",
            )


CHECKS: tuple[SiteCheck, ...] = (pat,)
