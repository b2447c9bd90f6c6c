# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of ports for templates; what each is for stands in the `.yml` file of its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils import _firewall_connects, _firewall_ios, _firewall_nftables, _firewall_pages
from ..plugin_utils._firewall_table import Table, as_data, table
from ..plugin_utils._nat_read import NatError

FORMATS = ("ios", "nftables", "markdown", "html")

Rows = Sequence[Mapping[str, Any]]


def _table(name: str, sites: Rows, machines: Rows, settings: Mapping[str, Any] | None) -> Table:
    try:
        return table(sites, machines, settings or {})
    except NatError as error:
        raise AnsibleFilterError(f"{name}: {error}") from error


def firewall_flows(sites: Rows, machines: Rows, settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return as_data(_table("firewall_flows", sites, machines, settings))


def firewall_files(
    sites: Rows, machines: Rows, settings: Mapping[str, Any] | None = None, formats: Sequence[str] = FORMATS
) -> dict[str, str]:
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise AnsibleFilterError(f"firewall_files: {unknown[0]!r} is no format; the formats are {', '.join(FORMATS)}")
    made = _table("firewall_files", sites, machines, settings)
    files: dict[str, str] = {}
    try:
        for place in made.places:
            name, flows = place.site.name, made.of(place.site.name)
            if "ios" in formats:
                files[f"{name}.ios"] = _firewall_ios.render(place, flows)
            if "nftables" in formats:
                files[f"{name}.nft"] = _firewall_nftables.render(place, flows)
    except NatError as error:
        raise AnsibleFilterError(f"firewall_files: {error}") from error
    if "markdown" in formats:
        files["ports.md"] = _firewall_pages.markdown(made)
    if "html" in formats:
        files["ports.html"] = _firewall_pages.page(made)
    return files


def firewall_connects(sites: Rows, machines: Rows, settings: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    made = _table("firewall_connects", sites, machines, settings)
    return [asdict(one) for one in _firewall_connects.connects(made)]


def firewall_problems(connects: Rows, results: Rows) -> list[str]:
    return _firewall_connects.problems(connects, results)


class FilterModule:
    """What Ansible asks a filter plugin for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "firewall_flows": firewall_flows,
            "firewall_files": firewall_files,
            "firewall_connects": firewall_connects,
            "firewall_problems": firewall_problems,
        }
