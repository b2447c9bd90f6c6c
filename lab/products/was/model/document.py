"""XMI documents as WAS keeps them: read into trees, written back in the product's form."""

from __future__ import annotations

from collections.abc import Iterator

from lab.products.was.model import xmi
from lab.products.was.model.element import Element


class Document:
    """A document at `path` ('cells/C/cell.xml', below `config/`). As long as nothing in it changed, `text` is what was
    read, byte by byte."""

    def __init__(self, path: str, namespaces: dict[str, str] | None = None) -> None:
        self.path = path
        self.roots: list[Element] = []
        self.namespaces = namespaces or {}
        self._source: str | None = None
        self._as_read = ""

    @classmethod
    def parse(cls, path: str, text: str) -> Document:
        """The document of that text. Raises `ScriptingError` when it is no XMI."""
        document = cls(path)
        xmi.read(document, text)
        document._source, document._as_read = text, xmi.write(document)
        return document

    @property
    def changed(self) -> bool:
        """Whether it is no longer what was read."""
        return self._source is None or xmi.write(self) != self._as_read

    def text(self) -> str:
        """What the file holds."""
        if self._source is None:
            return xmi.write(self)
        written = xmi.write(self)
        return self._source if written == self._as_read else written

    def walk(self) -> Iterator[Element]:
        """Every object, in the document's order."""
        for root in self.roots:
            yield from root.walk()

    def find(self, element_id: str) -> Element | None:
        """The object of that `xmi:id`."""
        return next((each for each in self.walk() if each.id == element_id), None)

    def add_root(self, element: Element) -> None:
        """Put an object at the top level."""
        element.document, element.parent, element.feature = self, None, ""
        self.roots.append(element)
