# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The types of WebSphere 6.1's configuration, as `was_types.json` has them: what an object may hold."""

from __future__ import annotations

import difflib
import functools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TYPES_FILE = Path(__file__).parent / "was_types.json"

# Names of attributes that hold secrets; WebSphere stores them as {xor} and Base64.
_SECRET = re.compile(r"password|encryptionkeyvalue", re.IGNORECASE)

_NUMBER = re.compile(r"-?\d+")
# A number may be written as a variable that WebSphere substitutes.
_VARIABLE = re.compile(r"\$[({].*[)}]")


@dataclass(frozen=True)
class Attribute:
    """A plain attribute: `kind` is String, int, long, boolean, float or ENUM; `many` holds a list of texts."""

    kind: str
    values: tuple[str, ...]
    default: str
    many: bool
    required: bool


@dataclass(frozen=True)
class Feature:
    """An attribute that holds or names other objects, of `types` and those below them."""

    types: tuple[str, ...]
    many: bool


@dataclass(frozen=True)
class Type:
    """A type with all that it inherits. `documents` maps each kind of folder (`cells`, `servers`, ...) to the document
    whose root it may be; `name` is the attribute that names it, or empty."""

    type: str
    abstract: bool
    name: str
    attributes: Mapping[str, Attribute]
    children: Mapping[str, Feature]
    references: Mapping[str, Feature]
    ancestors: frozenset[str]
    documents: Mapping[str, str]

    def known(self) -> list[str]:
        """Every attribute of whatever kind."""
        return sorted({*self.attributes, *self.children, *self.references})


class Unknown(Exception):
    """What WebSphere has not; the text names the value and what comes near."""


def nearest(word: str, known: Iterable[str]) -> str:
    """` (did you mean x?)`, or nothing."""
    by_lower = {each.lower(): each for each in known}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return f"; did you mean {by_lower[found[0]]}?" if found else ""


@functools.cache
def types() -> Mapping[str, Type]:
    """All types by name."""
    data = json.loads(TYPES_FILE.read_text("utf-8"))
    roots: dict[str, dict[str, str]] = {}
    for folder, documents in data["documents"].items():
        for document, names in documents.items():
            for name in names:
                roots.setdefault(name, {})[folder] = document
    return {name: _type(name, data["types"], roots.get(name, {})) for name in data["types"]}


def type_named(name: str) -> Type:
    """Raises `Unknown`."""
    try:
        return types()[name]
    except KeyError:
        raise Unknown(f"{name!r} is no type of WebSphere's configuration{nearest(name, types())}") from None


def is_a(name: str, ancestor: str) -> bool:
    """Whether a type is another one or below it."""
    return name == ancestor or (name in types() and ancestor in types()[name].ancestors)


def fitting(feature: Feature) -> list[str]:
    """The types that objects of a feature may have."""
    return [
        each.type
        for each in types().values()
        if not each.abstract and any(is_a(each.type, allowed) for allowed in feature.types)
    ]


def is_secret(attribute: str) -> bool:
    """Whether an attribute holds a password, by its name."""
    return bool(_SECRET.search(attribute))


def text_value(owner: str, name: str, attribute: Attribute, value: Any) -> str:
    """`value` as WebSphere writes it; raises `Unknown` when the attribute cannot have it."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, (str, int, float)):
        text = str(value)
    else:
        raise Unknown(f"{value!r} is no value of {owner}.{name}, which is one {attribute.kind}")
    if _VARIABLE.search(text):
        return text
    if attribute.kind == "boolean":
        # The values that YAML and people use, as WebSphere writes them.
        words = {"true": "true", "false": "false", "yes": "true", "no": "false"}
        if text.lower() not in words:
            raise Unknown(f"{value!r} is no value of {owner}.{name}, which is true or false")
        return words[text.lower()]
    if attribute.kind == "ENUM" and text not in attribute.values:
        raise Unknown(
            f"{value!r} is no value of {owner}.{name}, which is one of {', '.join(attribute.values)}"
            f"{nearest(text, attribute.values)}"
        )
    if attribute.kind in ("int", "long") and not _NUMBER.fullmatch(text):
        raise Unknown(f"{value!r} is no value of {owner}.{name}, which is a whole number")
    return text


def _type(name: str, data: Mapping[str, Any], documents: Mapping[str, str]) -> Type:
    own = data[name]
    ancestors = _ancestors(name, data)
    inherited = [data[each] for each in reversed(ancestors)] + [own]
    return Type(
        type=name,
        abstract=own["abstract"],
        name=own["name"] or "",
        attributes={
            key: Attribute(
                kind=entry["type"],
                values=tuple(entry.get("values", ())),
                default=entry.get("default", ""),
                many=entry.get("many", False),
                required=entry.get("required", False),
            )
            for each in inherited
            for key, entry in each["attributes"].items()
        },
        children=_features(inherited, "children"),
        references=_features(inherited, "references"),
        ancestors=frozenset(ancestors),
        documents=documents,
    )


def _features(inherited: Iterable[Mapping[str, Any]], kind: str) -> dict[str, Feature]:
    return {
        key: Feature(tuple(entry["types"]), entry["many"]) for each in inherited for key, entry in each[kind].items()
    }


def _ancestors(name: str, data: Mapping[str, Any]) -> list[str]:
    """The types above one, nearest first."""
    found: list[str] = []
    todo = list(data[name]["extends"])
    while todo:
        above = todo.pop(0)
        if above not in found:
            found.append(above)
            todo += data[above]["extends"]
    return found
