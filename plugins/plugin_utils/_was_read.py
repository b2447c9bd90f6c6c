# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Reads documents of a WebSphere profile, in one round trip."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import uuid4

from ansible.errors import AnsibleActionFail

from ._programs import Parameter
from ._target import Target
from ._was_document import Element, NotXmi, parse
from ._was_xor import XOR, encode

SOAP = "SOAP_CONNECTOR_ADDRESS"
MANAGER = "DEPLOYMENT_MANAGER"


@dataclass(frozen=True)
class Documents:
    """What a profile holds: its cell and node, which of its servers have processes, and the texts of the documents that
    were asked for and exist, by their paths below `config`. Without a profile, `cell` is empty."""

    cell: str
    node: str
    running: frozenset[str]
    texts: Mapping[str, str]

    def servers(self) -> list[Element]:
        """The entries of the profile's own node in `serverindex.xml`."""
        path = f"cells/{self.cell}/nodes/{self.node}/serverindex.xml"
        try:
            roots = parse(path, self.texts.get(path, ""))
        except NotXmi as error:
            raise AnsibleActionFail(f"profile: {error}; restore it from a backup of the configuration") from None
        return [entry for root in roots for entry in root.children.get("serverEntries", [])]


def read(target: Target, profile: str, patterns: Iterable[str], secrets: Iterable[str] = ()) -> Documents:
    """Read the documents whose paths below `config` fit `patterns`: `*` is any one name, `{cell}` the cell's.

    Stored passwords that are none of `secrets` are empty: they never leave the target.
    """
    # No document has a line that begins with a number nobody could know.
    mark = f"@@{uuid4().hex} "
    stored = [encode(secret) for secret in secrets]
    # A node keeps its old cell's folder for a while.
    wanted = sorted({pattern.replace("{cell}", "*") for pattern in patterns})
    parameters: dict[str, Parameter] = {
        "profile_path": profile,
        "patterns": wanted,
        "mark": mark,
        "secrets": [text.removeprefix(XOR) for text in stored],
    }
    outcome = target.execute("was_read", parameters)
    texts = {}
    for piece in (outcome.blob or "").split(mark)[1:]:
        path, _end, text = piece.partition("\n")
        texts[path.strip()] = re.sub(r"\{same (\d+)\}", lambda found: stored[int(found[1])], text.removesuffix("\n"))
    return Documents(outcome.get("cell"), outcome.get("node"), frozenset(outcome.all("running")), texts)


def manager(documents: Documents, profile: str) -> Element:
    """The entry of the server that wsadmin connects to: the deployment manager, or the one server of a profile that
    belongs to no cell."""
    entries = documents.servers()
    for kind in (MANAGER, "APPLICATION_SERVER"):
        found = [entry for entry in entries if entry.get("serverType") == kind]
        if kind != MANAGER and any(entry.get("serverType") == "NODE_AGENT" for entry in entries):
            break
        if found:
            return found[0]
    raise AnsibleActionFail(
        f"profile: {profile} (node {documents.node}, cell {documents.cell}) has no deployment manager; name the profile"
        " of the deployment manager, and run the task on its host"
    )


def soap_port(entry: Element) -> int:
    """The SOAP port of a server."""
    for end_point in entry.children.get("specialEndpoints", []):
        if end_point.get("endPointName") == SOAP:
            for address in end_point.children.get("endPoint", []):
                return int(address.get("port"))
    raise AnsibleActionFail(f"port: serverindex.xml has no {SOAP} of {entry.name}; give port")
