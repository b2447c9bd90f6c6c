"""Communities, their domains and who may talk with whom, as the rows of the gateway's database say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "COMMUNITY": ("ID", "NAME", "TYPE", "HOST", "PORT", "TRANSPORT", "PROTOCOL"),
    "COMMUNITY_PROPERTY": ("COMMUNITY_ID", "NAME", "VALUE"),
    "DOMAIN_NAME": ("COMMUNITY_ID", "NAME"),
    "USER_ACCESS": ("COMMUNITY_ID", "USER_NAME", "ALLOWED"),
    "GATEWAY_PROPERTY": ("NAME", "VALUE"),
}
"""What is read of each table."""

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table."""

LOCAL = "local"
XMPP = "xmpp"
_SIP = ("sip_sametime", "sip_ocs")
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    LOCAL: (("vp",), ("vp",)),
    "sametime": (_SIP, ("tcp", "tls", "udp")),
    "aol": (_SIP[::-1], ("tls",)),
    "yahoo": (_SIP[::-1], ("tls", "tcp")),
    "google_talk": ((XMPP,), ("tcp", "tls")),
    XMPP: ((XMPP,), ("tcp", "tls")),
}
"""By type, the translation protocols and the transports that it can have; a row without protocol has the first one."""
EVERYBODY = "*"


@dataclass(frozen=True)
class Community:
    """One community. `host`, `port` and `transport` are its connection details, `protocol` its translation protocol;
    `access` maps a local user, or `*`, to whether that user may talk with an external community. Domains and users are
    in small letters."""

    id: int
    name: str
    type: str
    host: str
    port: int
    transport: str
    protocol: str
    domains: frozenset[str]
    access: Mapping[str, bool]
    properties: Mapping[str, str]

    def admits(self, user: str) -> bool:
        """Whether the local user is assigned to the community."""
        name = user.lower()
        return self.access.get(name, self.access.get(EVERYBODY, False))


@dataclass(frozen=True)
class Directory:
    """All communities. `problems` says what cannot work, for an operator; those communities are left out."""

    local: Community | None
    external: tuple[Community, ...]
    properties: Mapping[str, str]
    problems: tuple[str, ...]

    def of_domain(self, domain: str) -> Community | None:
        """The external community that serves a domain."""
        return next((each for each in self.external if domain.lower() in each.domains), None)

    def is_local(self, domain: str) -> bool:
        """Whether the domain is the local community's."""
        return self.local is not None and domain.lower() in self.local.domains


def directory(rows: Rows) -> Directory:
    """What the rows say."""
    communities = list(_communities(rows))
    problems = [f"Community {each.name}: {problem}" for each in communities for problem in _problems(each)]
    usable = [each for each in communities if not any(_problems(each))]
    local = [each for each in usable if each.type == LOCAL]
    if len(local) != 1:
        problems.append(f"There are {len(local)} local communities that can be used; there has to be exactly one")
    return Directory(
        local=local[0] if len(local) == 1 else None,
        external=tuple(each for each in usable if each.type != LOCAL),
        properties={row["NAME"]: row["VALUE"] or "" for row in rows["GATEWAY_PROPERTY"]},
        problems=tuple(problems),
    )


def _communities(rows: Rows) -> Iterator[Community]:
    domains = defaultdict(set)
    for row in rows["DOMAIN_NAME"]:
        domains[row["COMMUNITY_ID"]].add(row["NAME"].strip().lower())
    access: dict[int, dict[str, bool]] = defaultdict(dict)
    for row in rows["USER_ACCESS"]:
        access[row["COMMUNITY_ID"]][row["USER_NAME"].strip().lower()] = bool(row["ALLOWED"])
    properties: dict[int, dict[str, str]] = defaultdict(dict)
    for row in rows["COMMUNITY_PROPERTY"]:
        properties[row["COMMUNITY_ID"]][row["NAME"]] = row["VALUE"] or ""
    for row in sorted(rows["COMMUNITY"], key=lambda row: int(row["ID"])):
        number = int(row["ID"])
        kind = row["TYPE"].strip().lower()
        yield Community(
            id=number,
            name=row["NAME"],
            type=kind,
            host=(row["HOST"] or "").strip(),
            port=int(row["PORT"] or 0),
            transport=(row["TRANSPORT"] or "").strip().lower(),
            protocol=(row.get("PROTOCOL") or KINDS.get(kind, (("",), ()))[0][0]).strip().lower(),
            domains=frozenset(domains[number]),
            access=access[number],
            properties=properties[number],
        )


def _problems(community: Community) -> Iterator[str]:
    if community.type not in KINDS:
        yield f"its type {community.type} is not known; known are {', '.join(KINDS)}"
        return
    protocols, transports = KINDS[community.type]
    if community.transport not in transports:
        yield f"its transport '{community.transport}' is none of {', '.join(transports)}"
    if community.protocol not in protocols:
        yield f"its translation protocol '{community.protocol}' is none of {', '.join(protocols)}"
    if not community.host or not 1 <= community.port <= 65535:
        yield f"its connection details '{community.host}', port {community.port}, are no host and port"
    if not community.domains:
        yield "it has no domain"
