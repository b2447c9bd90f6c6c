"""Documents as outlines: one line an object, indented by two blanks below the object that contains it.

    # a comment
    Server name=@{name}
      services AdminService enable=true preferredConnector=soap
        connectors SOAPConnector &soap enable=true
      include orb

A line has the feature of the containing object (an object at the top has none), the type where it is not the one that
the feature is declared with or where documents of the product say it all the same, a label when something refers to
the object, and attributes. Values are quoted like those of a shell, `\\` at the end continues a line, `@{name}` stands
for a value that is given. Items of a list are joined by `;`, references are labels joined by `,`. Ids are given out,
unless `xmi:id` says one that the product has built in. `include` puts an outline of `parts/` there. The metamodel
decides what is right; prefixes, name spaces and defaults are its business.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lab.products.was.documents.forms import Form
from lab.products.was.model.document import Document
from lab.products.was.model.element import Element
from lab.products.was.model.types import Attribute, fits, info, types

HOME = Path(__file__).parent / "outlines"

_INDENT = 2
_LINE = re.compile(r"(?P<head>\w+)(?: (?P<type>\w+))?(?: &(?P<label>\w+))?(?P<rest>(?: [\w:]+=.*)?)")
_INCLUDE = re.compile(r"include (\w+)")
_PAIR = re.compile(r""" ([\w:]+)=("[^"]*"|'[^']*'|[^\s"']*)(?=$| )""")


class OutlineError(Exception):
    """An outline that the metamodel, or the notation, does not allow; says the file and the line."""


@dataclass(frozen=True)
class _Line:
    where: str
    depth: int
    head: str
    type: str
    label: str
    pairs: tuple[tuple[str, str], ...]

    def error(self, text: str) -> OutlineError:
        return OutlineError(f"{self.where}: {text}")


def text(name: str, /, **values: str) -> str:
    """The text of the document that outline `name` ('cell/security') describes."""
    return document(name, **values).text()


def document(name: str, path: str = "", home: Path = HOME, /, **values: str) -> Document:
    """The document, for `path` of the repository; `values` fill the gaps. Raises `OutlineError`."""
    made = Document(path)
    around: list[Element] = []
    labels: dict[str, Element] = {}
    references: list[tuple[_Line, Element, str, str]] = []
    for line in _lines(home, name):
        del around[line.depth :]
        element = _object(line, around[-1] if around else None, made)
        around.append(element)
        if line.label and labels.setdefault(line.label, element) is not element:
            raise line.error(f"label {line.label} is given twice")
        for key, value in _filled(line, values):
            if key in element.info.references:
                references.append((line, element, key, value))
            else:
                _set(line, element, key, value)
    number(made)
    for line, element, key, value in references:
        element.attributes[key] = _ids(line, element, key, value, labels)
    return made


def number(made: Document) -> None:
    """Give every object without an id one: its type and a number."""
    taken, counts = {each.id for each in made.walk()}, Counter[str]()
    for element in made.walk():
        while not element.id:
            counts[element.type] += 1
            fresh = f"{element.type}_{counts[element.type]}"
            element.id = "" if fresh in taken else fresh


def add(parent: Element, feature: str, type_name: str, attributes: Mapping[str, str]) -> Element:
    """Contain a new object that has no id yet."""
    element = Element(type_name, "", parent.document, attributes=dict(attributes))
    if parent.info.children[feature].types != (type_name,):
        element.prefix = element.info.prefix or ""
    parent.add(element, feature)
    return element


@functools.cache
def _lines(home: Path, name: str) -> tuple[_Line, ...]:
    found: list[_Line] = []
    deepest = 0
    for where, raw in _written(home, name):
        content = raw.strip()
        depth, odd = divmod(len(raw) - len(raw.lstrip(" ")), _INDENT)
        if odd or depth > deepest or raw[depth * _INDENT].isspace():
            raise OutlineError(f"{where}: the indentation fits no object above")
        if part := _INCLUDE.fullmatch(content):
            found += (replace(each, depth=each.depth + depth) for each in _lines(home, f"parts/{part[1]}"))
            # A part may have several objects: nothing can be contained in "it".
            deepest = depth
        else:
            found.append(_parsed(where, depth, content))
            deepest = depth + 1
    return tuple(found)


