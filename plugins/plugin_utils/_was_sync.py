# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Nodes of a cell that have the configuration of their deployment manager."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleActionFail

from ._options import require_absolute
from ._resource import diff
from ._serverindex import DMGR, NODE_AGENT, parse
from ._target import Target
from ._was_read import Documents, manager, read, soap_port
from ._was_request import literal
from ._wsadmin import Access, launch

PROGRAM = "was_sync"
SERVER_INDEX = "serverindex.xml"


def synchronise(options: Mapping[str, Any], target: Target, *, check: bool) -> dict[str, Any]:
    """A module's result; the options are those of `was_sync`."""
    require_absolute(options["profile"], target, "profile")
    profile = options["profile"].rstrip("\\/")
    documents = read(target, profile, ["cells/{cell}/nodes/*/serverindex.xml"])
    if not documents.cell:
        if check:
            return {
                "changed": True,
                "operations": [],
                "state": {},
                "sync": {},
                "launches": 0,
                "digests": {},
                "digest": "",
            }
        raise AnsibleActionFail(f"profile: there is no profile in {profile}; create it with was_profile")
    servers = {node: parse(text).servers for node, text in _indexes(documents)}
    nodes = sorted(node for node, entries in servers.items() if any(entry.kind == NODE_AGENT for entry in entries))
    digests: dict[str, str] = {}
    if options["state"] == "read" or options["copies"]:
        listing = _listing(target, profile, documents.cell)
        digests = {node: digest(listing, node) for node in {*nodes, documents.node}}
    managed = any(entry.kind == DMGR for entry in servers.get(documents.node, ()))
    told = {
        # Only the deployment manager knows what others must have.
        "digests": {node: digests[node] for node in nodes if digests and managed},
        "digest": digests.get(documents.node, ""),
    }
    if options["state"] == "read":
        return {"changed": False, "operations": [], "state": {}, "sync": {}, "launches": 0, **told}
    if not managed:
        raise AnsibleActionFail(f"profile: {profile} is not that of a deployment manager; run this on its host")
    wanted = _wanted(options["nodes"], nodes)
    due = [node for node in wanted if not digests or options["copies"].get(node) != digests[node]]
    runs = manager(documents, profile).name in documents.running
    done: dict[str, list[int]] = {}
    launches = 0
    # In check mode a deployment manager that runs is asked, one that does not cannot have synchronised anything.
    if due and (runs or not check):
        access = Access.of({**options, "profile": profile}, soap_port(manager(documents, profile)))
        done = launch(target, access, PROGRAM, literal({"nodes": due, "dry": check}))
        launches = 1
        _require_agents(due, done)
    before = {node: node not in due or bool(done.get(node, [0])[0]) for node in wanted}
    synced = [node for node in wanted if not before[node]]
    result = {
        "changed": bool(synced),
        "diff": diff(f"nodes of {documents.cell}", before, dict.fromkeys(wanted, True)),
        "operations": [] if check else [f"synchronised {node}" for node in synced],
        "state": dict.fromkeys(wanted, True),
        "sync": {} if check else {node: bool(done[node][1]) for node in synced},
        "launches": launches,
        **told,
    }
    failed = [] if check else [node for node in synced if not done[node][1]]
    if failed:
        raise AnsibleActionFail(
            f"nodes: the synchronisation of {', '.join(failed)} failed; see SystemOut.log of its node agent, and"
            " whether its clock and its certificates are those of the cell",
            result={**result, "state": {node: node not in failed for node in wanted}},
        )
    return result


def digest(listing: Sequence[tuple[str, str]], node: str) -> str:
    """What stands for the documents that a node needs, of `(MD5, path below the cell)`: those of the cell, its own, and
    which servers the others have."""
    chosen = []
    for md5, path in sorted(listing, key=lambda entry: entry[1]):
        parts = path.split("/")
        if parts[0] != "nodes" or parts[1] == node or parts[2:] == [SERVER_INDEX]:
            chosen.append(f"{path} {md5}\n")
    return hashlib.sha256("".join(chosen).encode()).hexdigest()


def _indexes(documents: Documents) -> Iterable[tuple[str, str]]:
    for path, text in documents.texts.items():
        parts = path.split("/")
        if parts[1] == documents.cell and parts[-1] == SERVER_INDEX:
            yield parts[3], text


def _listing(target: Target, profile: str, cell: str) -> list[tuple[str, str]]:
    said = target.execute("was_sync_read", {"profile_path": profile, "cell": cell})
    lines = (line.partition(" ") for line in (said.blob or "").splitlines() if line.strip())
    return [(md5, path.strip()) for md5, _blank, path in lines]


def _wanted(asked: Sequence[str] | None, nodes: Sequence[str]) -> list[str]:
    unknown = sorted(set(asked or []) - set(nodes))
    if unknown:
        raise AnsibleActionFail(
            f"nodes: the cell has no node {', '.join(unknown)} with a node agent; it has {', '.join(nodes) or 'none'}"
        )
    return sorted(asked) if asked else list(nodes)


def _require_agents(due: Sequence[str], done: Mapping[str, Any]) -> None:
    silent = [node for node in due if node not in done]
    if silent:
        raise AnsibleActionFail(
            f"nodes: the node agent of {', '.join(silent)} does not answer; start it with was_server, name: nodeagent"
        )
