"""In whose name a server's certificate is: what the node's key store and SSL settings say."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from lab.products.was.admin.key_store_files import KeyStoreFile

_ID = "{http://www.omg.org/XMI}id"
# The certificate that a profile is made with: it has the name of the host.
_ORIGINAL = "default"


def common_name(config: Path, cell: str, node: str, host_name: str) -> str:
    """The common name of the certificate that the SSL settings of the node choose, or the only other one when the
    original one is gone; `host_name` for the original one."""
    file = config / "cells" / cell / "nodes" / node / "key.p12"
    personal = KeyStoreFile.parse(file.read_bytes()).personal if file.exists() else {}
    alias = _chosen(config / "cells" / cell / "security.xml", node) or (
        _ORIGINAL if _ORIGINAL in personal else next(iter(sorted(personal)), _ORIGINAL)
    )
    certificate = personal.get(alias)
    found = re.match(r"CN=([\w.*-]+)(?:,|\Z)", certificate.subject) if certificate and alias != _ORIGINAL else None
    return found[1] if found else host_name


def _chosen(security: Path, node: str) -> str:
    """The alias that the SSL settings of the node name, empty for none."""
    root = ET.parse(security).getroot()
    scopes = {each.get(_ID): each.get("scopeName", "") for each in root.iter("managementScopes")}
    for settings in root.iter("repertoire"):
        if scopes.get(settings.get("managementScope", ""), "").endswith(f"(node):{node}"):
            return next((each.get("serverKeyAlias", "") for each in settings.iter("setting")), "")
    return ""