def _written(home: Path, name: str) -> Iterator[tuple[str, str]]:
    """(place, text) of each line that says something, continued ones as one."""
    begun = ""
    for at, raw in enumerate((home / f"{name}.outline").read_text("utf-8").splitlines(), 1):
        whole = f"{begun}{raw.lstrip() if begun else raw}"
        begun = whole.removesuffix("\\") if whole.endswith(" \\") else ""
        if not begun and whole.strip() and not whole.lstrip().startswith("#"):
            yield f"{name}.outline:{at}", whole
    if begun:
        raise OutlineError(f"{name}.outline: the last line is continued by nothing")


def _parsed(where: str, depth: int, content: str) -> _Line:
    read = _LINE.fullmatch(content)
    pairs = _PAIR.findall(read["rest"]) if read else []
    if read is None or "".join(f" {key}={value}" for key, value in pairs) != read["rest"]:
        raise OutlineError(f"{where}: this is no `feature Type &label attribute=value ...`")
    bare = tuple((key, value[1:-1] if value[:1] in ("'", '"') else value) for key, value in pairs)
    return _Line(where, depth, read["head"], read["type"] or "", read["label"] or "", bare)


def _object(line: _Line, parent: Element | None, made: Document) -> Element:
    if parent is None:
        _check_type(line, line.head)
        root = Element(line.head, "", made)
        made.add_root(root)
        return root
    feature = parent.info.children.get(line.head)
    if feature is None:
        raise line.error(f"a {parent.type} contains no {line.head}")
    type_name = line.type or feature.types[0]
    _check_type(line, type_name)
    if not line.type and len(feature.types) > 1:
        raise line.error(f"{line.head} can be of several types: say which")
    if not fits(type_name, feature):
        raise line.error(f"{line.head} of a {parent.type} is no {type_name}")
    if line.head in parent.children and not feature.many:
        raise line.error(f"a {parent.type} has only one {line.head}")
    element = add(parent, line.head, type_name, {})
    if line.type:
        element.prefix = element.info.prefix or ""
    return element


def _check_type(line: _Line, name: str) -> None:
    if name not in types() or info(name).abstract:
        raise line.error(f"there are no objects of type {name}")


def _filled(line: _Line, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, value in line.pairs:
        try:
            yield key, Form(value).substitute(values)
        except KeyError as error:
            raise line.error(f"nothing is given for @{{{error.args[0]}}}") from error


def _set(line: _Line, element: Element, key: str, value: str) -> None:
    if key == "xmi:id":
        element.id = value
        return
    attribute = element.info.attributes.get(key)
    if attribute is None or attribute.derived:
        raise line.error(f"a {element.type} has no attribute {key}")
    if not _allowed(attribute, value):
        raise line.error(f"{value} is no value for {key}, which is {attribute.type}")
    if value == attribute.default:
        return
    element.attributes[key] = value
    if attribute.many:
        # Lists stand in a document as elements.
        element.texts.add(key)


def _allowed(attribute: Attribute, value: str) -> bool:
    match attribute.type:
        case "boolean":
            return value in ("true", "false")
        case "int" | "long":
            return re.fullmatch(r"-?\d+", value) is not None
        case "ENUM":
            return not attribute.values or value in attribute.values
    return True


def _ids(line: _Line, element: Element, key: str, value: str, labels: Mapping[str, Element]) -> str:
    named = value.split(",")
    if len(named) > 1 and not element.info.references[key].many:
        raise line.error(f"{key} refers to one object only")
    for each in named:
        if each not in labels:
            raise line.error(f"nothing has the label {each}")
        if not fits(labels[each].type, element.info.references[key]):
            raise line.error(f"{key} of a {element.type} refers to no {labels[each].type}")
    return " ".join(labels[each].id for each in named)
