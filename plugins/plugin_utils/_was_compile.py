# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Checks what is wanted against WebSphere's types, and puts it into the form that `was_apply.jy` takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._was_items import IDENTITY, SECRETS, STATE, TYPE, Command, Item, Object, Test
from ._was_repository import MAIN, BadPath, feature_for, path_steps
from ._was_types import Feature, Type, Unknown, fitting, is_secret, nearest, text_value, type_named, types

Wish = dict[str, Any]

# What tells objects of a type from each other where that is not their name.
KEYS = {
    "ClusterMember": ("nodeName", "memberName"),
    "CoreGroupServer": ("nodeName", "serverName"),
    "HostAlias": ("hostname", "port"),
    "JAASAuthData": ("alias",),
    "NamedEndPoint": ("endPointName",),
    "NodeGroupMember": ("nodeName",),
    "VariableSubstitutionEntry": ("symbolicName",),
}
# These have servers, processes and files behind them; AdminConfig alone would make half of them.
NOT_CREATED = ("Cell", "Node", "Server")


def wishes(items: list[Item], cell: str) -> list[Wish]:
    """The lines of a request. Raises with the option and the nearest known name where WebSphere has no such thing."""
    return [_line(item, cell) for item in items if isinstance(item, Object | Command | Test)]


def full_path(path: str, cell: str) -> str:
    """A containment path from the cell on."""
    steps = path_steps(path)
    if steps[0][0] == "Cell":
        if steps[0][1] not in ("", cell):
            raise Unknown(f"{path!r} lies in the cell {steps[0][1]}, but this profile's cell is {cell}")
        steps = steps[1:]
    elif steps[0][0] == "Server":
        raise Unknown(f"{path!r} leaves out the server's node; write it as /Node:stgpn1Node{path}")
    return f"/Cell:{cell}/" + "".join(f"{type_name}:{name}/" for type_name, name in steps)


def _line(item: Object | Command | Test, cell: str) -> Wish:
    try:
        if isinstance(item, Test):
            path = full_path(item.path, cell)
            return {"kind": "test", "where": item.where, "path": path, "failed": item.failed}
        if isinstance(item, Command):
            child = None
            if item.child:
                child = _Compiler(cell, item.child).wish()
            return {
                "kind": "command", "where": item.where, "path": full_path(item.path, cell), "child": child,
                "when": int(item.when), "name": item.name, "target": item.target, "arguments": f"[{item.arguments}]",
                "verb": item.name, "label": item.label, "files": [[name, text] for name, text in item.files.items()],
            }  # fmt: skip
        wish = _Compiler(cell, item).wish()
        return {"kind": "object", "where": item.where, "parent": full_path(item.parent, cell), "object": wish}
    except (Unknown, BadPath) as error:
        raise AnsibleActionFail(f"{item.where}: {error}".lstrip(": ")) from None


