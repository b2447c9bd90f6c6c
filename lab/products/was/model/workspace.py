"""A client's view of the repository: objects by id, by containment path and by type, and changes to them."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from lab.products.was.model import derived, folders, messages, values
from lab.products.was.model.copying import copy
from lab.products.was.model.document import Document
from lab.products.was.model.element import Element
from lab.products.was.model.removal import forget, removed_with
from lab.products.was.model.store import Store
from lab.products.was.model.types import Feature, fits, info, is_a, subtypes, types

# Inside the class `list` is the method.
Elements = list[Element]

_ID = re.compile(r'"?(?P<name>.*?)\((?P<folder>[^()|]+)\|(?P<document>[^|#]+)#(?P<id>[^#)]+)\)"?', re.DOTALL)


class Workspace(Store):
    """The objects of a `config` folder with the changes that are not saved."""

    def __init__(self, config: Path) -> None:
        super().__init__(config)
        self._last_ids: dict[str, int] = {}

    @property
    def cell(self) -> str:
        """The name of the cell; "" in an empty repository."""
        found = self.paths("cells/*/cell.xml")
        return found[0].split("/")[1] if found else ""

    def add_text(self, path: str, text: str) -> None:
        """A file that is no XMI."""
        self.add_file(path, text.encode("utf-8"))

    # Objects

    def find(self, config_id: str) -> Element:
        """The object of that id; raises `ScriptingError`."""
        found = _ID.fullmatch(config_id.strip())
        if not found:
            raise messages.incomplete_id(config_id, _missing(config_id))
        element = self._located(f"{found['folder']}/{found['document']}", found["id"])
        if element is None:
            raise messages.not_found(config_id)
        return element

    def config_id(self, element: Element) -> str:
        """`name(cells/C|cell.xml#Cell_1)`; in double quotes when the name has a blank."""
        folder, _, document = element.document.path.rpartition("/")
        text = f"{element.name}({folder}|{document}#{element.id})"
        return f'"{text}"' if " " in text else text

    def resolve(self, containment: str) -> Elements:
        """The objects of a containment path such as `/Cell:c/Node:n/Server:s/`; none when a step finds none."""
        steps = [step.partition(":") for step in containment.strip().strip("/").split("/") if step]
        for type_name, _, _ in steps:
            if type_name not in types():
                raise messages.unknown_type(type_name)
        found: Elements = []
        for number, (type_name, _, name) in enumerate(steps):
            if number == 0:
                candidates = self.list(type_name)
            else:
                candidates = [child for each in found for child in self.contained(each, type_name)]
            found = [each for each in candidates if not name or each.name == name]
        return found

    def list(self, type_name: str, scope: Element | None = None) -> Elements:
        """The objects of that type or an heir of it, in all the cell or in `scope`, which is not one of them."""
        if type_name not in types():
            raise messages.unknown_type(type_name)
        folder = folders.owned(scope) if scope else "cells"
        if scope is not None and folder is None:
            return [each for each in scope.walk() if each is not scope and is_a(each.type, type_name)]
        names = {name for each in (type_name, *subtypes(type_name)) for name in info(each).documents}
        found = self._of_documents(path for path in self.paths(f"{folder}/*.xml") if path.rpartition("/")[2] in names)
        return [each for each in found if is_a(each.type, type_name) and each is not scope]

    def templates(self, type_name: str) -> Elements:
        """The templates that objects of that type can be made from."""
        if type_name not in types():
            raise messages.unknown_type(type_name)
        found = [each for each in self._of_documents(self.paths("templates/*.xml")) if is_a(each.type, type_name)]
        # A template of a server is one as a whole: what its documents hold is no template by itself.
        return [each for each in found if each.type == "Server" or "/servers/" not in each.document.path]

    def contained(self, parent: Element, type_name: str) -> Elements:
        """The objects of that type that lie directly in `parent`, in its folder included."""
        found = [each for many in parent.children.values() for each in many if is_a(each.type, type_name)]
        folder = folders.owned(parent)
        if folder is None:
            return found
        kind = folders.kind(parent.document.path)
        paths = [f"{folder}/{name}" for name in folders.root_documents(kind, type_name)]
        for inner, document in folders.inside(kind, type_name):
            paths += self.paths(f"{folder}/{inner}/*/{document}")
        roots = [root for path in paths if self.exists(path) for root in self.document(path).roots]
        return found + [root for root in roots if is_a(root.type, type_name)]

    def referenced(self, element: Element, name: str) -> Sequence[Element]:
        """The objects that a reference of `element` names; ids of nothing are left out."""
        feature = element.info.references.get(name)
        if feature and feature.container and name not in element.attributes:
            around = element.parent
            return [around] if around is not None and fits(around.type, feature) else []
        found = []
        for token in (element.get(name) or "").split():
            path, _, target = token.rpartition("#")
            found.append(self._located(path or element.document.path, target))
        return [each for each in found if each is not None]

    def value(self, element: Element, name: str) -> str | None:
        """The value of a simple attribute or its default, also of one that follows from other documents."""
        attribute = element.info.attributes.get(name)
        return derived.value(self, element, name) if attribute and attribute.derived else element.get(name)

    # Changes

    def create(
        self, type_name: str, parent: Element, attributes: Mapping[str, str], feature: str | None = None
    ) -> Element:
        """A new object in `parent`; `feature` says where, when there is more than one place."""
        if type_name not in types():
            raise messages.unknown_type(type_name)
        if types()[type_name].abstract:
            raise messages.abstract_type(type_name)
        place, document = self.where(type_name, parent, attributes, feature)
        element = Element(type_name, self.new_id(type_name, document), document)
        set_attributes(element, attributes)
        return self._put(element, parent, place)

    def copy(
        self, source: Element, parent: Element, attributes: Mapping[str, str], feature: str | None = None
    ) -> Element:
        """A copy of an object, a template for example, in `parent`, with these attributes set."""
        place, document = self.where(source.type, parent, attributes, feature)
        element = copy(self, source, document)
        set_attributes(element, attributes)
        return self._put(element, parent, place)

    def place(self, type_name: str, parent: Element, feature: str | None = None) -> Feature | None:
        """Where in `parent` an object of that type goes; None: into a document of the parent's folder."""
        places = [each for each in parent.info.children.values() if fits(type_name, each)]
        if feature is not None:
            places = [each for each in places if each.name == feature]
            if not places:
                raise messages.unknown_attributes(parent.type, [feature])
        # What is declared with this very type comes before what takes its heirs too.
        places = [each for each in places if type_name in each.types] or places
        if len(places) > 1:
            raise messages.ambiguous_parent(type_name, parent.type, [each.name for each in places])
        if not places and self._new_path(type_name, parent, "*") is None:
            raise messages.wrong_parent(type_name, parent.type)
        return places[0] if places else None

    def where(
        self, type_name: str, parent: Element, attributes: Mapping[str, str], feature: str | None = None
    ) -> tuple[Feature | None, Document]:
        """The place in `parent` where a new object of that type goes, and its document; no place: a root of it."""
        place = self.place(type_name, parent, feature)
        if place is not None:
            return place, parent.document
        name_attribute = info(type_name).name_attribute or ""
        name = attributes.get(name_attribute, "")
        path = self._new_path(type_name, parent, name)
        if path is None:
            raise messages.wrong_parent(type_name, parent.type)
        if folders.is_owner(type_name) and not name:
            raise messages.missing_attributes(type_name, [name_attribute])
        if folders.is_owner(type_name) and self.exists(path):
            raise messages.already_exists(type_name, name)
        return None, self.document(path) if self.exists(path) else Document(path)

    def modify(self, element: Element, attributes: Mapping[str, str]) -> None:
        """Set simple attributes and references (as `Element.attributes` holds them)."""
        set_attributes(element, attributes)

    def unset(self, element: Element, names: Iterable[str]) -> None:
        """Give attributes back their defaults, empty lists, and take away what is contained in these features."""
        for name in names:
            check_names(element.type, [name])
            element.attributes.pop(name, None)
            element.texts.discard(name)
            for child in [*element.children.get(name, ())]:
                self.remove(child)

    def remove(self, element: Element) -> None:
        """Take away an object with all it contains, its folder, what lists it elsewhere, and references to it."""
        for other in removed_with(self, element):
            self.remove(other)
        folder = folders.owned(element)
        gone = {each.id for each in element.walk()}
        if folder is None:
            element.detach()
            forget(gone, element.document, self.loaded())
        else:
            for path in self.paths(f"{folder}/*"):
                self.delete(path)

    def new_id(self, type_name: str, document: Document) -> str:
        """`<Type>_<epoch milliseconds>`, counted up for further objects of the same type."""
        number = max(time.time_ns() // 1_000_000, self._last_ids.get(type_name, 0) + 1)
        while document.find(f"{type_name}_{number}"):
            number += 1
        self._last_ids[type_name] = number
        return f"{type_name}_{number}"

    def _put(self, element: Element, parent: Element, place: Feature | None) -> Element:
        if place is None:
            element.document.add_root(element)
            if not self.exists(element.document.path):
                self.add(element.document)
            return element
        if not place.many:
            for before in [*parent.children.get(place.name, ())]:
                self.remove(before)
        parent.add(element, place.name)
        return element

    def _new_path(self, type_name: str, parent: Element, name: str) -> str | None:
        folder = folders.owned(parent)
        if folder is None:
            return None
        kind = folders.kind(parent.document.path)
        for inner, document in folders.inside(kind, type_name):
            # Deployments come with their applications, never by themselves.
            return None if "*" in inner else f"{folder}/{inner}/{name}/{document}"
        named = folders.root_documents(kind, type_name)
        return f"{folder}/{named[0]}" if named else None

    def _located(self, path: str, element_id: str) -> Element | None:
        return self.document(path).find(element_id) if self.exists(path) else None

    def _of_documents(self, paths: Iterable[str]) -> Iterator[Element]:
        for path in paths:
            if self.is_xmi(path):
                yield from self.document(path).walk()


def check_names(type_name: str, names: Collection[str]) -> None:
    """Raise `ScriptingError` for attributes and features that the type has not."""
    known = info(type_name)
    unknown = [
        name for name in names if not (name in known.attributes or name in known.references or name in known.children)
    ]
    if unknown:
        raise messages.unknown_attributes(type_name, unknown)


def set_attributes(element: Element, attributes: Mapping[str, str]) -> None:
    """Set attributes and references after checking all of them."""
    check_names(element.type, attributes)
    known = element.info
    ready = {}
    for name, value in attributes.items():
        simple = known.attributes.get(name)
        follows = simple.derived if simple else name in known.references and known.references[name].container
        if follows or name in known.children:
            raise messages.read_only(name)
        ready[name] = values.checked(simple, value) if simple else value
    for name, value in ready.items():
        element.attributes[name] = value
        in_elements = known.attributes[name].many if name in known.attributes else "#" in value
        if in_elements and value:
            element.texts.add(name)
        else:
            element.texts.discard(name)


def _missing(config_id: str) -> str:
    for sign, name in (("(", "opening parenthesis"), (")", "closing parenthesis"), ("|", '"|"'), ("#", '"#"')):
        if sign not in config_id:
            return name
    return "document and id"
