# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The NAT plan: from a few facts about each site to every value that somebody has to enter somewhere, and findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from . import _nat_output
from ._nat_check import findings
from ._nat_site import names_of, sites_of


def plan(
    sites: Sequence[Mapping[str, Any]], names: Mapping[str, Mapping[str, Sequence[str]]] | None = None
) -> dict[str, Any]:
    """The derived values of every site, and what is wrong with them, in JSON's types.

    `sites` are described by the module `nat_plan`. `names` is what each site's resolver says: by site, by name, the
    addresses; a name without addresses does not resolve, and one that is not there was not asked for. The findings
    (keys: id, severity, site, found, wanted, cure) have errors first. Raises `NatError` for input that is no plan.
    """
    known = sites_of(sites)
    resolved = names_of(names or {}, known)
    return {
        "sites": {site.name: _nat_output.site(site, known) for site in known},
        "findings": [asdict(finding) for finding in findings(known, resolved)],
    }
