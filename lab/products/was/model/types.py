"""The metamodel: which types of configuration objects there are, and what each of them has."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lab

_FILE = Path(lab.__file__).parents[1] / "plugins" / "plugin_utils" / "was_types.json"


@dataclass(frozen=True)
class Attribute:
    """A simple attribute: String, int, long, float, boolean or ENUM (`type`); items of a list are joined by `;`.
    A `derived` one stands in no document: it follows from others."""

    name: str
    type: str
    default: str | None = None
    values: tuple[str, ...] = ()
    required: bool = False
    many: bool = False
    derived: bool = False


@dataclass(frozen=True)
class Feature:
    """A place for other objects: contained ones or references. `container` is a reference to the object around it,
    which no document says."""

    name: str
    types: tuple[str, ...]
    many: bool
    required: bool = False
    container: bool = False


@dataclass(frozen=True)
class TypeInfo:
    """A type with all it has, inherited features included, in the model's order."""

    name: str
    extends: tuple[str, ...] = ()
    abstract: bool = False
    prefix: str | None = None
    namespace: str | None = None
    documents: tuple[str, ...] = ()
    name_attribute: str | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: Mapping[str, Feature] = field(default_factory=dict)
    references: Mapping[str, Feature] = field(default_factory=dict)


@functools.cache
def _raw() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return read


@functools.cache
def types() -> Mapping[str, TypeInfo]:
    """Every type by its name."""
    return {name: _type(name) for name in sorted(_raw()["types"])}


def info(type_name: str) -> TypeInfo:
    """That type; an empty one for a name that only a document knows."""
    return types().get(type_name) or TypeInfo(type_name)


@functools.cache
def ancestors(type_name: str) -> tuple[str, ...]:
    """The types it is made of, the farthest first, itself last."""
    found: dict[str, None] = {}
    for parent in _raw()["types"].get(type_name, {}).get("extends", ()):
        found.update(dict.fromkeys(ancestors(parent)))
    found[type_name] = None
    return tuple(found)


def is_a(type_name: str, ancestor: str) -> bool:
    """Whether objects of that type are objects of type `ancestor` too."""
    return ancestor in ancestors(type_name)


@functools.cache
def subtypes(type_name: str) -> tuple[str, ...]:
    """The types of objects that may stand where `type_name` is wanted, sorted; abstract ones are left out."""
    return tuple(name for name, each in types().items() if not each.abstract and is_a(name, type_name))


def fits(type_name: str, feature: Feature) -> bool:
    """Whether an object of that type may stand in `feature`."""
    return any(is_a(type_name, wanted) for wanted in feature.types)


def contexts() -> Mapping[str, Mapping[str, list[str]]]:
    """Folder kind (`cells`, `nodes`, ...) -> document -> types of its roots."""
    documents: Mapping[str, Mapping[str, list[str]]] = _raw()["documents"]
    return documents


def _type(name: str) -> TypeInfo:
    own = _raw()["types"][name]
    attributes: dict[str, Attribute] = {}
    children: dict[str, Feature] = {}
    references: dict[str, Feature] = {}
    for each in ancestors(name):
        raw = _raw()["types"][each]
        attributes.update((key, _attribute(key, value)) for key, value in raw["attributes"].items())
        children.update((key, _feature(key, value)) for key, value in raw["children"].items())
        references.update((key, _feature(key, value)) for key, value in raw["references"].items())
    named = own["name"] or ("name" if "name" in attributes else None)
    return TypeInfo(
        name, tuple(own["extends"]), own["abstract"], own["prefix"], own["namespace"], tuple(own["documents"]), named,
        attributes, children, references,
    )  # fmt: skip


def _attribute(name: str, raw: Mapping[str, Any]) -> Attribute:
    return Attribute(
        name, raw["type"], raw.get("default"), tuple(raw.get("values", ())), raw.get("required", False),
        raw.get("many", False), raw.get("derived", False),
    )  # fmt: skip


def _feature(name: str, raw: Mapping[str, Any]) -> Feature:
    return Feature(
        name, tuple(raw["types"]), raw["many"], raw.get("required", False), raw.get("container", False)
    )  # fmt: skip


def holders(type_name: str) -> Iterator[tuple[str, Feature]]:
    """(type, feature) of every place an object of that type may be contained in; abstract types are left out."""
    for name, each in types().items():
        if not each.abstract:
            yield from ((name, feature) for feature in each.children.values() if fits(type_name, feature))
