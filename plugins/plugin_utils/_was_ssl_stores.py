# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The key stores that `was_ssl` works on: where they are, and which certificates they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.errors import AnsibleActionFail

from ._key_store import Known, Unreadable, entries_of
from ._target import Target
from ._was_document import Element
from ._was_read import MANAGER, Documents
from ._was_repository import Repository
from ._was_xor import decode


@dataclass(frozen=True)
class Store:
    """A key store: its management scope, where its file is (empty where nothing is known of it yet), the certificates
    in it by alias, and whether the configuration has it."""

    name: str
    scope: str
    location: str
    password: str
    entries: Mapping[str, Known]
    configured: bool

    def alias_of(self, certificate: Known) -> str | None:
        """Under which name it holds a certificate."""
        return next((alias for alias, each in self.entries.items() if each.der == certificate.der), None)


def default_scope(documents: Documents) -> str:
    """The scope of what is new: the cell, or the node of a profile that belongs to none."""
    cell = f"(cell):{documents.cell or 'cell'}"
    alone = documents.cell and not any(each.get("serverType") == MANAGER for each in documents.servers())
    return f"{cell}:(node):{documents.node}" if alone else cell


def read_stores(
    wanted: Sequence[Mapping[str, Any]], documents: Documents, repository: Repository, target: Target, profile: str
) -> dict[str, Store]:
    """The stores by name. Raises AnsibleActionFail for one that cannot be read, with the option."""
    places = [_place(each, number, documents, repository) for number, each in enumerate(wanted)]
    paths = [native(each.location, profile, windows=target.windows) for each in places]
    contents = read_files(target, paths) if documents.cell else [b"" for _path in paths]
    found = {}
    for number, (place, path, content) in enumerate(zip(places, paths, contents, strict=True)):
        entries: Mapping[str, Known] = {}
        if content:
            try:
                entries = entries_of(content, place.password)
            except Unreadable:
                raise AnsibleActionFail(
                    f"key_stores[{number}].password: it does not open {path}, or that is no PKCS #12 file; give the"
                    f" password of the key store {place.name}"
                ) from None
        found[place.name] = Store(place.name, place.scope, place.location, place.password, entries, place.configured)
    return found


def read_files(target: Target, paths: Sequence[str]) -> list[bytes]:
    """What files of the target hold; nothing for one that is not there."""
    outcome = target.execute("key_store_read", {"paths": list(paths)})
    texts = ("".join(outcome.all(f"bytes_{number}")) for number in range(len(paths)))
    return [bytes.fromhex(re.sub(r"[^0-9a-fA-F]", "", text)) for text in texts]


def native(location: str, profile: str, *, windows: bool) -> str:
    """A path of the target, from one with WebSphere's variables."""
    path = location.replace("${CONFIG_ROOT}", "${USER_INSTALL_ROOT}/config").replace("${USER_INSTALL_ROOT}", profile)
    return path.replace("/", "\\") if windows else path


def _place(wanted: Mapping[str, Any], number: int, documents: Documents, repository: Repository) -> Store:
    name, place = wanted["name"], f"key_stores[{number}]"
    found = repository.resolve(f"/Cell:/Security:/KeyStore:{name}/")
    if len(found) > 1:
        raise AnsibleActionFail(
            f"{place}.name: {len(found)} key stores are called {name}, one for each node; use one of the cell"
        )
    scope = default_scope(documents)
    if not found:
        if wanted["state"] == "existing" and documents.cell:
            raise AnsibleActionFail(f"{place}.name: there is no key store {name}; say state present to have it made")
        folder = scope.replace("(cell):", "cells/").replace(":(node):", "/nodes/")
        location = wanted["location"] or f"${{CONFIG_ROOT}}/{folder}/{name}.p12"
        # A check on fresh hosts supposes what has to exist.
        return Store(name, scope, location, wanted["password"], {}, configured=wanted["state"] == "existing")
    (element,) = found
    if element.get("type") != "PKCS12":
        raise AnsibleActionFail(f"{place}.name: {name} is of type {element.get('type')}; only PKCS12 can be read")
    if decode(element.get("password")) != wanted["password"]:
        raise AnsibleActionFail(f"{place}.password: it is not the one that WebSphere has for {name}; give that one")
    return Store(
        name, _scope_of(element, repository) or scope, element.get("location"), wanted["password"], {}, configured=True
    )


def _scope_of(element: Element, repository: Repository) -> str:
    """The name of the management scope of an object of the security settings."""
    for security in repository.resolve("/Cell:/Security:/"):
        for each in security.children.get("managementScopes", []):
            if each.id == element.get("managementScope"):
                return each.get("scopeName")
    return ""