class _Compiler:
    """One object, with all that it contains."""

    def __init__(self, cell: str, item: Object) -> None:
        self._cell = cell
        self._item = item
        self._where = item.where

    def wish(self) -> Wish:
        item = self._item
        type_ = type_named(item.type)
        owner = type_named(path_steps(item.parent)[-1][0])
        if item.type in NOT_CREATED and item.state == "present":
            raise Unknown(
                f"state: an object of type {item.type} is not made by itself; say existing, or use application_server,"
                " cluster or sip_proxy, which make servers"
            )
        feature = item.feature if item.feature is not None else self._feature(owner, type_)
        attributes = {**item.identity, **item.attributes, SECRETS: item.secrets}
        keys = tuple(item.identity)
        return self._wish(type_, owner, feature, attributes, keys=keys, state=item.state, where=self._where)

    @staticmethod
    def _feature(owner: Type, type_: Type) -> str:
        """The attribute of the container; empty for the root of a document."""
        features = feature_for(owner, type_.type)
        if len(features) > 1 and not type_.documents:
            raise Unknown(f"{owner.type} holds {type_.type} in several attributes; say which by feature: {features}")
        if features:
            return features[0]
        if type_.documents and owner.type in _FOLDER_TYPES:
            return ""
        holders = sorted(each.type for each in types().values() if not each.abstract and feature_for(each, type_.type))
        raise Unknown(f"{owner.type} holds no {type_.type}; it belongs to {', '.join(holders[:8]) or 'a document'}")

    def _wish(
        self, type_: Type, owner: Type, feature: str, given: Mapping[str, Any],
        *, keys: tuple[str, ...], state: str, where: str,
    ) -> Wish:  # fmt: skip
        mixed = False
        if feature:
            if feature not in owner.children:
                raise Unknown(f"feature: {owner.type} has no contained {feature!r}{nearest(feature, owner.children)}")
            fit = fitting(owner.children[feature])
            if type_.type not in fit:
                raise Unknown(f"{owner.type}.{feature} holds no {type_.type}, but {', '.join(fit)}")
            # Objects of the declared type are told apart by their identity, even where others are allowed.
            mixed = len(fit) > 1 and type_.type not in owner.children[feature].types
        identity: list[list[str]] = []
        values: list[list[Any]] = []
        children: list[Wish] = []
        exact = [name for name in given if self._item.exact and name in type_.children and type_.children[name].many]
        for name, value in given.items():
            if name in (TYPE, STATE, IDENTITY):
                continue
            if name == SECRETS:
                values += [[key, "secret", self._plain(type_, key, entry, where)] for key, entry in value.items()]
            elif name in type_.children:
                children += self._children(type_, name, value, f"{where}.{name}")
            elif name in keys:
                identity.append([name, self._plain(type_, name, value, where)])
            elif name in type_.references:
                values.append([name, "reference", self._reference(type_, name, value)])
            else:
                if is_secret(name):
                    raise Unknown(f"{name}: give passwords in secrets, where they are never shown")
                values.append(self._value(type_, name, value, where))
        return {
            "type": type_.type, "feature": feature, "mixed": int(mixed), "folder": int(type_.type in _FOLDER_TYPES),
            "identity": identity, "state": state,
            "values": values, "children": children, "exact": exact,
        }  # fmt: skip

    def _value(self, type_: Type, name: str, value: Any, where: str) -> list[Any]:
        if value is None:
            self._known(type_, name)
            return [name, "unset", ""]
        if self._known(type_, name) and type_.attributes[name].many:
            return [name, "list", [str(each) for each in (value if isinstance(value, list) else [value])]]
        return [name, "text", self._plain(type_, name, value, where)]

    def _plain(self, type_: Type, name: str, value: Any, where: str) -> str:
        self._known(type_, name)
        try:
            return text_value(type_.type, name, type_.attributes[name], value)
        except Unknown as error:
            raise Unknown(f"{where.removeprefix(self._where).lstrip('.') or name}: {error}") from None

    @staticmethod
    def _known(type_: Type, name: str) -> bool:
        if name not in type_.attributes:
            raise Unknown(f"{type_.type} has no attribute {name!r}{nearest(name, type_.known())}")
        return True

    def _reference(self, type_: Type, name: str, value: Any) -> str:
        if type_.references[name].many or not isinstance(value, str):
            raise Unknown(f"{type_.type}.{name} refers to other objects; only one containment path can be given")
        return full_path(value, self._cell)

    # -- contained objects ---------------------------------------------------------------------------------------------
    def _children(self, owner: Type, name: str, value: Any, where: str) -> Iterator[Wish]:
        feature = owner.children[name]
        if value is None:
            value = [] if feature.many else {STATE: "absent"}
        if feature.many != isinstance(value, list):
            wanted = "a list of mappings" if feature.many else "one mapping"
            raise Unknown(f"{owner.type}.{name} is {wanted}, not {value!r}")
        for number, entry in enumerate(value if feature.many else [value]):
            place = f"{where}[{number}]" if feature.many else where
            if not isinstance(entry, Mapping):
                raise Unknown(f"{owner.type}.{name} holds objects; {entry!r} is no mapping of attributes")
            yield self._child(owner, name, feature, entry, place)

    def _child(self, owner: Type, name: str, feature: Feature, entry: Mapping[str, Any], where: str) -> Wish:
        fit = fitting(feature)
        if TYPE in entry:
            type_ = type_named(entry[TYPE])
        elif len(fit) == 1 or feature.types[0] in fit:
            type_ = type_named(fit[0] if len(fit) == 1 else feature.types[0])
        else:
            raise Unknown(f"{owner.type}.{name} holds several types; say which by {TYPE}: {', '.join(fit)}")
        keys: tuple[str, ...] = ()
        if feature.many:
            named = (type_.name,) if type_.name and type_.name in entry else ()
            plain = tuple(each for each in entry if each in type_.attributes)
            keys = tuple(entry[IDENTITY]) if IDENTITY in entry else KEYS.get(type_.type) or named or plain
        return self._wish(type_, owner, name, entry, keys=keys, state=entry.get(STATE, "present"), where=where)


_FOLDER_TYPES = {
    each.type for each in types().values() for folder, name in each.documents.items() if MAIN.get(folder) == name
}
