# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""All checks of the NAT plan."""

from __future__ import annotations

from collections.abc import Sequence

from . import _nat_check_router
from ._nat_finding import SEVERITIES, Finding, Names, SiteCheck, World
from ._nat_site import Site

SITE_CHECKS: tuple[SiteCheck, ...] = (*_nat_check_router.CHECKS,)


def findings(sites: Sequence[Site], names: Names) -> list[Finding]:
    """What is wrong with the sites: errors first, then in the order of the sites and of the ids, each only once."""
    order = [site.name for site in sites]
    found = {finding for site in sites for check in SITE_CHECKS for finding in check(site)}
    return sorted(
        found,
        key=lambda one: (
            SEVERITIES.index(one.severity),
            order.index(one.site),
            one.id,
            one.found,
            one.wanted,
            one.cure,
        ),
    )
