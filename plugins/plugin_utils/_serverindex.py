# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""`serverindex.xml` of a node: which servers it has, of which kind, and on which ports."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from ansible.errors import AnsibleActionFail

DMGR, NODE_AGENT = "DEPLOYMENT_MANAGER", "NODE_AGENT"
SOAP = "SOAP_CONNECTOR_ADDRESS"


@dataclass(frozen=True)
class ServerEntry:
    """One server: `kind` is DEPLOYMENT_MANAGER, NODE_AGENT, APPLICATION_SERVER, PROXY_SERVER, ..."""

    name: str
    kind: str
    host: str
    ports: dict[str, int] = field(default_factory=dict)
    """By end point."""


@dataclass(frozen=True)
class ServerIndex:
    """What the document says: the node's host name, and its servers."""

    host: str = ""
    servers: tuple[ServerEntry, ...] = ()


def parse(text: str | None) -> ServerIndex:
    """Empty for a text that is not there. Raises when it is no XML."""
    if not text or not text.strip():
        return ServerIndex()
    try:
        root = ET.fromstring(text.strip().encode())
    except ET.ParseError as error:
        raise AnsibleActionFail(f"serverindex.xml of the node cannot be read: {error}") from None
    host = root.get("hostName", "")
    entries = []
    for entry in root.iter("serverEntries"):
        ports = {}
        for named in entry.iter("specialEndpoints"):
            end_point = named.find("endPoint")
            if end_point is not None:
                ports[named.get("endPointName", "")] = int(end_point.get("port", "0"))
        entries.append(ServerEntry(entry.get("serverName", ""), entry.get("serverType", ""), host, ports))
    return ServerIndex(host, tuple(entries))
