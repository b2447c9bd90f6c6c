# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""AdminTask on a model of the repository: key stores and SSL configurations."""

from __future__ import annotations

import re

from ._was_document import Element
from ._was_model import AdminConfig
from ._was_repository import Repository


def option(text: str, name: str) -> str:
    """The value of one parameter in the text that a command gets."""
    found = re.search(rf'-{name} (?:"([^"]*)"|([^\s\]]+))', text)
    return (found[1] or found[2] or "") if found else ""


class SslTask:
    """The commands for SSL that the program uses."""

    # ruff: noqa: N802 - the names are WebSphere's

    def __init__(self, config: AdminConfig) -> None:
        self._config = config
        self._repository: Repository = config.repository
        self._security = f"/Cell:{config.repository.cell}/Security:/"

    def createKeyStore(self, text: str) -> None:
        store = self._add("KeyStore", "keyStores", option(text, "keyStoreName"), option(text, "scopeName"))
        store.attributes.update(
            name=option(text, "keyStoreName"),
            location=option(text, "keyStoreLocation"),
            type=option(text, "keyStoreType"),
            password=option(text, "keyStorePassword"),
        )

    def createSSLConfig(self, text: str) -> None:
        config = self._add("SSLConfig", "repertoire", option(text, "alias"), option(text, "scopeName"))
        config.attributes["alias"] = option(text, "alias")
        setting = Element("SecureSocketLayer", f"SecureSocketLayer_{option(text, 'alias')}", config.document)
        for name in ("serverKeyAlias", "clientKeyAlias", "sslProtocol", "securityLevel", "clientAuthentication"):
            if option(text, name):
                setting.attributes[name] = option(text, name)
        for name in ("keyStore", "trustStore"):
            setting.attributes[name] = self._one(f"{self._security}KeyStore:{option(text, f'{name}Name')}/").id
        config.add("setting", setting)

    def createDynamicSSLConfigSelection(self, text: str) -> None:
        name = option(text, "dynSSLConfigSelectionName")
        selection = self._add(
            "DynamicSSLConfigSelection", "dynamicSSLConfigSelections", name, option(text, "scopeName")
        )
        selection.attributes.update(
            name=name,
            dynamicSelectionInfo=option(text, "dynSSLConfigSelectionInfo"),
            certificateAlias=option(text, "certificateAlias"),
        )
        for security in self._repository.resolve(self._security):
            for each in security.children.get("repertoire", []):
                if each.get("alias") == option(text, "sslConfigName"):
                    selection.attributes["sslConfig"] = each.id

    # -- parts ---------------------------------------------------------------------------------------------------------
    def _one(self, path: str) -> Element:
        found = self._repository.resolve(path)
        return found[0] if found else self._config.element(self._config.suppose(path))

    def _add(self, kind: str, feature: str, name: str, scope: str) -> Element:
        security = self._one(self._security)
        made = Element(kind, f"{kind}_{name}", security.document)
        for each in security.children.get("managementScopes", []):
            if each.get("scopeName") == scope:
                made.attributes["managementScope"] = each.id
        security.add(feature, made)
        return made
