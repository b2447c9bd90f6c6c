"""The type of a server: its document does not say it, the node's index and the folder of a template do."""

from __future__ import annotations

from lab.products.was.model.element import Element
from lab.products.was.model.store import Store


def server_type(store: Store, server: Element) -> str | None:
    """`APPLICATION_SERVER`, `DEPLOYMENT_MANAGER` and the like; None for a server that nothing lists."""
    parts = server.document.path.split("/")
    if parts[:2] == ["templates", "servertypes"]:
        return parts[2]
    if parts[:2] == ["templates", "clusters"]:
        return "APPLICATION_SERVER"
    index = "/".join([*parts[:4], "serverindex.xml"])
    entries = store.document(index).walk() if store.exists(index) else iter(())
    return next(
        (each.get("serverType") for each in entries if each.type == "ServerEntry" and each.name == server.name), None
    )
