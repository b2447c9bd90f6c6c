# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""`wimconfig.xml`, the federated repositories of a cell, as far as this collection has to do with it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field

PATH = "cells/{cell}/wim/config/wimconfig.xml"

_CONFIG = "{http://www.ibm.com/websphere/wim/config}"
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


class NotWim(Exception):
    """A document that cannot be read as one."""


@dataclass(frozen=True)
class Server:
    """A server of a repository: its address, and its other attributes as they are written."""

    host: str
    port: str
    attributes: dict[str, str]


@dataclass(frozen=True)
class Repository:
    """A repository. `bases` maps the name of a base entry in the realm to its name in the repository."""

    id: str
    ldap: bool
    server_type: str = ""
    ssl_alias: str = ""
    servers: Sequence[Server] = ()
    bases: dict[str, str] = field(default_factory=dict)
    login_properties: Sequence[str] = ()
    person_classes: Sequence[str] | None = None
    """None: it does not say what a person is."""
    person_bases: Sequence[str] = ()


@dataclass(frozen=True)
class Wim:
    """The default realm, the base entries that take part in it, and the repositories in their order."""

    realm: str
    taking_part: Sequence[str]
    repositories: Sequence[Repository]

    def repository(self, name: str) -> Repository | None:
        """The repository of that id."""
        return next((each for each in self.repositories if each.id == name), None)


def parse(text: str) -> Wim:
    """Read the document; raises `NotWim`."""
    try:
        root = ET.fromstring(text.lstrip("\ufeff \r\n"))
    except ET.ParseError as error:
        raise NotWim(f"wimconfig.xml is not well-formed: {error}") from None
    realms = next(root.iter(f"{_CONFIG}realmConfiguration"), None)
    if realms is None:
        raise NotWim("wimconfig.xml has no realm")
    default = realms.get("defaultRealm", "")
    taking_part = [
        entry.get("name", "")
        for realm in realms.findall(f"{_CONFIG}realms")
        if realm.get("name") == default
        for entry in realm.findall(f"{_CONFIG}participatingBaseEntries")
    ]
    return Wim(default, taking_part, [_repository(each) for each in root.iter(f"{_CONFIG}repositories")])


def _repository(node: ET.Element) -> Repository:
    configuration = node.find(f"{_CONFIG}ldapServerConfiguration")
    servers = configuration.findall(f"{_CONFIG}ldapServers") if configuration is not None else []
    persons = [each for each in node.findall(f"{_CONFIG}ldapEntityTypes") if each.get("name") == "PersonAccount"]
    return Repository(
        id=node.get("id", ""),
        ldap=node.get(_XSI_TYPE, "").endswith(":LdapRepositoryType"),
        server_type=node.get("ldapServerType", ""),
        ssl_alias=configuration.get("sslConfiguration", "") if configuration is not None else "",
        servers=[
            Server(connection.get("host", ""), connection.get("port", "389"), dict(server.attrib))
            for server in servers
            for connection in server.findall(f"{_CONFIG}connections")[:1]
        ],
        bases={
            each.get("name", ""): each.get("nameInRepository", "") or each.get("name", "")
            for each in node.findall(f"{_CONFIG}baseEntries")
        },
        login_properties=_texts(node, "loginProperties"),
        person_classes=_texts(persons[0], "objectClasses") if persons else None,
        person_bases=_texts(persons[0], "searchBases") if persons else (),
    )


def _texts(node: ET.Element, name: str) -> list[str]:
    return [each.text or "" for each in node.findall(f"{_CONFIG}{name}")]
