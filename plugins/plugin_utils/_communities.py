# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The communities of a gateway and its properties: what was asked for, laid over what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleActionFail

from ._community_types import KINDS, LOCAL
from ._resource import State

EVERYBODY = "*"

NEW: Mapping[str, Any] = {
    "type": None,
    "protocol": None,
    "host": None,
    "port": None,
    "transport": None,
    "domains": [],
    "users": [],
    "excluded_users": [],
    "properties": {},
}
"""A community before anything is said about it."""

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.:-]*[A-Za-z0-9])?")
DOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
# Statements go through shells and code pages: what is in them is the same in all of those. PowerShell 2.0 loses a ".
TEXT = re.compile(r"[!#-~]([ !#-~]*[!#-~])?")
PLAIN = 'use printable ASCII without " and without a blank at an end'


def wanted(options: Mapping[str, Any], current: State) -> State:
    """The state that `options` of `stgw_community` ask for; what they do not name is taken from `current`.

    Raises `AnsibleActionFail` for what no gateway can have.
    """
    asked: Sequence[Mapping[str, Any]] = options["communities"]
    there: Mapping[str, Any] = current.get("communities", {})
    kept = {} if options["exact"] else dict(there)
    for number, entry in enumerate(asked):
        if entry["state"] == "absent":
            kept.pop(entry["name"], None)
        else:
            path = f"communities[{number}] ({entry['name']})"
            kept[entry["name"]] = _community(entry, there.get(entry["name"]), path)
    problem = next(_contradictions(kept), None)
    if problem:
        raise AnsibleActionFail(problem)
    properties = _properties(options["properties"], current.get("properties", {}), "properties")
    return {"communities": dict(sorted(kept.items())), "properties": properties}


def require_names(asked: Sequence[Mapping[str, Any]]) -> None:
    """Raises `AnsibleActionFail` unless each community has a name of its own."""
    seen: set[str] = set()
    for number, entry in enumerate(asked):
        _require(TEXT, f"communities[{number}].name", entry["name"], 128, PLAIN)
        if entry["name"].lower() in seen:
            raise AnsibleActionFail(
                f"communities[{number}].name: {entry['name']!r} is there twice; give each community its own name"
            )
        seen.add(entry["name"].lower())


def _community(entry: Mapping[str, Any], known: Mapping[str, Any] | None, path: str) -> dict[str, Any]:
    found = {key: entry[key] if entry.get(key) is not None else value for key, value in (known or NEW).items()}
    found["properties"] = _properties(entry["properties"], (known or NEW)["properties"], f"{path}.properties")
    _take_kind(found, entry, known)
    for key in ("type", "host", "port", "transport"):
        if found[key] is None:
            raise AnsibleActionFail(f"{path}.{key}: missing; the community does not exist yet, so this has to be said")
    _check_kind(found, path)
    _require(HOST, f"{path}.host", found["host"], 255, "give a name or an address")
    if not 1 <= found["port"] <= 65535:
        raise AnsibleActionFail(f"{path}.port: {found['port']} is no port; use 1 to 65535")
    found["domains"] = sorted({domain.lower() for domain in found["domains"]})
    for domain in found["domains"]:
        _require(DOMAIN, f"{path}.domains", domain, 255, "give a name such as partner.example")
    _check_users(found, path)
    return found


def _take_kind(found: dict[str, Any], entry: Mapping[str, Any], known: Mapping[str, Any] | None) -> None:
    """What the type says and nobody else does. A type that changes takes its protocol with it."""
    kind = KINDS.get(found["type"])
    if kind is None:
        return
    found["transport"] = found["transport"] or kind.transport
    if not entry.get("protocol") and (not known or known["type"] != found["type"]):
        found["protocol"] = kind.protocols[0]


def _check_kind(found: Mapping[str, Any], path: str) -> None:
    kind = KINDS.get(found["type"])
    if kind is None:
        raise AnsibleActionFail(
            f"{path}.type: {found['type']!r} is there, and this module does not know it; it knows {', '.join(KINDS)}: "
            "say type, or change the community in the gateway's console"
        )
    for key, possible in (("transport", kind.transports), ("protocol", (None, *kind.protocols))):
        if found[key] not in possible:
            raise AnsibleActionFail(
                f"{path}.{key}: {found[key]!r} does not go with type {found['type']}, which has "
                f"{' or '.join(filter(None, possible))}"
            )


def _check_users(found: dict[str, Any], path: str) -> None:
    for key in ("users", "excluded_users"):
        found[key] = sorted(set(found[key]))
        if found[key] and found["type"] == LOCAL:
            raise AnsibleActionFail(
                f"{path}.{key}: means nothing for the local community; name the users at each external community"
            )
        for user in found[key]:
            _require(TEXT, f"{path}.{key}", user, 255, PLAIN)
    both = set(found["users"]) & set(found["excluded_users"])
    if both or EVERYBODY in found["excluded_users"]:
        shown = ", ".join(sorted(both)) or EVERYBODY
        raise AnsibleActionFail(f"{path}.excluded_users: {shown} cannot be there; leave it out, here or in users")


def _properties(asked: Mapping[str, Any] | None, known: Mapping[str, str], path: str) -> dict[str, str]:
    """Named ones are set; those without a value are removed."""
    found = dict(known)
    for name, value in (asked or {}).items():
        _require(TEXT, path, str(name), 128, PLAIN)
        if value is None:
            found.pop(name, None)
            continue
        text = str(value).lower() if isinstance(value, bool) else str(value)
        _require(TEXT, f"{path}.{name}", text, 1024, PLAIN)
        found[name] = text
    return dict(sorted(found.items()))


def _contradictions(communities: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    local = sorted(name for name, one in communities.items() if one["type"] == LOCAL)
    if len(local) > 1:
        yield (
            f"communities: {', '.join(local)} are local, and a gateway has one local community; remove the other with "
            "state: absent"
        )
    owners: dict[str, str] = {}
    for name, one in communities.items():
        for domain in one["domains"]:
            if domain in owners:
                yield (
                    f"communities: the domain {domain} belongs to {owners[domain]} and to {name}; a domain leads to "
                    "one community: take it from one of the two"
                )
            owners[domain] = name


def _require(pattern: re.Pattern[str], path: str, value: str, length: int, cure: str) -> None:
    if not pattern.fullmatch(value) or len(value) > length:
        raise AnsibleActionFail(f"{path}: {value!r} is not possible; {cure}, at most {length} characters")
