# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The table of ports: from the NAT plan and the machines of each site to every flow, and what stands against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from . import _firewall_cell, _firewall_inside, _firewall_partners
from ._firewall_check import findings
from ._firewall_flow import End, Flow
from ._firewall_input import Place, address_text, places_of
from ._nat_finding import Finding

GROUPS = {
    "partners": "Partners",
    "backends": "Databases, directories, Sametime servers",
    "administration": "Administration",
    "people": "People",
    "own": "Your own",
    "cell": "Inside the cell",
}
"""What people call the groups of rows, in the order of the table."""


@dataclass(frozen=True)
class Table:
    """The rows of all sites, and what stands against them."""

    places: tuple[Place, ...]
    flows: tuple[Flow, ...]
    findings: tuple[Finding, ...]

    def of(self, site: str) -> tuple[Flow, ...]:
        """The rows of one site, in the order of the groups."""
        order = list(GROUPS)
        return tuple(
            sorted((flow for flow in self.flows if flow.site == site), key=lambda flow: order.index(flow.group))
        )


def table(
    sites: Sequence[Mapping[str, Any]], machines: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]
) -> Table:
    """The table of `sites`, the input of `_nat_plan.plan`; the filter `firewall_flows` documents the rest.

    Raises `NatError` for input that is none.
    """
    places = places_of(sites, machines, settings)
    flows = tuple(
        flow
        for place in places
        for part in (_firewall_partners, _firewall_inside, _firewall_cell)
        for flow in part.flows(place)
    )
    return Table(places, flows, tuple(findings(places, flows)))


def as_data(made: Table) -> dict[str, Any]:
    """In JSON's types."""
    return {
        "flows": [_row(flow) for place in made.places for flow in made.of(place.site.name)],
        "findings": [asdict(finding) for finding in made.findings],
    }


def _row(flow: Flow) -> dict[str, Any]:
    return {
        "site": flow.site,
        "group": flow.group,
        "source": flow.source,
        "sources": [_end(end) for end in flow.sources],
        "target": flow.target,
        "targets": [_end(end) for end in flow.targets],
        "protocol": flow.protocol,
        "ports": list(flow.ports),
        "public_ports": list(flow.outside_ports),
        "direction": flow.direction,
        "firewall": flow.firewall,
        "note": flow.why_none,
        "purpose": flow.purpose,
        "evidence": flow.evidence,
    }


def _end(end: End) -> dict[str, Any]:
    return {
        "host": end.host,
        "address": address_text(end.network),
        "public": str(end.public) if end.public else address_text(end.network),
    }
