# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""AdminConfig as `was_apply.jy` uses it, on a model of the repository: what a run would do is seen without one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from ._was_document import Element
from ._was_repository import Repository, document_of, feature_for, path_steps, sub_context
from ._was_types import Type, Unknown, is_secret, type_named, types
from ._was_xor import decode

_PAIR = re.compile(r'\[(\w+) "((?:[^"\\]|\\.)*)"\]')

Pairs = Sequence[Sequence[str]] | str


class AdminConfig:
    """The commands that the program uses; texts in and out, in WebSphere's own formats.

    With `lenient`, objects may lack what they need: for a check on hosts where nothing is installed.
    """

    # ruff: noqa: N802 - the names are WebSphere's

    def __init__(self, repository: Repository, *, lenient: bool) -> None:
        self.repository = repository
        self._lenient = lenient
        self._numbers = itertools.count(1)

    # -- ids -----------------------------------------------------------------------------------------------------------
    def config_id(self, element: Element) -> str:
        text = f"{element.name}({element.context}|{element.document.rpartition('/')[2]}#{element.id})"
        return f'"{text}"' if " " in text else text

    def element(self, config_id: str) -> Element:
        context, _bar, rest = config_id.strip('"').rpartition("(")[2].rstrip(")").partition("|")
        document, _hash, number = rest.partition("#")
        for root in self.repository.documents.get(f"{context}/{document}", []):
            for each in root.walk():
                if each.id == number:
                    return each
        raise LookupError(f"{config_id} does not exist")

    # -- reading -------------------------------------------------------------------------------------------------------
    def getid(self, path: str) -> str:
        return "\n".join(map(self.config_id, self.repository.resolve(path)))

    def list(self, type_name: str, scope: str) -> str:
        return "\n".join(map(self.config_id, self.repository.below(self.element(scope), type_name)))

    def showAttribute(self, config_id: str, name: str) -> str:
        element = self.element(config_id)
        type_ = type_named(element.type)
        if name in type_.children:
            ids = [self.config_id(child) for child in element.children.get(name, [])]
            return f"[{' '.join(ids)}]" if type_.children[name].many else "".join(ids)
        if name in element.lists:
            return ";".join(element.lists[name])
        if name in type_.references:
            return self._reference(element, name)
        return decode(element.get(name)) if is_secret(name) else element.get(name)

    def show(self, config_id: str) -> str:
        element = self.element(config_id)
        plain = sorted(name for name, each in type_named(element.type).attributes.items() if not each.many)
        shown = {name: "*****" if is_secret(name) else _shown(element.get(name)) for name in plain}
        return "\n".join(f"[{name} {value}]" for name, value in shown.items())

    def _reference(self, element: Element, name: str) -> str:
        number = element.attributes.get(name, "")
        for root in self.repository.documents[element.document]:
            for each in root.walk():
                if number and each.id == number:
                    return self.config_id(each)
        return number

    # -- changing ------------------------------------------------------------------------------------------------------
    def create(self, type_name: str, parent: str, pairs: Pairs, feature: str | None = None) -> str:
        owner, type_ = self.element(parent), type_named(type_name)
        element = Element(type_name, self._number(type_name), owner.document)
        if feature is not None:
            owner.add(feature, element)
        else:
            named = dict(_parsed(pairs)).get(type_.name, "")
            folder = sub_context(type_, named, owner.context) or owner.context
            element.document = document_of(type_, folder) or owner.document
            self.repository.add_root(element)
        self._set(element, pairs)
        missing = [
            name
            for name, attribute in type_.attributes.items()
            if attribute.required and not attribute.many and not element.get(name)
        ]
        if missing and not self._lenient:
            raise Unknown(f"a new {type_name} needs {', '.join(missing)}")
        return self.config_id(element)

    def modify(self, config_id: str, pairs: Pairs) -> str:
        self._set(self.element(config_id), pairs)
        return ""

    def unsetAttributes(self, config_id: str, names: str) -> str:
        element = self.element(config_id)
        for name in re.findall(r'"(\w+)"', names):
            element.attributes.pop(name, None)
            element.lists.pop(name, None)
        return ""

    def remove(self, config_id: str) -> str:
        self.repository.remove(self.element(config_id))
        return ""

    def _set(self, element: Element, pairs: Pairs) -> None:
        type_ = type_named(element.type)
        for name, value in _parsed(pairs):
            attribute = type_.attributes.get(name)
            if attribute is not None and attribute.many:
                element.lists.setdefault(name, []).extend(value.split(";"))
            elif name in type_.references:
                element.attributes[name] = self.element(value).id
            else:
                element.attributes[name] = value

    def _number(self, type_name: str) -> str:
        return f"{type_name}_new{next(self._numbers)}"

    # -- supposing -----------------------------------------------------------------------------------------------------
    def suppose(self, path: str) -> str:
        """Make up the objects of a path that do not exist; the id of the last. WebSphere has no such command."""
        scope: Element | None = None
        steps = path_steps(path)
        if steps[0][0] != "Cell":
            steps = [("Cell", self.repository.cell), *steps]
        for type_name, name in steps:
            found = [each for each in self.repository.contained(scope) if each.is_a(type_name)] if scope else []
            if scope is None:
                found = self.repository.resolve("/Cell:/")
            named = [each for each in found if not name or each.name == name]
            scope = named[0] if named else self._made_up(type_named(type_name), name, scope)
        if scope is None:
            raise ValueError(f"{path} names no object")
        return self.config_id(scope)

    def _made_up(self, type_: Type, name: str, scope: Element | None) -> Element:
        element = Element(type_.type, self._number(type_.type), "")
        if type_.name:
            element.attributes[type_.name] = name
        context = sub_context(type_, name or "it", scope.context if scope else "")
        if scope is None or context:
            element.document = document_of(type_, context or "") or ""
            self.repository.add_root(element)
        elif document := document_of(type_, scope.context):
            element.document = document
            self.repository.add_root(element)
        else:
            element.document = scope.document
            scope.add(next(iter(feature_for(types()[scope.type], type_.type)), "properties"), element)
        return element


def _shown(value: str) -> str:
    """A value as `show` writes it."""
    if not value:
        return "[]"
    return f'"{value}"' if " " in value else value


def _parsed(pairs: Pairs) -> list[tuple[str, str]]:
    if isinstance(pairs, str):
        return [(name, re.sub(r"\\(.)", r"\1", value)) for name, value in _PAIR.findall(pairs)]
    return [(pair[0], pair[1]) for pair in pairs]
