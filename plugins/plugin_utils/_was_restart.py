# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Which servers have to be restarted for changes of the configuration to work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ._was_items import Command, Item
from ._was_plan import Operation, Plan
from ._was_repository import Repository

# The servers that work; deployment managers and node agents read most of the configuration again by themselves, but not
# the custom properties of the cell, nor who may log in.
WORKERS = ("APPLICATION_SERVER", "PROXY_SERVER")


def servers_of(repository: Repository) -> dict[str, str]:
    """The kind of each server, as `node/server`."""
    return {
        f"{root.context.rpartition('/')[2]}/{entry.name}": entry.get("serverType")
        for root in repository.roots()
        if root.type == "ServerIndex" and root.document.endswith("/serverindex.xml")
        for entry in root.children.get("serverEntries", [])
    }


def restart_required(plan: Plan, operations: Iterable[Operation], items: Iterable[Item]) -> list[str]:
    """The servers, as `node/server`, that were there before `operations` and have to be restarted."""
    commands = {(item.name, item.label): item.restarts for item in items if isinstance(item, Command)}
    found: set[str] = set()
    for operation in operations:
        if operation.path.startswith("/"):
            found |= set(_affected(plan, operation.path))
        else:
            found |= set(commands.get((operation.verb, operation.path), ()))
    kept = servers_of(plan.after)
    return sorted(name for name in servers_of(plan.before) if name in found and name in kept)


def _affected(plan: Plan, path: str) -> Iterator[str]:
    workers = [name for name, kind in servers_of(plan.before).items() if kind in WORKERS]
    node = re.match(r"/Cell:[^/]*/Node:([^/]*)/", path)
    server = re.search(r"/Server:([^/]*)/|/serverEntries\(serverName=([^)]*)\)", path)
    cluster = re.match(r"/Cell:[^/]*/ServerCluster:([^/]*)/(.*)", path)
    domain = re.match(r"/Cell:[^/]*/DataReplicationDomain:([^/]*)/", path)
    if node and server:
        yield f"{node[1]}/{server[1] or server[2]}"
    elif node:
        yield from (name for name in workers if name.startswith(f"{node[1]}/"))
    elif cluster:
        # Members and weights work at once; what lies in the cluster's other documents is read at the start.
        if ":" in cluster[2].partition("/")[0]:
            yield from _members(plan.after, cluster[1])
    elif domain:
        yield from _users(plan.after, domain[1])
    elif re.match(r"/Cell:[^/]*/(properties\(|Security:/(userRegistries|$))", path):
        yield from servers_of(plan.before)
    else:
        yield from workers


def _members(repository: Repository, cluster: str) -> Iterator[str]:
    for found in repository.resolve(f"/ServerCluster:{cluster}/"):
        for member in found.children.get("members", []):
            yield f"{member.get('nodeName')}/{member.get('memberName')}"


def _users(repository: Repository, domain: str) -> Iterator[str]:
    """The servers that replicate in a domain, as far as their documents were read."""
    for settings in repository.below(None, "DRSSettings"):
        parts = settings.context.split("/")
        if settings.get("messageBrokerDomainName") == domain and len(parts) == 6:
            yield f"{parts[3]}/{parts[5]}"
