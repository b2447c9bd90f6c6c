"""Attributes that stand in no document of their object: other documents of the repository say them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lab.products.was.model.element import Element
from lab.products.was.model.store import Store


def value(store: Store, element: Element, name: str) -> str | None:
    """The value of a derived attribute; None when nothing says it."""
    return _SAID_BY[element.type, name](store, element)


def _server_type(store: Store, server: Element) -> str | None:
    """`APPLICATION_SERVER`, `DEPLOYMENT_MANAGER` and the like; None for a server that nothing lists."""
    parts = server.document.path.split("/")
    if parts[:2] == ["templates", "servertypes"]:
        return parts[2]
    if parts[:2] == ["templates", "clusters"]:
        return "APPLICATION_SERVER"
    entries = (each for each in _index(store, parts[:4]) if each.type == "ServerEntry" and each.name == server.name)
    return next((each.get("serverType") for each in entries), None)


def _host_name(store: Store, node: Element) -> str | None:
    """The host of a node."""
    parts = node.document.path.split("/")[:4]
    return next((each.get("hostName") for each in _index(store, parts) if each.type == "ServerIndex"), None)


def _index(store: Store, folder: list[str]) -> Iterator[Element]:
    """The objects of the index of the node with that folder."""
    path = "/".join([*folder, "serverindex.xml"])
    return store.document(path).walk() if store.exists(path) else iter(())


_SAID_BY: Mapping[tuple[str, str], Callable[[Store, Element], str | None]] = {
    ("Server", "serverType"): _server_type,
    ("Node", "hostName"): _host_name,
}
