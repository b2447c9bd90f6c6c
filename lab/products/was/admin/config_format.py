"""Objects and values as AdminConfig prints them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lab.products.was.model.element import Element
from lab.products.was.model.types import Attribute, Feature, TypeInfo, subtypes
from lab.products.was.model.values import is_secret
from lab.products.was.model.workspace import Workspace

_WIDTH = 32
_HIDDEN = "*****"


def features(info: TypeInfo) -> list[str]:
    """All attributes of a type, contained objects and references included, sorted as the product does."""
    return sorted({**info.attributes, **info.children, **info.references})


def described(info: TypeInfo, name: str) -> str:
    """An attribute's type: `String`, `ENUM(A, B)`, `Property*` (a list), `ThreadPool@` (a reference)."""
    if name in info.attributes:
        return _simple(info.attributes[name])
    if name in info.children:
        feature, mark = info.children[name], ""
    else:
        feature, mark = info.references[name], "@"
    return f"{_object(feature)}{mark}{'*' if feature.many else ''}"


def table(rows: Iterable[Sequence[str]]) -> list[str]:
    """Columns of 32 characters, the last one as it is."""
    return ["".join([*(cell.ljust(_WIDTH) for cell in row[:-1]), row[-1]]).rstrip() for row in rows]


def shown(workspace: Workspace, element: Element, name: str) -> str | None:
    """What `showAttribute` gives; None for an attribute that has no value, `[]` for an empty list."""
    info = element.info
    if name in info.children:
        return _ids(workspace, element.children.get(name, ()), many=info.children[name].many)
    if name in info.references:
        return _ids(workspace, workspace.referenced(element, name), many=info.references[name].many)
    value = workspace.value(element, name)
    if not value and name in info.attributes and info.attributes[name].many:
        return "[]"
    return _HIDDEN if value and is_secret(name) else value


def line(name: str, value: str) -> str:
    """`[name value]`; a value with blanks in double quotes, an empty one as `[]`."""
    if not value:
        return f"[{name} []]"
    plain = not any(sign.isspace() for sign in value) or value.startswith(("[", '"'))
    return f"[{name} {value}]" if plain else f'[{name} "{value}"]'


def nested(workspace: Workspace, element: Element, newline: str, names: Iterable[str] | None = None) -> str:
    """What `showall` gives: the lines of an object, contained objects in the place of their ids."""
    lines = []
    for name in sorted(names) if names is not None else features(element.info):
        children = element.children.get(name)
        if children:
            inner = [f"[{nested(workspace, child, newline)}]" for child in children]
            many = element.info.children[name].many if name in element.info.children else len(inner) > 1
            lines.append(f"[{name} [{newline.join(inner)}]]" if many else f"[{name} {inner[0]}]")
            continue
        value = shown(workspace, element, name)
        if value is not None:
            lines.append(line(name, value))
    return newline.join(lines)


def _ids(workspace: Workspace, elements: Sequence[Element], *, many: bool) -> str | None:
    ids = [workspace.config_id(each) for each in elements]
    if many:
        return f"[{' '.join(ids)}]"
    return ids[0] if ids else None


def _simple(attribute: Attribute) -> str:
    kind = f"ENUM({', '.join(attribute.values)})" if attribute.type == "ENUM" else attribute.type
    return f"{kind}*" if attribute.many else kind


def _object(feature: Feature) -> str:
    declared = "/".join(feature.types)
    heirs = sorted({each for name in feature.types for each in subtypes(name)} - set(feature.types))
    return f"{declared}({', '.join(heirs)})" if heirs else declared
