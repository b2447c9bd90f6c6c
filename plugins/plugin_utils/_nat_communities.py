# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The external communities of a site: where each is reached says the NAT plan, who may talk with it the inventory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import _nat_derive as derive
from ._nat_derive import Endpoint
from ._nat_read import NatError, Reader, items
from ._nat_site import Partner, Site, sites_of

CONNECTION = ("host", "port", "transport")
ACCESS = ("users", "excluded_users", "presence_sessions", "im_sessions", "properties")


def communities(
    sites: Sequence[Mapping[str, Any]],
    site: str,
    declared: Mapping[str, Mapping[str, Any]],
    domains: Mapping[str, Sequence[str]],
) -> list[dict[str, Any]]:
    """The external communities of `site`, as the role community takes them.

    `sites` are the input of `_nat_plan.plan`. `declared` holds by name of a partner what the plan does not say:
    `domains` of a partner who is not in the plan, `users`, `excluded_users`, limits, `properties`. `domains` are those
    of each site's own people. Raises `NatError` for what is no plan or contradicts it.
    """
    known = sites_of(sites)
    here = next((one for one in known if one.name == site), None)
    if here is None:
        raise NatError(f"{site!r} is no site of the plan; the sites are {', '.join(one.name for one in known)}")
    names = [partner.name for partner in here.partners]
    if not isinstance(declared, Mapping):
        raise NatError(f"stgw_communities: {declared!r} is not a mapping; write partners by name, each with its keys")
    for other, theirs in domains.items():
        list(items(theirs, f"stgw_community_domains ({other})"))
    unknown = sorted(name for name in declared if name not in names)
    if unknown:
        raise NatError(
            f"stgw_communities.{unknown[0]}: no partner of {site}; its partners are {', '.join(names) or 'none'}: add "
            "it to stgw_nat_partners, which says where it is reached"
        )
    return [_community(here, one, known, declared.get(one.name) or {}, domains) for one in here.partners]


def _community(
    site: Site,
    partner: Partner,
    sites: Sequence[Site],
    declared: Mapping[str, Any],
    domains: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    path = f"stgw_communities.{partner.name}"
    keys = Reader(declared, path, ["domains", *CONNECTION, *ACCESS])
    entered = derive.community(site, derive.endpoint_of(partner, sites))
    if entered is None:
        raise NatError(
            f"{path}: the NAT plan does not know where {partner.site} is reached; correct its findings first"
        )
    _compare(declared, entered, path)
    return {
        "name": partner.name,
        "host": entered.host,
        "port": entered.port,
        "transport": entered.transport,
        "domains": _domains(partner, keys, domains),
        **{key: declared[key] for key in ACCESS if declared.get(key) is not None},
    }


def _compare(declared: Mapping[str, Any], entered: Endpoint, path: str) -> None:
    for key in CONNECTION:
        told, right = declared.get(key), getattr(entered, key)
        if told is not None and str(told).lower() != str(right).lower():
            raise NatError(
                f"{path}.{key}: {told!r} contradicts the NAT plan, by which it is {right!r}; remove it, or correct "
                "what the plan is made of"
            )


def _domains(partner: Partner, keys: Reader, domains: Mapping[str, Sequence[str]]) -> list[str]:
    theirs = sorted(domain.lower() for domain in domains.get(partner.site or "") or ())
    told = sorted(str(item).lower() for item, path in keys.items("domains"))
    if not theirs and not told:
        missing = f"; or set stgw_community_domains for {partner.site}" if partner.site else ""
        raise NatError(f"{keys.at('domains')}: missing; say which domains lead to {partner.name}{missing}")
    if theirs and told and theirs != told:
        raise NatError(
            f"{keys.at('domains')}: {', '.join(told)}, but {partner.site} has {', '.join(theirs)} "
            "(stgw_community_domains); remove one of the two"
        )
    return theirs or told
