# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""All checks of the NAT plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from . import _nat_check_machines, _nat_check_names, _nat_check_partners, _nat_check_proxy, _nat_check_router
from ._nat_finding import SEVERITIES, Finding, Names, SiteCheck, World, WorldCheck
from ._nat_site import Site

SITE_CHECKS: tuple[SiteCheck, ...] = (
    *_nat_check_router.CHECKS,
    *_nat_check_proxy.CHECKS,
    *_nat_check_machines.CHECKS,
    *_nat_check_names.SITE_CHECKS,
    *_nat_check_partners.SITE_CHECKS,
)
WORLD_CHECKS: tuple[WorldCheck, ...] = (*_nat_check_names.WORLD_CHECKS, *_nat_check_partners.WORLD_CHECKS)


def findings(sites: Sequence[Site], names: Names) -> list[Finding]:
    """What is wrong with the sites, each only once: errors first, then in the order of the sites and of the ids."""
    world = World(sites, names)
    order = [site.name for site in sites]
    return sorted(
        {finding for site in sites for finding in _of(site, world)},
        key=lambda one: (
            SEVERITIES.index(one.severity),
            order.index(one.site),
            one.id,
            one.found,
            one.wanted,
            one.cure,
        ),
    )


def _of(site: Site, world: World) -> Iterator[Finding]:
    for check in SITE_CHECKS:
        yield from check(site)
    for beside in WORLD_CHECKS:
        yield from beside(site, world)
