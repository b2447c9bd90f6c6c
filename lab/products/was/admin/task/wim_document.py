"""`wimconfig.xml`, the document of the virtual member manager, as the commands of its groups change it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from lab.products.was import xor
from lab.products.was.admin.task.commands import Call
from lab.products.was.errors import ScriptingError

REPOSITORIES = "IdMgrRepositoryConfig"
REALMS = "IdMgrRealmConfig"
_CONFIG = "http://www.ibm.com/websphere/wim/config"
_SDO, _XSI = "commonj.sdo", "http://www.w3.org/2001/XMLSchema-instance"
TYPE = f"{{{_XSI}}}type"
SERVER_TYPES = "IDS|SDS|ZOSDS|NDS|DOMINO|SUNONE|AD|AD2003|ADAM|IDS4|IDS51|IDS52|IDS6|DOMINO5|DOMINO6|DOMINO65|CUSTOM"


def tag(name: str) -> str:
    return f"{{{_CONFIG}}}{name}"


@contextmanager
def document(call: Call, *, write: bool) -> Iterator[ET.Element]:
    """The configuration of the virtual member manager; what was changed in it is unsaved like any other document."""
    path = f"cells/{call.workspace.cell}/wim/config/wimconfig.xml"
    for prefix, space in (("config", _CONFIG), ("sdo", _SDO), ("xsi", _XSI)):
        ET.register_namespace(prefix, space)
    root = ET.fromstring(call.workspace.content(path).decode("utf-8"))
    provider = root.find(tag("configurationProvider"))
    if provider is None:
        raise ScriptingError("CWWIM5001E: The configuration of the virtual member manager cannot be read.")
    yield provider
    if write:
        ET.indent(root)
        body = ET.tostring(root, encoding="unicode")
        call.workspace.add_text(path, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n')


def repository_of(provider: ET.Element, name: str) -> ET.Element:
    for each in provider.findall(tag("repositories")):
        if each.get("id") == name:
            return each
    raise ScriptingError(f"CWWIM5046E: The repository with ID '{name}' is not found in the configuration.")


def added(parent: ET.Element, name: str, values: Mapping[str, str], before: str = "") -> ET.Element:
    """A new element behind those of its tag, or in front of the first `before`."""
    child = ET.Element(tag(name), dict(values))
    tags = [each.tag for each in parent]
    if before and tag(before) in tags:
        parent.insert(tags.index(tag(before)), child)
    else:
        parent.append(child)
    return child


def given(call: Call, *names: str) -> dict[str, str]:
    return {name: call[name] for name in names if call.get(name)}


def saved() -> str:
    return (
        "CWWIM5028I  The configuration is saved in a temporary workspace. You must use the "
        '"$AdminConfig save" command to save it in the master repository.'
    )


def texts(parent: ET.Element, name: str, values: str) -> None:
    """Elements with one text each, in place of those of that name; the values are separated by `;`."""
    for each in parent.findall(tag(name)):
        parent.remove(each)
    for each in filter(None, re.split(r"[;,]" if name == "loginProperties" else ";", values)):
        # Login properties lie in front of the servers.
        added(parent, name, {}, before="ldapServerConfiguration").text = each


def server_values(call: Call) -> dict[str, str]:
    """The attributes of a server that a command gives; passwords as the document keeps them."""
    values = given(
        call, "authentication", "bindDN", "connectionPool", "connectTimeout", "derefAliases", "referal", "sslEnabled"
    )  # fmt: skip
    if call.get("bindPassword"):
        values["bindPassword"] = xor.encode(call["bindPassword"])
    return values
