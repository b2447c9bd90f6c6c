# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The NAT plan for templates; what each is for stands in the `.yml` file of its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils import _nat_communities, _nat_diagram, _nat_explain, _nat_names, _nat_plan, _nat_proxy_config
from ..plugin_utils._nat_read import NatError


def nat_plan(
    sites: Sequence[Mapping[str, Any]], names: Mapping[str, Mapping[str, Sequence[str]]] | None = None
) -> dict[str, Any]:
    try:
        return _nat_plan.plan(sites, names)
    except NatError as error:
        raise AnsibleFilterError(f"nat_plan: {error}") from error


def nat_asked(sites: Sequence[Mapping[str, Any]], host: str) -> list[str]:
    try:
        return _nat_names.asked(sites, host)
    except NatError as error:
        raise AnsibleFilterError(f"nat_asked: {error}") from error


def nat_names(
    sites: Sequence[Mapping[str, Any]], answers: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, list[str]]]:
    try:
        return _nat_names.answers(sites, answers)
    except NatError as error:
        raise AnsibleFilterError(f"nat_names: {error}") from error


def nat_explanation(
    sites: Sequence[Mapping[str, Any]], names: Mapping[str, Mapping[str, Sequence[str]]] | None = None
) -> str:
    return _nat_explain.explanation(sites, nat_plan(sites, names))


def nat_diagram(
    sites: Sequence[Mapping[str, Any]], machines: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
) -> str:
    return _nat_diagram.diagram(sites, nat_plan(sites), machines)


def nat_communities(
    sites: Sequence[Mapping[str, Any]],
    site: str,
    communities: Mapping[str, Mapping[str, Any]] | None = None,
    domains: Mapping[str, Sequence[str]] | None = None,
    *,
    xmpp_port: int = 5269,
) -> list[dict[str, Any]]:
    try:
        return _nat_communities.communities(sites, site, communities or {}, domains or {}, int(xmpp_port))
    except NatError as error:
        raise AnsibleFilterError(f"nat_communities: {error}") from error


def nat_proxy_config(
    sites: Sequence[Mapping[str, Any]],
    host: str,
    *,
    ids: Mapping[str, int] | None = None,
    media: Mapping[str, str] | None = None,
    domains: Mapping[str, Sequence[str]] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    try:
        return _nat_proxy_config.config(sites, host, ids=ids, media=media, domains=domains, settings=settings)
    except NatError as error:
        raise AnsibleFilterError(f"nat_proxy_config: {error}") from error


class FilterModule:
    """What Ansible asks a filter plugin for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "nat_plan": nat_plan,
            "nat_communities": nat_communities,
            "nat_asked": nat_asked,
            "nat_names": nat_names,
            "nat_explanation": nat_explanation,
            "nat_diagram": nat_diagram,
            "nat_proxy_config": nat_proxy_config,
        }
