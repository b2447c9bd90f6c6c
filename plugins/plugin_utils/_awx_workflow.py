# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether the nodes of a workflow start what there is, and lead from one to another and never back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

STARTED = {
    "job_template": "templates",
    "workflow_job_template": "workflows",
    "project": "projects",
    "inventory_source": "inventory_sources",
}
PROMPTS = {"inventory": "ask_inventory_on_launch", "limit": "ask_limit_on_launch"}
FOLLOWS = ("success_nodes", "failure_nodes", "always_nodes")


def links(
    where: str,
    workflow: Mapping[str, Any],
    data: Mapping[str, Sequence[Mapping[str, Any]]],
    names: Mapping[str, set[str]],
) -> Iterator[str]:
    """What does not fit together in one workflow; `data` and `names` as of _awx_data."""
    nodes = workflow.get("workflow_nodes") or []
    followers: dict[str, list[str]] = {}
    for node in nodes:
        identifier = str(node.get("identifier"))
        at = f"{where}.workflow_nodes ({identifier})"
        if not node.get("identifier") or identifier in followers:
            yield f"{at}: has no identifier of its own; give each node another one"
        related = node.get("related") or {}
        followers[identifier] = [str(one.get("identifier")) for kind in FOLLOWS for one in related.get(kind, [])]
        yield from _starts(at, node, data, names)
    for identifier, after in followers.items():
        for one in after:
            if one not in followers:
                yield f"{where}.workflow_nodes ({identifier}): no node {one!r} to go on; correct the name or add it"
    for identifier in followers:
        if identifier in _reached(followers, identifier):
            yield f"{where}.workflow_nodes ({identifier}): leads back to itself; AWX takes no cycle, so remove a link"


def _reached(followers: Mapping[str, Sequence[str]], start: str) -> set[str]:
    reached: set[str] = set()
    further = list(followers[start])
    while further:
        one = further.pop()
        if one not in reached:
            reached.add(one)
            further += followers.get(one, [])
    return reached


def _starts(
    at: str, node: Mapping[str, Any], data: Mapping[str, Sequence[Mapping[str, Any]]], names: Mapping[str, set[str]]
) -> Iterator[str]:
    told = node.get("unified_job_template") or {}
    kind, name = told.get("type"), told.get("name")
    if kind == "workflow_approval":
        if not name:
            yield f"{at}.unified_job_template: the approval has no name; give it one"
        return
    target = STARTED.get(str(kind))
    if target is None:
        yield f"{at}.unified_job_template.type: {kind!r} is none of {', '.join([*STARTED, 'workflow_approval'])}"
        return
    if name not in names[target]:
        yield f"{at}.unified_job_template: {name!r} is not in controller_{target}; correct the name or add it there"
        return
    started = next((one for one in data.get(f"controller_{target}") or () if one.get("name") == name), {})
    inventory = (node.get("inventory") or {}).get("name")
    if inventory and inventory not in names["inventories"]:
        yield f"{at}.inventory: {inventory!r} is not in controller_inventories; correct the name or add it there"
    for prompt, allows in PROMPTS.items():
        if node.get(prompt) and started and not started.get(allows):
            yield f"{at}.{prompt}: {name!r} does not ask for it; set {allows} there, or leave it out here"
