# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The external communities of a site: where each is reached says the NAT plan, who may talk with it the inventory.

The plan is about SIP. Communities that are reached by XMPP are none of its partners; all that it has to do with them is
the rule that lets them in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import _nat_derive as derive
from ._community_types import KINDS, LOCAL, SAMETIME, Kind
from ._nat_derive import Endpoint
from ._nat_read import NatError, Reader, items
from ._nat_site import Partner, Site, sites_of

CONNECTION = ("host", "port", "transport")
ACCESS = ("users", "excluded_users", "presence_sessions", "im_sessions", "properties")
TYPE = ("type", "protocol")
TYPES = tuple(name for name in KINDS if name != LOCAL)


def communities(
    sites: Sequence[Mapping[str, Any]],
    site: str,
    declared: Mapping[str, Mapping[str, Any]],
    domains: Mapping[str, Sequence[str]],
    xmpp_port: int,
) -> list[dict[str, Any]]:
    """The external communities of `site`, as the role community takes them.

    `sites` are the input of `_nat_plan.plan`. `declared` holds by name of a partner what the plan does not say: `type`
    and `protocol`, `domains` of a partner who is not in the plan, `users`, `excluded_users`, limits, `properties`; and
    of a community that is reached by XMPP all of it. `domains` are those of each site's own people, `xmpp_port` is
    where an XMPP proxy listens. Raises `NatError` for what is no plan or contradicts it.
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
    others = {name: keys or {} for name, keys in declared.items() if name not in names}
    unknown = sorted(name for name, keys in others.items() if not _kind(keys, f"stgw_communities.{name}").over_xmpp)
    if unknown:
        raise NatError(
            f"stgw_communities.{unknown[0]}: no partner of {site}; its partners are {', '.join(names) or 'none'}: add "
            "it to stgw_nat_partners, which says where it is reached"
        )
    if others:
        _require_way_in(here, next(iter(others)), xmpp_port)
    return [
        *(_community(here, one, known, declared.get(one.name) or {}, domains) for one in here.partners),
        *({"name": name, **keys} for name, keys in others.items()),
    ]


def _kind(declared: Mapping[str, Any], path: str) -> Kind:
    keys = Reader(declared, path, ["domains", *CONNECTION, *ACCESS, *TYPE])
    return KINDS[keys.choice("type", TYPES) if keys.has("type") else SAMETIME]


def _require_way_in(site: Site, name: str, port: int) -> None:
    """Servers that speak XMPP connect back (RFC 3920 8.3), so a site behind a NAT has to let them in."""
    own = {one.address for one in site.listeners}
    led = any(
        rule.protocol == "tcp" and rule.private_port == port and rule.private_address in own
        for rule in site.rules.inbound
    )
    if site.behind_nat and not led:
        raise NatError(
            f"stgw_communities.{name}: a server that speaks XMPP connects back, and no inbound rule of {site.name} "
            f"leads to its XMPP proxy, port {port}; add one to stgw_nat_router.inbound, and the port to "
            "stgw_nat_ports_in_use"
        )


def _community(
    site: Site,
    partner: Partner,
    sites: Sequence[Site],
    declared: Mapping[str, Any],
    domains: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    path = f"stgw_communities.{partner.name}"
    kind = _kind(declared, path)
    if kind.over_xmpp:
        raise NatError(
            f"{path}.type: {declared['type']} speaks XMPP, and {partner.name} is a partner of the NAT plan, which is "
            "about SIP; remove it from stgw_nat_partners, or correct its type"
        )
    keys = Reader(declared, path, ["domains", *CONNECTION, *ACCESS, *TYPE])
    entered = derive.community(site, derive.endpoint_of(partner, sites))
    if entered is None:
        raise NatError(
            f"{path}: the NAT plan does not know where {partner.site} is reached; correct its findings first"
        )
    _compare(declared, entered, path)
    if entered.transport not in kind.transports:
        raise NatError(
            f"{path}.type: {declared['type']} takes {' or '.join(kind.transports)}, and by the NAT plan {site.name} "
            f"reaches it over {entered.transport}; correct the type, or stgw_nat_transport and the sprayer that is on"
        )
    return {
        "name": partner.name,
        **{key: declared[key] for key in TYPE if declared.get(key) is not None},
        "host": entered.host,
        "port": entered.port,
        "transport": entered.transport,
        **_domains(partner, keys, domains),
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


def _domains(partner: Partner, keys: Reader, domains: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The key `domains`. Of AOL and the like the role knows them."""
    theirs = sorted(domain.lower() for domain in domains.get(partner.site or "") or ())
    told = sorted(str(item).lower() for item, path in keys.items("domains"))
    if not theirs and not told and keys.has("type") and keys.required("type") != SAMETIME:
        return {}
    if not theirs and not told:
        missing = f"; or set stgw_community_domains for {partner.site}" if partner.site else ""
        raise NatError(f"{keys.at('domains')}: missing; say which domains lead to {partner.name}{missing}")
    if theirs and told and theirs != told:
        raise NatError(
            f"{keys.at('domains')}: {', '.join(told)}, but {partner.site} has {', '.join(theirs)} "
            "(stgw_community_domains); remove one of the two"
        )
    return {"domains": theirs or told}
