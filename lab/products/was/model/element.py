"""One configuration object in the tree of its document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab.products.was.model.types import TypeInfo, info

if TYPE_CHECKING:
    from lab.products.was.model.document import Document


@dataclass(eq=False)
class Element:
    """An object. `attributes` holds simple attributes (lists joined by `;`) and references (ids, or `<path>#<id>` for
    an object of another document, separated by blanks); what is not in it has the model's default. `children` holds
    the contained objects by feature. `prefix` is the package that the document writes before the type, if any; `texts`
    the attributes that stand there as elements."""

    type: str
    id: str
    document: Document = field(repr=False)
    parent: Element | None = field(default=None, repr=False)
    feature: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: dict[str, list[Element]] = field(default_factory=dict)
    prefix: str = ""
    texts: set[str] = field(default_factory=set, repr=False)

    @property
    def info(self) -> TypeInfo:
        """Its type."""
        return info(self.type)

    @property
    def name(self) -> str:
        """What it is called by in ids and containment paths; "" for types without a name."""
        if self.type == "Deployment":
            return self.document.path.rsplit("/", 2)[-2]
        attribute = self.info.name_attribute
        return self.attributes.get(attribute, "") if attribute else ""

    def get(self, name: str) -> str | None:
        """An attribute's value or its default; None when it has neither."""
        if name in self.attributes:
            return self.attributes[name]
        attribute = self.info.attributes.get(name)
        return attribute.default if attribute else None

    def walk(self) -> Iterator[Element]:
        """Itself and all it contains, in the document's order."""
        yield self
        for children in self.children.values():
            for child in children:
                yield from child.walk()

    def add(self, child: Element, feature: str) -> None:
        """Contain `child`; a feature that was empty takes its place in the model's order."""
        child.parent, child.feature, child.document = self, feature, self.document
        if feature not in self.children:
            order = list(self.info.children)
            rank = {name: order.index(name) if name in order else len(order) for name in [*self.children, feature]}
            names = list(self.children)
            place = next((at for at, name in enumerate(names) if rank[name] > rank[feature]), len(names))
            names.insert(place, feature)
            self.children = {name: self.children.get(name, []) for name in names}
        self.children[feature].append(child)

    def detach(self) -> None:
        """Take it out of what contains it."""
        if self.parent is None:
            self.document.roots.remove(self)
            return
        siblings = self.parent.children[self.feature]
        siblings.remove(self)
        if not siblings:
            del self.parent.children[self.feature]
        self.parent = None
