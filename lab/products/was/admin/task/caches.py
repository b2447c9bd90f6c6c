"""Commands for instances of the dynamic cache: group CacheInstance."""

from __future__ import annotations

from lab.products.was.admin.task.commands import Call, command, invalid
from lab.products.was.model.element import Element

GROUP = "CacheInstance"
_CREATE = "name* jndiName*"


def _provider(call: Call, name: str) -> Element:
    provider = call.workspace.find(call.target)
    if provider.type != "CacheProvider":
        raise invalid(call.target, "target", name)
    return provider


def _create(call: Call, type_name: str, name: str) -> str:
    values = {"name": call["name"], "jndiName": call["jndiName"]}
    return call.id(call.workspace.create(type_name, _provider(call, name), values, "factories"))


@command("createObjectCacheInstance", GROUP, "Create an object cache instance", _CREATE, target="Cache Provider*")
def _create_object_cache_instance(call: Call) -> str:
    return _create(call, "ObjectCacheInstance", "createObjectCacheInstance")


@command("createServletCacheInstance", GROUP, "Create a servlet cache instance", _CREATE, target="Cache Provider*")
def _create_servlet_cache_instance(call: Call) -> str:
    return _create(call, "ServletCacheInstance", "createServletCacheInstance")


def _listed(call: Call, type_name: str) -> str:
    scope = call.workspace.find(call.target) if call.target else None
    return call.lines(call.workspace.list(type_name, scope))


@command("listCacheProviders", GROUP, "List the cache providers", target="scope")
def _list_cache_providers(call: Call) -> str:
    return _listed(call, "CacheProvider")


@command("listObjectCacheInstances", GROUP, "List the object cache instances", target="scope")
def _list_object_cache_instances(call: Call) -> str:
    return _listed(call, "ObjectCacheInstance")


@command("listServletCacheInstances", GROUP, "List the servlet cache instances", target="scope")
def _list_servlet_cache_instances(call: Call) -> str:
    return _listed(call, "ServletCacheInstance")
