# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Who has to know the names of the NAT plan, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._nat_plan import plan

Sites = Sequence[Mapping[str, Any]]


def asked(sites: Sites, host: str) -> list[str]:
    """The names that `host`, a node or an entry point of one of `sites`, has to resolve; none for any other host."""
    wanted = _wanted(sites)
    return sorted({name for site in sites if host in _hosts(site) for name in wanted[site["name"]]})


def answers(sites: Sites, said: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, list[str]]]:
    """The argument `names` of the plan, from what hosts `said`: by host, by name, its address, or an empty text.

    A name that one host of a site cannot resolve does not resolve there. A site of which no host said anything is left
    out: it is not judged.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for site, names in _wanted(sites).items():
        hosts = next(_hosts(each) for each in sites if each["name"] == site)
        for name in names:
            addresses = [said[host][name] for host in hosts if name in said.get(host, {})]
            if addresses:
                found.setdefault(site, {})[name] = sorted(set(addresses)) if all(addresses) else []
    return found


def _wanted(sites: Sites) -> dict[str, list[str]]:
    """By site, the names that have to resolve there."""
    dns = [entry for each in plan(sites)["sites"].values() for entry in each["dns"]]
    return {site["name"]: sorted({entry["name"] for entry in dns if site["name"] in entry["sides"]}) for site in sites}


def _hosts(site: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(entry["host"] for entry in (*site["entry_points"], *site["nodes"])))
