# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Who calls whom in a NAT plan: a call to each external community, and one from each partner who is not in the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import _nat_derive as derive
from ._nat_derive import Endpoint
from ._nat_party import Party, party_of, stranger
from ._nat_site import Partner, Site
from ._nat_walk import Walk, call


@dataclass(frozen=True)
class Talk:
    """A call between two sides by an external community, `through` the caller's entry point where it has several. No
    walks: nobody knows what to dial."""

    caller: str
    called: str
    community: str
    through: str
    walks: tuple[Walk, ...]


def talks(sites: Sequence[Site]) -> list[Talk]:
    """The calls of each site, in the order of the sites and their partners."""
    return [talk for site in sites for partner in site.partners for talk in _talks(site, partner, sites)]


def _talks(site: Site, partner: Partner, sites: Sequence[Site]) -> Iterator[Talk]:
    dialled = _dialled(partner, sites)
    there = _party(partner, dialled, sites)
    for facing in site.entry_points:
        through = facing.host if len(site.entry_points) > 1 else ""
        walks = _walks(party_of(site, facing), there, dialled)
        yield Talk(site.name, partner.site or partner.name, partner.name, through, walks)
    if partner.site is None:
        ours = derive.contact(site)
        yield Talk(partner.name, site.name, partner.name, "", _walks(there, _called(site, ours), ours))


def _walks(caller: Party | None, called: Party | None, dialled: Endpoint | None) -> tuple[Walk, ...]:
    return tuple(call(caller, called, dialled)) if caller and called and dialled else ()


def _called(site: Site, dialled: Endpoint | None) -> Party:
    """A site with the entry point that the dialled address leads to; with its first one when it leads to none."""
    where = (dialled.address, dialled.port) if dialled else None
    for rule in site.rules.inbound if site.behind_nat else ():
        if (rule.public_address, rule.public_port) == where and rule.protocol == site.protocol:
            where = (rule.private_address, rule.private_port)
            break
    reached = (one for one in site.entry_points if (one.address, one.ports.get(site.transport)) == where)
    return party_of(site, next(reached, site.entry_points[0]))


def _party(partner: Partner, dialled: Endpoint | None, sites: Sequence[Site]) -> Party | None:
    if partner.site is not None:
        return _called(_site(partner.site, sites), dialled)
    return stranger(partner.name, dialled) if dialled else None


def _dialled(partner: Partner, sites: Sequence[Site]) -> Endpoint | None:
    """What is declared comes before what is derived: it is what somebody has entered."""
    derived = derive.endpoint_of(partner, sites) or _any_rule(partner, sites)
    host = partner.host or (derived.host if derived else None)
    port = partner.port or (derived.port if derived else None)
    transport = partner.transport or (derived.transport if derived else None)
    if host is None or port is None or transport is None:
        return None
    address = partner.address or (derived.address if derived and derived.host == host else None)
    if address is None and partner.site is not None:
        address = derive.address_of(_site(partner.site, sites), host)
    return Endpoint(host, address, port, transport)


def _any_rule(partner: Partner, sites: Sequence[Site]) -> Endpoint | None:
    """Where no rule leads to an entry point, people dial what there is: the call shall show what becomes of it."""
    if partner.site is None:
        return None
    site = _site(partner.site, sites)
    rules = (Endpoint(one.name, one.public_address, one.public_port, site.transport) for one in site.rules.inbound)
    return next(rules, None)


def _site(name: str, sites: Sequence[Site]) -> Site:
    return next(site for site in sites if site.name == name)
